"""Anonymous requests: what one says, where one stands, which mentor is asked about it, and which offers came for it.

How cards are weighed is for `rounds`; here is what is kept between two rounds. Sealing and signing is for the border.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from node.domain.errors import DomainError
from node.domain.person import OccupationCode, PersonId
from node.domain.request import Offered
from node.domain.rounds.answering import REMINDERS, Asked
from node.domain.rounds.card import RARE_ROUNDS, SWEEPS, Card
from node.domain.seat import SeatId
from protocol.ids import Digest, NodeId, ThreadId
from protocol.vocabulary import Mode

QuestionId = NewType("QuestionId", str)
"""Of a question to a mentor of ours, and of the offer that follows from her yes."""

BATCHES = RARE_ROUNDS + SWEEPS
LATE = 2
"""Batches after the last in which an offer may still arrive."""
RECENT = 13
"""Batches among which others like a card are counted."""


class UnknownCardError(DomainError):
    """No anonymous request has this id."""

    code = "unknown-card"


class UnknownOfferError(DomainError):
    """No offer has this id."""

    code = "unknown-offer"


class CardOverError(DomainError):
    """The anonymous request is closed, or its time is over."""

    code = "card-over"


class ServedHereError(DomainError):
    """A mentor of the program could serve her, or nothing may be said of her without naming her."""

    code = "served-here"


class AlreadyPostedError(DomainError):
    """She has an anonymous request already."""

    code = "already-posted"


class AttestationNeededError(DomainError):
    """Nobody said yet how many mentees wait, or as many anonymous requests are open as were said to wait."""

    code = "attestation-needed"


class NotVouchedError(DomainError):
    """As many anonymous requests are open as the stewards of the federation vouch for mentees of this program."""

    code = "not-vouched"


class MentorAskedError(DomainError):
    """She may not be asked about it: she was, she rests, or she was asked enough."""

    code = "mentor-asked"


class NotAskedError(DomainError):
    """Nobody asked her about it, or the time for her answer is over."""

    code = "not-asked"


class OfferOverError(DomainError):
    """The offer lapsed, or was answered."""

    code = "offer-over"


class OneOfferAtATimeError(DomainError):
    """Another offer is being answered."""

    code = "one-offer-at-a-time"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """Everything an anonymous request says. `language` None: English or French is fine."""

    occupation: OccupationCode
    language: str | None
    tier: int
    mode: Mode

    @property
    def exact(self) -> str:
        """These words as one text: what a yes to them is about."""
        return "/".join((self.occupation, self.language or "-", str(self.tier), self.mode))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A card that was made, and the secrets of its owner."""

    id: Digest
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCard:
    """A card as the board shows it to everybody."""

    id: Digest
    words: CardWords
    key: str
    close: Digest
    shown_at: datetime
    closed: bool = False
    ours: bool = False

    def age(self, released: Sequence[datetime]) -> int:
        """Batches since the one that showed it first; `released`: when each batch was."""
        return sum(at > self.shown_at for at in released)

    def as_card(self, released: Sequence[datetime]) -> Card:
        """The card as it is weighed."""
        words = self.words
        return Card(
            id=self.id,
            occupation=words.occupation,
            language=words.language,
            tier=words.tier,
            mode=words.mode,
            age=self.age(released),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard:
    """A card of a mentee of ours. `secret` opens the offers for it and closes it."""

    id: Digest
    person: PersonId
    words: CardWords
    secret: str
    posted_at: datetime
    ended_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A card put to a mentor of ours, for which a seat of hers waits; her yes becomes an offer.

    `ticket` is the hash of the one that the offer carried. `thread` is the request in which it was used.
    """

    id: QuestionId
    card: Digest
    mentor: PersonId
    asked_at: datetime
    answered_at: datetime | None = None
    seat: SeatId | None = None
    offer: Offered | None = None
    ticket: str = ""
    thread: ThreadId | None = None
    version: int = 1

    def asked(self) -> Asked:
        """The question as its reminders and its end are reckoned."""
        answered = self.answered_at is not None
        return Asked(card=self.card, mentor=self.mentor, on=self.asked_at.date(), answered=answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOffer:
    """What a host offers for a card of ours. `thread` is the request in which it was taken."""

    id: QuestionId
    card: Digest
    host: NodeId
    offer: Offered
    ticket: str
    heard_at: datetime
    thread: ThreadId | None = None
    passed: bool = False
    version: int = 1

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be taken."""
        return not self.passed and self.thread is None and at < self.offer.hold_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """An offer that nobody answered yet, and whose it is."""

    offer: QuestionId
    person: PersonId
    host: NodeId
    heard_at: datetime
    hold_until: datetime


def last_reminder(since: datetime, now: datetime) -> datetime:
    """When somebody was last reminded of what waits since a moment; that moment itself before the first reminder."""
    return max(since + after for after in (timedelta(0), *REMINDERS) if after == timedelta(0) or since + after <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """How many active mentees wait without a match in a quarter, and who said so when."""

    quarter: str
    waiting: int
    by: str
    at: datetime
