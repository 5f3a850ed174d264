"""A mentee beside her suggestions, and two mentors beside each other for her: what a coordinator decides with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from node.domain.actor import Action, Actor
from node.domain.community import CommunityId
from node.domain.language import Spoken
from node.domain.matching.finding import Aspect
from node.domain.person import OccupationCode, Person, PersonId, PersonState, Wish
from node.services.matching.bench import Benches, situation
from node.services.matching.suggesting import suggestions
from node.services.matching.views import SuggestionsView, SuggestionView, suggestion_view
from node.services.people import places
from node.services.ports import OpenWork, UnitOfWork
from node.services.ports.occupations import Occupations
from node.services.remember import remember_read
from protocol.vocabulary import Mode, Topic

BEST = 10
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsView:
    """What speaks of a person in matching; how to reach her is not among it."""

    id: PersonId
    name: str
    state: PersonState
    occupation: OccupationCode
    title_en: str
    title_fr: str
    specialisation: str
    community: str
    languages: tuple[Spoken, ...]
    mode: Mode
    topics: tuple[Topic, ...]
    slots: tuple[str, ...]
    availability: str
    time_zone: str
    years_experience: int | None
    arrived_on: date | None
    waiting_since: date | None
    wishes: tuple[Wish, ...]
    seats: int
    notes: str


def facts_view(person: Person, towns: Mapping[CommunityId, str], occupations: Occupations) -> FactsView:
    """The facts of a person."""
    contact, profile = person.contact, person.profile
    occupation = occupations.get(profile.occupation)
    return FactsView(
        id=person.id,
        name=contact.name,
        state=person.state,
        occupation=occupation.code,
        title_en=occupation.title_en,
        title_fr=occupation.title_fr,
        specialisation=contact.specialisation,
        community=towns[profile.community],
        languages=profile.languages,
        mode=profile.mode,
        topics=profile.topics,
        slots=profile.slots,
        availability=contact.availability,
        time_zone=profile.time_zone,
        years_experience=profile.years_experience,
        arrived_on=profile.arrived_on,
        waiting_since=profile.waiting_since,
        wishes=profile.wishes,
        seats=profile.seats,
        notes=contact.notes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BondView:
    """A mentor about whom was decided for this mentee: wanted, or kept apart."""

    mentor: PersonId
    name: str
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A mentee, her suggestions, what was decided about single mentors, and the one she meets already."""

    at: datetime
    mentee: FactsView
    weeks: int
    found: SuggestionsView
    bonds: tuple[BondView, ...]
    meets: bool


@dataclass(frozen=True, slots=True)
class ShowCase:
    """A mentee beside the best ten mentors; that somebody read of her and of them is remembered."""

    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, mentee: PersonId) -> CaseView:
        """The case. Raises: UnknownPersonError, NotAMenteeError, and the refusals of the rules."""
        actor.may(Action.REVIEW)
        now = self.benches.clock.now()
        with self.work() as work:
            person = work.people.get(mentee).as_mentee()
            found, bonds = suggestions(work, self.benches, person, BEST), tuple(_bonds(work, mentee))
            remember_read(work, actor, (mentee, *found.mentors(), *(bond.mentor for bond in bonds)), now)
            since = person.profile.waiting_since or person.added_at.date()
            return CaseView(
                at=now,
                mentee=facts_view(person, places(work), self.benches.occupations),
                weeks=max(0, (now.date() - since).days // _WEEK),
                found=found,
                bonds=bonds,
                meets=any(one.active for one in work.mentorships.meetings([mentee])),
            )


def _bonds(work: UnitOfWork, mentee: PersonId) -> Iterator[BondView]:
    pinned = {mentor for one, mentor in work.pins.all() if one == mentee}
    decided = sorted(pinned | work.exclusions.of(mentee))
    names = work.desk.names(decided) if decided else {}
    for mentor in decided:
        yield BondView(mentor=mentor, name=names[mentor], pinned=mentor in pinned)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One of two mentors: who she is, and how she suits the mentee."""

    facts: FactsView
    suggestion: SuggestionView


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """A criterion in which one of the two comes closer: the place of that one, 0 or 1, and by how many points."""

    criterion: Aspect
    closer: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedView:
    """Two mentors side by side for one mentee; `gaps` say where they differ, the widest first, `alike` where not."""

    at: datetime
    mentee: FactsView
    sides: tuple[SideView, SideView]
    gaps: tuple[GapView, ...]
    alike: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class CompareMentors:
    """Two mentors side by side for one mentee; that somebody read of the three is remembered."""

    work: OpenWork
    benches: Benches

    def __call__(self, actor: Actor, mentee: PersonId, one: PersonId, other: PersonId) -> PairedView:
        """Both. Raises: UnknownPersonError, NotAMenteeError, NotAMentorError, and the refusals of the rules."""
        actor.may(Action.REVIEW)
        now = self.benches.clock.now()
        with self.work() as work:
            person = work.people.get(mentee).as_mentee()
            towns = places(work)
            standing = situation(work, self.benches.of(work), person.as_candidate(), self.benches.clock)
            pinned = {mentor for pair, mentor in work.pins.all() if pair == mentee}

            def side(mentor: PersonId) -> SideView:
                found = work.people.get(mentor).as_mentor()
                return SideView(
                    facts=facts_view(found, towns, self.benches.occupations),
                    suggestion=suggestion_view(
                        standing, person, found, self.benches.occupations, pinned=mentor in pinned
                    ),
                )

            sides = side(one), side(other)
            remember_read(work, actor, (mentee, one, other), now)
            facts = facts_view(person, towns, self.benches.occupations)
        gaps, alike = [], []
        for ours, theirs in zip(sides[0].suggestion.parts, sides[1].suggestion.parts, strict=True):
            gap = ours.points - theirs.points
            if gap:
                gaps.append(GapView(criterion=ours.criterion, closer=int(gap < 0), points=abs(gap)))
            else:
                alike.append(ours.criterion)
        gaps.sort(key=lambda found: -found.points)
        return PairedView(at=now, mentee=facts, sides=sides, gaps=tuple(gaps), alike=tuple(alike))
