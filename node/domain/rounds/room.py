"""What a program brings to a round: who waits here, who has free seats, and how pairs are weighed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from node.domain.assignment import Assignment, Problem
from node.domain.matching.hard.bonds import Bonds
from node.domain.matching.points import USUAL, Bonuses, waiting_tier
from node.domain.matching.pool import Pool
from node.domain.person import Candidate, PersonId, Visibility
from protocol.ids import Digest

MOST_QUESTIONS = 3
"""Questions about requests from outside that a mentor is asked in a quarter for each seat she offers, and one more."""

Assign = Callable[[Problem], Assignment]
"""An exact solver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An own mentee who waits. `card_age` is that of her own card on the board, None where she has none."""

    person: Candidate
    card_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatHolder:
    """An own mentor: the seats that are neither taken nor held, and what was asked of her lately.

    `questions` counts those of the last 13 weeks; until `rests_until` she is asked nothing.
    """

    person: Candidate
    free: int
    questions: int = 0
    rests_until: date | None = None
    load: int = 0
    idle: int = 0

    @property
    def needs_asking(self) -> bool:
        """Whether only she can answer; a standing consent answers for her."""
        return self.person.profile.visibility is Visibility.ASK_FIRST

    def may_be_asked(self, today: date) -> bool:
        """Whether a request from outside may be put to her: never where she chose to be seen only here."""
        if self.person.profile.visibility is Visibility.ONLY_HERE or not self.person.taking_part:
            return False
        rested = self.rests_until is None or self.rests_until <= today
        worn = self.needs_asking and self.questions > MOST_QUESTIONS * self.person.profile.seats
        return self.free > 0 and rested and not worn


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One program at the moment of a round. `asked`: cards and mentors who were brought together before.

    `set_aside`: mentors whose seats wait for cards that they were asked about since the last batch, once for each seat.
    `pool` has read the mentors, in the order of `mentors`, with a scale of the public rules: points across programs are
    the same for everybody.
    """

    pool: Pool
    mentees: tuple[Waiting, ...]
    mentors: tuple[SeatHolder, ...]
    bonuses: Bonuses = USUAL
    bonds: Bonds = field(default_factory=Bonds)
    asked: frozenset[tuple[Digest, PersonId]] = frozenset()
    set_aside: tuple[PersonId, ...] = ()

    @property
    def today(self) -> date:
        """The day of the round."""
        return self.pool.scale.bearings.today

    def tier(self, mentee: Candidate) -> int:
        """How long she waits."""
        return waiting_tier(mentee.profile.waiting_since, self.today)

    def without(self, mentees: Iterable[PersonId], seats: Iterable[PersonId]) -> "Room":
        """The room after these mentees were seated and these seats, one for each time a mentor is named, were given."""
        gone = set(mentees)
        given: dict[PersonId, int] = {}
        for mentor in seats:
            given[mentor] = given.get(mentor, 0) + 1
        mentees_left = tuple(waiting for waiting in self.mentees if waiting.person.id not in gone)
        mentors_left = tuple(_less(mentor, given.get(mentor.person.id, 0)) for mentor in self.mentors)
        return replace(self, mentees=mentees_left, mentors=mentors_left)


def _less(mentor: SeatHolder, given: int) -> SeatHolder:
    return replace(mentor, free=mentor.free - given) if given else mentor
