"""Letters to our own people: queued, sent once, and never twice without saying so. Leaves wording to `words`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Self

from node.domain.errors import DomainError
from node.domain.language import Spoken
from node.domain.person import PersonId
from node.domain.program import Tongue
from node.domain.request import Reachable

LetterId = NewType("LetterId", str)

LEASE = timedelta(minutes=5)
"""How long one attempt may take; one that took longer was cut off."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
IN_VAIN = 6
"""After so many attempts, an hour or so, somebody should look at the mail server."""
MEETING_IN = timedelta(days=7)
MEETING_HOUR = 18
MEETING_LENGTH = timedelta(hours=1)


class UnknownLetterError(DomainError):
    """No letter has this id."""

    code = "unknown-letter"


class LetterNotOpenError(DomainError):
    """Only a letter that lies in the folder, was refused, or whose fate is unclear can be ticked off."""

    code = "letter-not-open"


class LetterGoneError(DomainError):
    """What the letter said was taken back, or is needed no longer; there is nothing to open."""

    code = "letter-gone"


class LetterState(StrEnum):
    """Where a letter is.

    `drafted`: it lies in the folder for somebody to send. `unclear`: nobody knows whether it left. `refused`: the
    mail server will not take it. `dropped`: the person it is about took her yes back before it left.
    """

    QUEUED = "queued"
    SENDING = "sending"
    DRAFTED = "drafted"
    SENT = "sent"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    DROPPED = "dropped"


class Errand(StrEnum):
    """Why a letter is written that introduces nobody: to our people, to somebody who only applied yet, or to staff."""

    SIGN_IN = "sign_in"
    RESUME = "resume"
    TURNED_DOWN = "turned_down"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A first meeting both letters propose: one id at both ends, so that two calendars show one meeting."""

    uid: str
    starts_at: datetime
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How much waits for a member of staff, and when the first of it lapses."""

    count: int
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to one of our people: an introduction to another (`proposal`, `other`), or a link to sign in.

    `other` is None, and `link` blank, once that had to be forgotten or is needed no longer. One that reminds a member
    of staff (`waits`) is written when it leaves, and kept nowhere; so is that the place is one in a `circle`.
    """

    id: LetterId
    person: PersonId
    about: str
    language: Tongue
    written_at: datetime
    proposal: Proposal | None = None
    other: Reachable | None = None
    link: str = ""
    errand: Errand = Errand.SIGN_IN
    waits: Waits | None = None
    circle: bool = False
    state: LetterState = LetterState.QUEUED
    attempts: int = 0
    resent: bool = False
    sent_at: datetime | None = None
    due_at: datetime | None = None
    version: int = 1

    def begin(self, at: datetime) -> Self:
        """An attempt begins; one that was cut off before counts as sent again, and only once.

        A second one that was cut off ends here: nobody knows whether it left.
        """
        if self.state is LetterState.SENDING:
            if self.resent:
                return replace(self, state=LetterState.UNCLEAR, due_at=None)
            return replace(self, attempts=self.attempts + 1, resent=True, due_at=at + LEASE)
        return replace(self, state=LetterState.SENDING, attempts=self.attempts + 1, due_at=at + LEASE)

    def end(self, state: LetterState, at: datetime) -> Self:
        """The letter left, or lies in the folder; a link stands nowhere but in it."""
        return replace(self, state=state, sent_at=at if state is LetterState.SENT else None, due_at=None, link="")

    def wait(self, at: datetime) -> Self:
        """The post office took nothing: again later."""
        pause = min(FIRST_WAIT * 2 ** (self.attempts - 1), LONGEST_WAIT)
        return replace(self, state=LetterState.QUEUED, due_at=at + pause)

    @property
    def has_not_left(self) -> bool:
        """Whether it can still be kept back."""
        return self.state in {LetterState.QUEUED, LetterState.DRAFTED, LetterState.REFUSED}

    def forget(self) -> Self:
        """The same letter without what it says of the other person; one that did not leave yet never does."""
        if self.has_not_left:
            return replace(self, other=None, link="", state=LetterState.DROPPED, due_at=None)
        return replace(self, other=None, link="")

    @property
    def is_forgotten(self) -> bool:
        """Whether it introduced somebody who had to be forgotten since."""
        return self.proposal is not None and self.other is None

    def tick_off(self, at: datetime) -> Self:
        """Somebody sent it by hand. Raises: LetterNotOpenError."""
        if self.state not in {LetterState.DRAFTED, LetterState.UNCLEAR, LetterState.REFUSED}:
            raise LetterNotOpenError(letter=self.id)
        return self.end(LetterState.SENT, at)


def language_for(spoken: tuple[Spoken, ...], usual: Tongue) -> Tongue:
    """The language a person is written to: the better of her English and French, else the program's."""
    levels = {language.code: language.level for language in spoken}
    english, french = levels.get(Tongue.ENGLISH, 0), levels.get(Tongue.FRENCH, 0)
    if english == french:
        return usual
    return Tongue.ENGLISH if english > french else Tongue.FRENCH
