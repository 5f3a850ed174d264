"""Looking for a mentor among other programs, and asking one of them."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.actor import Action, Actor
from node.domain.audit import Act
from node.domain.consent import ANY_MEMBER, USUAL_TERM, Given, Grant, GrantId, Purpose, standard_wording
from node.domain.errors import DomainError
from node.domain.listing import Availability, Lead, leads
from node.domain.person import PersonId, Profile
from node.domain.request import End, Need, Request, Stage, require
from node.services.ports import Clock, Ids, OpenWork, UnitOfWork
from node.services.remember import remember
from node.services.request.budget import is_spent
from node.services.request.views import RequestView, request_view
from protocol.ids import NodeId

MOST_OPEN = 5
"""Programs that may be asked for one mentee at the same time."""
MOST_LANGUAGES = 8
MOST_TOPICS = 12
USUAL_HOURS = 4


class TooManyRequestsError(DomainError):
    """Enough programs are being asked for this mentee."""

    code = "too-many-requests"


class AskedEnoughError(DomainError):
    """This program was asked for this occupation as often as it listens in a quarter."""

    code = "asked-enough"


class LanguageNeededError(DomainError):
    """Somebody without a language cannot be asked for."""

    code = "language-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """What was found for a mentee; `unknown` are programs whose availability is out of date or was never read."""

    mentee: PersonId
    leads: tuple[Lead, ...]
    unknown: tuple[Availability, ...]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Search what other programs published; the search itself never leaves this program."""

    reading: OpenWork
    clock: Clock

    def __call__(self, actor: Actor, mentee: PersonId) -> SearchView:
        """Leads, the nearest first. Raises: UnknownPersonError, NotAMenteeError, NotJoinedError."""
        actor.may(Action.READ_PEOPLE)
        with self.reading() as work:
            person = work.people.get(mentee).as_mentee()
            programs = work.border.availability(self.clock.now())
        return SearchView(
            mentee=mentee,
            leads=leads(person.profile, programs),
            unknown=tuple(program for program in programs if not program.known),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How and when somebody said yes."""

    given: Given
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Ask one program, with the mentee's recorded yes to asking outside."""

    work: OpenWork
    clock: Clock
    ids: Ids
    time_zone: str

    def __call__(
        self, actor: Actor, mentee: PersonId, to: NodeId, hours: int = USUAL_HOURS, *, said: Said | None = None
    ) -> RequestView:
        """The new request; `said`: how and when she said yes to being asked for elsewhere, to be written down with it.

        Raises: UnknownPersonError, NotAMenteeError, LanguageNeededError, ConsentMissingError, TooManyRequestsError,
        AskedEnoughError, and the border's refusals.
        """
        actor.may(Action.ASK_OUTSIDE)
        now = self.clock.now()
        with self.work() as work:
            person = work.people.get(mentee).as_mentee()
            if said is not None:
                self._agreed(work, actor, mentee, said, now)
            require(work.consents.of(mentee), Purpose.OUTSIDE, to, "", now)
            if sum(request.stage.is_before_introduction for request in work.requests.of(mentee)) >= MOST_OPEN:
                raise TooManyRequestsError(person=mentee)
            need = need_of(person.profile, hours, self.time_zone)
            if is_spent(work, to, need.occupation, now, End.HOME):
                raise AskedEnoughError(program=to, occupation=need.occupation)
            request = Request(
                id=work.border.open(to, need, now),
                peer=to,
                end=End.HOME,
                stage=Stage.ASKED,
                need=need,
                opened_at=now,
                person=mentee,
            )
            work.requests.add(request)
            remember(work, actor, Act.REQUEST_OPENED, request.id, now)
            return request_view(work, request, now)

    def _agreed(self, work: UnitOfWork, actor: Actor, mentee: PersonId, said: Said, now: datetime) -> None:
        grant = Grant(
            id=GrantId(self.ids.new()),
            person=mentee,
            purpose=Purpose.OUTSIDE,
            recipient=ANY_MEMBER,
            wording=standard_wording(Purpose.OUTSIDE),
            given=said.given,
            granted_at=min(said.at, now),
            expires_at=now + USUAL_TERM,
            recorded_by=actor.id,
        )
        work.consents.add(grant)
        remember(work, actor, Act.CONSENT_ADDED, grant.id, now)


def need_of(profile: Profile, hours: int, time_zone: str) -> Need:
    """What may be told of a mentee before anything is agreed. Raises: LanguageNeededError."""
    spoken = tuple(sorted(profile.languages, key=lambda language: (-language.level, language.code)))
    if not spoken:
        raise LanguageNeededError
    return Need(
        occupation=profile.occupation,
        languages=spoken[:MOST_LANGUAGES],
        topics=profile.topics[:MOST_TOPICS],
        mode=profile.mode,
        hours=hours,
        time_zone=profile.time_zone or time_zone,
    )
