"""Mentees and mentors. Leaves seats, consents and matching to their own modules."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import NewType

from node.domain.community import CommunityId
from node.domain.errors import NotAMenteeError, NotAMentorError, PauseOverError, PersonLeftError, UnreadableSlotError
from node.domain.language import Spoken
from protocol.vocabulary import Mode, Topic

PersonId = NewType("PersonId", str)
OccupationCode = NewType("OccupationCode", str)
"""Five digits of a unit group of NOC 2021."""


class Kind(StrEnum):
    """Which of the two a person is in this program."""

    MENTEE = "mentee"
    MENTOR = "mentor"


class PersonState(StrEnum):
    """Whether a person takes part at the moment."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class Visibility(IntEnum):
    """How far a mentor may be seen from outside: Only here, Ask me first, You may offer me, Listed."""

    ONLY_HERE = 0
    ASK_FIRST = 1
    MAY_OFFER = 2
    LISTED = 3


class Wish(StrEnum):
    """What somebody would like in the person she is matched with."""

    SAME_OCCUPATION = "same_occupation"
    OWN_LANGUAGE = "own_language"
    NEARBY = "nearby"
    EXPERIENCED = "experienced"
    ONLINE = "online"
    IN_PERSON = "in_person"
    CIRCLE = "circle"


CIRCLE_LEAST = 4
CIRCLE_MOST = 8
"""A circle starts with four people and has eight at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What is known to nobody else: name, ways to reach her, birth date, notes, hours and speciality in her words."""

    name: str
    email: str = ""
    phone: str = ""
    birth_date: date | None = None
    availability: str = ""
    notes: str = ""
    specialisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What matching looks at: codes and numbers, no word that names a person.

    `specialities` are keyed tokens of the words of her specialisation; whoever keeps people makes them.
    """

    community: CommunityId
    occupation: OccupationCode
    languages: tuple[Spoken, ...]
    mode: Mode = Mode.EITHER
    topics: tuple[Topic, ...] = ()
    slots: tuple[str, ...] = ()
    time_zone: str = ""
    seats: int = 0
    visibility: Visibility = Visibility.ASK_FIRST
    years_experience: int | None = None
    arrived_on: date | None = None
    waiting_since: date | None = None
    wishes: tuple[Wish, ...] = ()
    specialities: tuple[str, ...] = ()

    @property
    def carries_circle(self) -> bool:
        """Whether all seats of this mentor are places in a circle; with too few for one they are seats like others."""
        return _carries_circle(self.seats, self.wishes)

    @property
    def places(self) -> int:
        """The seats that may be filled: no more of a circle than a circle has."""
        return places(self.seats, self.wishes)


def places(seats: int, wishes: Collection[str]) -> int:
    """The seats that may be filled of a mentor who offers so many and wishes this."""
    return min(seats, CIRCLE_MOST) if _carries_circle(seats, wishes) else seats


def _carries_circle(seats: int, wishes: Collection[str]) -> bool:
    return Wish.CIRCLE in wishes and seats >= CIRCLE_LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What matching is told of a person: her id and her profile, nothing that names her."""

    id: PersonId
    profile: Profile
    taking_part: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A mentee or mentor of this program; one who is paused until a day takes part again from that day on."""

    id: PersonId
    kind: Kind
    contact: Contact
    profile: Profile
    added_at: datetime
    state: PersonState = PersonState.ACTIVE
    paused_until: date | None = None
    version: int = 1

    def pause(self, until: date | None, today: date) -> "Person":
        """This person, who takes no part until a day, or until somebody says so.

        Raises: PersonLeftError, PauseOverError.
        """
        if until is not None and until <= today:
            raise PauseOverError(until=until.isoformat())
        return replace(self._here(), state=PersonState.PAUSED, paused_until=until)

    def resume(self) -> "Person":
        """This person, who takes part again. Raises: PersonLeftError."""
        return replace(self._here(), state=PersonState.ACTIVE, paused_until=None)

    def _here(self) -> "Person":
        if self.state is PersonState.LEFT:
            raise PersonLeftError(person=self.id)
        return self

    def as_candidate(self) -> Candidate:
        """This person as matching is told of her."""
        return Candidate(id=self.id, profile=self.profile, taking_part=self.state is PersonState.ACTIVE)

    def as_mentee(self) -> "Person":
        """This person, who is a mentee.

        Raises: NotAMenteeError.
        """
        if self.kind is not Kind.MENTEE:
            raise NotAMenteeError(person=self.id)
        return self

    def as_mentor(self) -> "Person":
        """This person, who is a mentor.

        Raises: NotAMentorError.
        """
        if self.kind is not Kind.MENTOR:
            raise NotAMentorError(person=self.id)
        return self


def can_meet(ours: Mode, theirs: Mode) -> bool:
    """Whether two people with these wishes can meet in one way."""
    return Mode.EITHER in {ours, theirs} or ours is theirs


_SLOT = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)-(morning|afternoon|evening)$")


def parse_slots(text: str) -> tuple[str, ...]:
    """Read weekly hours such as `mon-evening; sat-morning`.

    Raises: UnreadableSlotError.
    """
    slots = tuple(dict.fromkeys(part for part in re.split(r"[;,\s]+", text.strip().lower()) if part))
    if not all(_SLOT.match(slot) for slot in slots):
        raise UnreadableSlotError
    return slots
