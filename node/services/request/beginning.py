"""Before a request: what others list near a mentee's occupation, and exactly what asking one of them would say."""

from dataclasses import dataclass

from node.domain.actor import Action, Actor
from node.domain.consent import Purpose
from node.domain.counts import Estimate, minor_group
from node.domain.listing import Availability, Lead, leads
from node.domain.person import OccupationCode, PersonId
from node.domain.request import Need, proving
from node.services.ports import Clock, OpenWork
from node.services.remember import remember_read
from node.services.request.opening import MOST_OPEN, USUAL_HOURS, LanguageNeededError, need_of
from protocol.ids import NodeId, ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleView:
    """A program that could be asked: its listings near her occupation, and about how many mentors of the group it has.

    `estimate` is None where it publishes no counts; `asked` is the open request of hers to it.
    """

    program: Availability
    leads: tuple[Lead, ...]
    estimate: Estimate | None
    asked: ThreadId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningView:
    """A mentee and who could be asked for her; `need` is exactly what would be said, None where she has no language.

    `agreed`: she said yes to being asked for elsewhere. `full`: as many programs are asked as may be at once.
    """

    mentee: PersonId
    name: str
    occupation: OccupationCode
    need: Need | None
    agreed: bool
    full: bool
    posted: bool
    programs: tuple[PossibleView, ...]

    def program(self, node: NodeId) -> PossibleView | None:
        """One of the programs."""
        return next((one for one in self.programs if one.program.program == node), None)


@dataclass(frozen=True, slots=True)
class ShowOpening:
    """Search what others published; the search itself never leaves this program. Whose it is remembers the look."""

    work: OpenWork
    clock: Clock
    time_zone: str

    def __call__(self, actor: Actor, mentee: PersonId, hours: int = USUAL_HOURS) -> OpeningView:
        """Programs, the nearest listings first. Raises: UnknownPersonError, NotAMenteeError, NotJoinedError."""
        actor.may(Action.READ_PEOPLE)
        now = self.clock.now()
        with self.work() as work:
            person = work.people.get(mentee).as_mentee()
            programs = work.border.availability(now)
            going = [one for one in work.requests.of(mentee) if one.stage.is_before_introduction]
            asked = {one.peer: one.id for one in going}
            grants = work.consents.of(mentee)
            posted = any(card.ended_at is None for card in work.postings.of(mentee))
            remember_read(work, actor, (mentee,), now)
        try:
            need = need_of(person.profile, hours, self.time_zone)
        except LanguageNeededError:
            need = None
        found = leads(person.profile, programs)
        group = minor_group(person.profile.occupation)
        views = [
            PossibleView(
                program=program,
                leads=tuple(lead for lead in found if lead.program == program.program),
                estimate=next((one for one in program.counts if one.group == group), None),
                asked=asked.get(program.program),
            )
            for program in programs
        ]
        return OpeningView(
            mentee=mentee,
            name=person.contact.name,
            occupation=person.profile.occupation,
            need=need,
            agreed=any(proving(grants, Purpose.OUTSIDE, program.program, "", now) for program in programs),
            full=len(going) >= MOST_OPEN,
            posted=posted,
            programs=tuple(sorted(views, key=_order)),
        )


def _order(view: PossibleView) -> tuple[bool, int, int, str]:
    """Listings first, the nearest before others; then by how many there may be."""
    nearest = min((int(lead.nearness) for lead in view.leads), default=0)
    return not view.leads, nearest, -(view.estimate.number if view.estimate else 0), view.program.name
