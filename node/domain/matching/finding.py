"""What is found about a pair: a criterion's share of its points with a reason, or an obstacle. Codes, not sentences."""

from dataclasses import dataclass
from enum import StrEnum

WHOLE = 100
"""The share of a criterion that is met wholly."""
NEUTRAL = 50
"""The share where one of the two said nothing."""


class Aspect(StrEnum):
    """A weighted criterion."""

    OCCUPATION = "occupation"
    SPECIALISATION = "specialisation"
    TOPICS = "topics"
    LANGUAGES = "languages"
    EXPERIENCE = "experience"
    HOURS = "hours"
    PLACE = "place"
    PREFERENCES = "preferences"
    WAITING = "waiting"


class Obstacle(StrEnum):
    """A hard rule that keeps two people apart."""

    LANGUAGE = "no_common_language"
    MODE = "no_common_mode"
    DISTANCE = "too_far_to_meet"
    ELIGIBILITY = "not_eligible"
    SEAT = "no_free_seat"
    EXCLUDED = "kept_apart"
    BEFORE = "paired_before"
    AWAY = "not_taking_part"


class Reason(StrEnum):
    """Something that speaks for or against a pair."""

    SAME_UNIT_GROUP = "same_unit_group"
    SAME_MINOR_GROUP = "same_minor_group"
    SAME_SUB_MAJOR_GROUP = "same_sub_major_group"
    ALIKE_WORK = "alike_work"
    OTHER_OCCUPATION = "other_occupation"
    SHARED_SPECIALITY = "shared_speciality"
    OTHER_SPECIALITY = "other_speciality"
    SHARED_TOPICS = "shared_topics"
    NO_SHARED_TOPIC = "no_shared_topic"
    EASY_TALK = "easy_talk"
    FAIR_TALK = "fair_talk"
    HARD_TALK = "hard_talk"
    MORE_EXPERIENCED = "more_experienced"
    LESS_EXPERIENCED = "less_experienced"
    SHARED_HOURS = "shared_hours"
    FEW_SHARED_HOURS = "few_shared_hours"
    NO_SHARED_HOUR = "no_shared_hour"
    SAME_COMMUNITY = "same_community"
    NEARBY = "nearby"
    FAR_APART = "far_apart"
    WISHES_MET = "wishes_met"
    WISHES_UNMET = "wishes_unmet"
    LONG_WAIT = "long_wait"


Detail = tuple[str, str | int]
"""A parameter of a sentence: its name and its value, a code or a number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion finds: its share of the points, 0 to 100, and the reason for or against, if it has one."""

    share: int
    reason: Reason | None = None
    speaks_for: bool = True
    details: tuple[Detail, ...] = ()


SILENT = Finding(NEUTRAL)
"""Half of the points and no reason: one of the two said nothing."""
