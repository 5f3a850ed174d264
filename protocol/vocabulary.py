"""The closed lists that every program shares: modes, topics, questions, outcomes, bands. Programs word the codes.

A federation pins the vocabulary by hash in its policy. Specification: docs/protocol/10-vocabulary.md.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from protocol.canonical import canonicalise
from protocol.ids import Digest

UNIT_GROUP_PATTERN = r"^[0-9]{5}$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}$"
TIME_ZONE_PATTERN = r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$"

UnitGroup = Annotated[str, StringConstraints(pattern=UNIT_GROUP_PATTERN)]
LanguageCode = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
TimeZone = Annotated[str, StringConstraints(pattern=TIME_ZONE_PATTERN, max_length=40)]
BenchmarkLevel = Annotated[int, Field(ge=1, le=12)]
Tier = Annotated[int, Field(ge=0, le=2)]


class Mode(StrEnum):
    """How two people meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    EITHER = "either"


class Topic(StrEnum):
    """What a mentee would like to talk about."""

    JOB_SEARCH = "job_search"
    RESUME = "resume"
    INTERVIEWS = "interviews"
    LICENSING = "licensing"
    CREDENTIALS = "credentials"
    WORKPLACE_CULTURE = "workplace_culture"
    LANGUAGE_AT_WORK = "language_at_work"
    NETWORKING = "networking"
    ENTREPRENEURSHIP = "entrepreneurship"
    CAREER_CHANGE = "career_change"
    FARMING_PRACTICE = "farming_practice"
    LIFE_IN_CANADA = "life_in_canada"


class Question(StrEnum):
    """What a host may ask before it offers; nothing else can be asked."""

    GOAL = "goal"
    CREDENTIAL_STAGE = "credential_stage"
    YEARS_OF_EXPERIENCE = "years_of_experience"
    HOURS = "hours"
    START = "start"
    NEAR_OCCUPATION = "near_occupation"


class Answer(StrEnum):
    """Coarse values that answer a question."""

    FIND_WORK = "find_work"
    GET_LICENSED = "get_licensed"
    CHANGE_FIELD = "change_field"
    KEEP_GROWING = "keep_growing"
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    UNDER_THREE = "under_three"
    THREE_TO_TEN = "three_to_ten"
    OVER_TEN = "over_ten"
    UP_TO_TWO = "up_to_two"
    THREE_TO_FIVE = "three_to_five"
    SIX_OR_MORE = "six_or_more"
    NOW = "now"
    WITHIN_A_MONTH = "within_a_month"
    LATER = "later"
    YES = "yes"
    NO = "no"


ANSWERS: dict[Question, frozenset[Answer]] = {
    Question.GOAL: frozenset({Answer.FIND_WORK, Answer.GET_LICENSED, Answer.CHANGE_FIELD, Answer.KEEP_GROWING}),
    Question.CREDENTIAL_STAGE: frozenset({Answer.NOT_STARTED, Answer.IN_PROGRESS, Answer.DONE}),
    Question.YEARS_OF_EXPERIENCE: frozenset({Answer.UNDER_THREE, Answer.THREE_TO_TEN, Answer.OVER_TEN}),
    Question.HOURS: frozenset({Answer.UP_TO_TWO, Answer.THREE_TO_FIVE, Answer.SIX_OR_MORE}),
    Question.START: frozenset({Answer.NOW, Answer.WITHIN_A_MONTH, Answer.LATER}),
    Question.NEAR_OCCUPATION: frozenset({Answer.YES, Answer.NO}),
}


class Outcome(StrEnum):
    """How a mentorship ended; the home program counts it."""

    COMPLETED = "completed"
    FOUND_WORK = "found_work"
    ENDED_EARLY = "ended_early"
    NO_CONTACT = "no_contact"
    SAFEGUARDING = "safeguarding"


class Progress(StrEnum):
    """What two programs tell each other while a mentorship runs."""

    STARTED = "started"
    FIRST_MEETING_HELD = "first_meeting_held"
    PAUSED = "paused"
    RESUMED = "resumed"


class SeatBand(StrEnum):
    """How many seats are free, in bands."""

    ONE = "1"
    TWO_OR_MORE = "2+"


class SizeBracket(StrEnum):
    """How many mentors a program has, as it declared in the roster."""

    UNDER_25 = "under_25"
    UNDER_100 = "25_to_99"
    UNDER_500 = "100_to_499"
    FROM_500 = "500_or_more"


class Publishes(StrEnum):
    """What a program's summaries say of its size."""

    COUNTS = "counts"
    BRACKET = "bracket"


def vocabulary_hash() -> Digest:
    """The hash a federation's policy pins: SHA-256 of the canonical lists."""
    lists = (Mode, Topic, Question, Answer, Outcome, Progress, SeatBand, SizeBracket, Publishes)
    content = {kind.__name__: [str(member.value) for member in kind] for kind in lists}
    content |= {f"Answers.{question}": sorted(answers) for question, answers in ANSWERS.items()}
    return Digest(hashlib.sha256(canonicalise(content)).hexdigest())
