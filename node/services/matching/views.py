"""What people read of a pair: the score with its parts, reasons, obstacles, and the notes of the coordinator."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from node.domain.matching.finding import Aspect, Detail, Obstacle, Reason
from node.domain.matching.scale import Part
from node.domain.person import OccupationCode, Person, PersonId, Wish
from node.services.matching.bench import Situation
from node.services.ports.occupations import Occupations


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """A reason, with the parameters of its sentence."""

    code: Reason
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """What one criterion gives, of the most it could give, and why; no reason where one of the two said nothing."""

    criterion: Aspect
    points: int
    most: int
    reason: ReasonView | None
    speaks_for: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionView:
    """One mentor for one mentee: the score, its reasons, and hard rules that keep the two apart.

    `circle`: she would rather carry a group than meet one person; if she has places enough for one, a place with her is
    a `place_in_circle` and nothing else. `notes` are shown and never scored.
    """

    mentor: PersonId
    name: str
    occupation: OccupationCode
    title_en: str
    title_fr: str
    fit: int
    parts: tuple[PartView, ...]
    free_seats: int
    pinned: bool
    circle: bool
    place_in_circle: bool
    reasons_for: tuple[ReasonView, ...]
    reasons_against: tuple[ReasonView, ...]
    obstacles: tuple[Obstacle, ...]
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HindranceView:
    """How many mentors one hard rule alone keeps away: what changing it would open."""

    obstacle: Obstacle
    mentors: int


class Option(StrEnum):
    """What may come next where nobody of the same occupation is free."""

    NEAR = "near_occupation"
    GROUP = "group"
    ANYONE = "any_professional"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionView:
    """One next best option: how many mentors it has, and the best of them."""

    option: Option
    mentors: int
    best: PersonId
    name: str
    fit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsView:
    """Mentors for a mentee, best first, what would open more, and what else there is. `notes` are the mentee's."""

    mentee: PersonId
    suggestions: tuple[SuggestionView, ...]
    would_help: tuple[HindranceView, ...]
    next_best: tuple[OptionView, ...]
    notes: str

    def mentors(self) -> Iterator[PersonId]:
        """Everybody who is told of."""
        yield from (one.mentor for one in self.suggestions)
        yield from (one.best for one in self.next_best)


def suggestion_view(
    standing: Situation, mentee: Person, mentor: Person, occupations: Occupations, *, pinned: bool
) -> SuggestionView:
    """The view of a pair, the mentor named; a mentor who takes no part at present is said to be away."""
    bench = standing.bench
    place = bench.places.get(mentor.id)
    parts = bench.scale.parts(mentee.as_candidate(), mentor.as_candidate())
    occupation = occupations.get(mentor.profile.occupation)
    return SuggestionView(
        mentor=mentor.id,
        name=mentor.contact.name,
        occupation=occupation.code,
        title_en=occupation.title_en,
        title_fr=occupation.title_fr,
        fit=sum(part.points for part in parts),
        parts=tuple(map(part_view, parts)),
        free_seats=0 if place is None else standing.free[place],
        pinned=pinned,
        circle=Wish.CIRCLE in mentor.profile.wishes,
        place_in_circle=mentor.profile.carries_circle,
        reasons_for=_reasons(part for part in parts if part.finding.speaks_for),
        reasons_against=_reasons(part for part in parts if not part.finding.speaks_for),
        obstacles=(Obstacle.AWAY,) if place is None else standing.obstacles(place),
        notes=mentor.contact.notes,
    )


def part_view(part: Part) -> PartView:
    """The view of one part of a score."""
    found = part.finding
    return PartView(
        criterion=part.aspect,
        points=part.points,
        most=part.most,
        reason=None if found.reason is None else ReasonView(code=found.reason, details=found.details),
        speaks_for=found.speaks_for,
    )


def _reasons(parts: Iterable[Part]) -> tuple[ReasonView, ...]:
    """The reasons that were found, the weightiest first."""
    found = [part for part in parts if part.finding.reason is not None]
    found.sort(key=lambda part: -part.points if part.finding.speaks_for else part.points - part.most)
    return tuple(
        ReasonView(code=part.finding.reason, details=part.finding.details)
        for part in found
        if part.finding.reason is not None
    )
