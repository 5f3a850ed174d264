"""How well one mentor suits one mentee: hard rules, then a score with its parts, reasons for and reasons against.

Nothing is ever assigned here: a coordinator reads the reasons and decides.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from node.domain.language import in_common
from node.domain.occupation import Nearness, nearness
from node.domain.person import Candidate, PersonId, can_meet
from protocol.vocabulary import Mode

HIGHEST = 900
EASY_TALK = 7
"""The level from which a conversation about work is easy."""


class Obstacle(StrEnum):
    """A hard rule that keeps two people apart."""

    LANGUAGE = "no_common_language"
    MODE = "no_common_mode"
    SEAT = "no_free_seat"
    EXCLUDED = "kept_apart"
    AWAY = "not_taking_part"


class Reason(StrEnum):
    """Something that speaks for or against a pair."""

    SAME_UNIT_GROUP = "same_unit_group"
    SAME_MINOR_GROUP = "same_minor_group"
    SAME_SUB_MAJOR_GROUP = "same_sub_major_group"
    SHARED_TOPICS = "shared_topics"
    SHARED_HOURS = "shared_hours"
    SAME_COMMUNITY = "same_community"
    EASY_TALK = "easy_talk"
    OTHER_OCCUPATION = "other_occupation"
    NO_SHARED_TOPIC = "no_shared_topic"
    NO_SHARED_HOUR = "no_shared_hour"
    FAR_APART = "far_apart"
    HARD_TALK = "hard_talk"


_OCCUPATION = {
    Nearness.SAME: (500, Reason.SAME_UNIT_GROUP),
    Nearness.MINOR: (300, Reason.SAME_MINOR_GROUP),
    Nearness.SUB_MAJOR: (150, Reason.SAME_SUB_MAJOR_GROUP),
}
_TOPICS = 150
_HOURS = 100
_PLACE = 75
_LANGUAGE = 75


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: its points, and the reason for or against."""

    points: int
    reason: Reason | None
    speaks_for: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What is to be said of one pair; `fit` is the sum of the parts, 0 to 900."""

    mentor: PersonId
    obstacles: tuple[Obstacle, ...]
    parts: tuple[Part, ...]

    @property
    def fit(self) -> int:
        """The score."""
        return sum(part.points for part in self.parts)

    @property
    def reasons_for(self) -> tuple[Reason, ...]:
        """What speaks for the pair."""
        return tuple(part.reason for part in self.parts if part.reason and part.speaks_for)

    @property
    def reasons_against(self) -> tuple[Reason, ...]:
        """What speaks against it."""
        return tuple(part.reason for part in self.parts if part.reason and not part.speaks_for)


def assess(mentee: Candidate, mentor: Candidate, *, free_seats: int, kept_apart: AbstractSet[PersonId]) -> Assessment:
    """Weigh one pair."""
    return Assessment(
        mentor=mentor.id,
        obstacles=_obstacles(mentee, mentor, free_seats=free_seats, kept_apart=kept_apart),
        parts=(
            _occupation(mentee, mentor),
            _shared(
                mentee.profile.topics, mentor.profile.topics, _TOPICS, Reason.SHARED_TOPICS, Reason.NO_SHARED_TOPIC
            ),
            _shared(mentee.profile.slots, mentor.profile.slots, _HOURS, Reason.SHARED_HOURS, Reason.NO_SHARED_HOUR),
            _place(mentee, mentor),
            _talk(mentee, mentor),
        ),
    )


def _obstacles(
    mentee: Candidate, mentor: Candidate, *, free_seats: int, kept_apart: AbstractSet[PersonId]
) -> tuple[Obstacle, ...]:
    rules = {
        Obstacle.LANGUAGE: not in_common(mentee.profile.languages, mentor.profile.languages),
        Obstacle.MODE: not can_meet(mentee.profile.mode, mentor.profile.mode),
        Obstacle.SEAT: free_seats == 0,
        Obstacle.EXCLUDED: mentor.id in kept_apart,
        Obstacle.AWAY: not (mentee.taking_part and mentor.taking_part),
    }
    return tuple(obstacle for obstacle, holds in rules.items() if holds)


def _occupation(mentee: Candidate, mentor: Candidate) -> Part:
    near = nearness(mentee.profile.occupation, mentor.profile.occupation)
    if near is Nearness.APART:
        return Part(0, Reason.OTHER_OCCUPATION, speaks_for=False)
    return Part(*_OCCUPATION[near], speaks_for=True)


def _shared(wanted: tuple[str, ...], offered: tuple[str, ...], most: int, good: Reason, bad: Reason) -> Part:
    """The share of what is wanted that is offered; half where one of the two said nothing."""
    if not wanted or not offered:
        return Part(most // 2, None, speaks_for=True)
    shared = len(set(wanted) & set(offered))
    if shared == 0:
        return Part(0, bad, speaks_for=False)
    return Part(most * shared // len(set(wanted)), good, speaks_for=True)


def _place(mentee: Candidate, mentor: Candidate) -> Part:
    if mentee.profile.community == mentor.profile.community:
        return Part(_PLACE, Reason.SAME_COMMUNITY, speaks_for=True)
    in_person_only = Mode.IN_PERSON in {mentee.profile.mode, mentor.profile.mode}
    return Part(0, Reason.FAR_APART if in_person_only else None, speaks_for=False)


def _talk(mentee: Candidate, mentor: Candidate) -> Part:
    shared = in_common(mentee.profile.languages, mentor.profile.languages)
    if not shared or shared[0].level < EASY_TALK:
        return Part(0, Reason.HARD_TALK, speaks_for=False)
    return Part(_LANGUAGE, Reason.EASY_TALK, speaks_for=True)
