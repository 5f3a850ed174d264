"""Message bodies: what each kind of message says, and nothing that it may not say.

No free text travels before both people agreed; only `intro.reveal` names a person.
Specification: docs/protocol/05-messages.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from protocol.documents import TEXT_PATTERN, Count, DigestText, Document, Moment, UuidText
from protocol.vocabulary import (
    ANSWERS,
    Answer,
    BenchmarkLevel,
    LanguageCode,
    Mode,
    Outcome,
    Progress,
    Question,
    TimeZone,
    Topic,
    UnitGroup,
)

Hours = Annotated[int, Field(ge=1, le=40, description="hours a month")]
PersonalName = Annotated[str, StringConstraints(max_length=200, pattern=TEXT_PATTERN)]
# The form only, and said in full: a library's list of domains would make two releases disagree about one letter.
_MAIL_PART = r"[^@<>()\[\],;:\\\"\s\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]"
MailAddress = Annotated[
    str, StringConstraints(max_length=254, pattern=rf"^{_MAIL_PART}{{1,64}}@{_MAIL_PART}{{1,253}}$")
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().-]{5,32}$")]
Ticket = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
InnerMessage = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$", max_length=60_000)]


class Kind(StrEnum):
    """The `type` of every message."""

    REQUEST_OPEN = "request.open"
    REQUEST_QUESTION = "request.question"
    REQUEST_ANSWER = "request.answer"
    REQUEST_OFFER = "request.offer"
    REQUEST_DECLINE = "request.decline"
    REQUEST_WITHDRAW = "request.withdraw"
    REQUEST_EXPIRE = "request.expire"
    OFFER_ACCEPT = "offer.accept"
    OFFER_REFUSE = "offer.refuse"
    OFFER_CONFIRM = "offer.confirm"
    OFFER_RECALL = "offer.recall"
    INTRO_REVEAL = "intro.reveal"
    STATUS_UPDATE = "status.update"
    MATCH_CLOSE = "match.close"
    MATCH_CLOSED = "match.closed"
    CONSENT_WITHDRAW = "consent.withdraw"
    PERSON_ERASE = "person.erase"
    THREAD_RESYNC = "thread.resync"
    THREAD_RESYNCED = "thread.resynced"


class LanguageLevel(Document):
    """A language and its Canadian Language Benchmark."""

    language: LanguageCode
    clb: BenchmarkLevel


class BoardClaim(Document):
    """Which offer from the board a request answers; the ticket works once."""

    card: DigestText
    offer: UuidText
    ticket: Ticket


class RequestOpen(Document):
    """A coarse need: no identity, no free text."""

    occupation: UnitGroup
    topics: Annotated[tuple[Topic, ...], Field(max_length=12)]
    languages: Annotated[tuple[LanguageLevel, ...], Field(min_length=1, max_length=8)]
    mode: Mode
    hours: Hours
    time_zone: TimeZone
    board: BoardClaim | None = None


class RequestQuestion(Document):
    """One question of the fixed list."""

    question: Question


class RequestAnswer(Document):
    """One coarse value that answers the question."""

    question: Question
    answer: Answer

    @model_validator(mode="after")
    def _answers_its_question(self) -> RequestAnswer:
        if self.answer not in ANSWERS[self.question]:
            raise ValueError(self.question)
        return self


class Capability(Document):
    """What a mentor can do for this mentee, without who it is."""

    occupation: UnitGroup
    topics: Annotated[tuple[Topic, ...], Field(max_length=12)]
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1, max_length=8)]
    mode: Mode
    hours: Hours
    years_of_experience: Annotated[int, Field(ge=0, le=70)]
    time_zone: TimeZone


class RequestOffer(Document):
    """A seat is held until `hold_until`; the mentor agreed in principle and to share her e-mail if accepted."""

    capability: Capability
    hold_until: Moment


class OfferAccept(Document):
    """The mentee's yes: the id under which home stores her consent to share her contact."""

    consent: UuidText


class OfferConfirm(Document):
    """The host's yes: the id under which it stores the mentor's consent to share her contact."""

    consent: UuidText


class IntroReveal(Document):
    """Contact details, only after both consents are stored at both ends."""

    name: PersonalName
    email: MailAddress
    phone: Phone | None = None


class StatusUpdate(Document):
    """How the mentorship goes, in one word and a count."""

    progress: Progress
    meetings: Count


class MatchClose(Document):
    """How it ended; hours are the mentor's, counted by the host."""

    outcome: Outcome


class Tombstone(Document):
    """The end of a request, an offer, a consent, or of what is known of a person: no reason travels."""


class ThreadResync(Document):
    """Asks for the peer's messages after its `n`-th, and for the asker's own after its `own`-th.

    The hashes are those of the last message held. A program restored from a backup has lost the end of both chains.
    """

    n: Count
    hash: DigestText | None
    own: Count = 0
    own_hash: DigestText | None = None


class ThreadResynced(Document):
    """The signed inner messages after both positions, each chain oldest first; `more` when not all fit."""

    messages: Annotated[tuple[InnerMessage, ...], Field(max_length=100)]
    more: bool


Body = (
    RequestOpen
    | RequestQuestion
    | RequestAnswer
    | RequestOffer
    | OfferAccept
    | OfferConfirm
    | IntroReveal
    | StatusUpdate
    | MatchClose
    | Tombstone
    | ThreadResync
    | ThreadResynced
)

BODIES: dict[Kind, type[Body]] = {
    Kind.REQUEST_OPEN: RequestOpen,
    Kind.REQUEST_QUESTION: RequestQuestion,
    Kind.REQUEST_ANSWER: RequestAnswer,
    Kind.REQUEST_OFFER: RequestOffer,
    Kind.REQUEST_DECLINE: Tombstone,
    Kind.REQUEST_WITHDRAW: Tombstone,
    Kind.REQUEST_EXPIRE: Tombstone,
    Kind.OFFER_ACCEPT: OfferAccept,
    Kind.OFFER_REFUSE: Tombstone,
    Kind.OFFER_CONFIRM: OfferConfirm,
    Kind.OFFER_RECALL: Tombstone,
    Kind.INTRO_REVEAL: IntroReveal,
    Kind.STATUS_UPDATE: StatusUpdate,
    Kind.MATCH_CLOSE: MatchClose,
    Kind.MATCH_CLOSED: Tombstone,
    Kind.CONSENT_WITHDRAW: Tombstone,
    Kind.PERSON_ERASE: Tombstone,
    Kind.THREAD_RESYNC: ThreadResync,
    Kind.THREAD_RESYNCED: ThreadResynced,
}

CONTROL = frozenset({Kind.THREAD_RESYNC, Kind.THREAD_RESYNCED})
"""Kinds outside the chains (`n` is 0): they repair a thread and never change its state."""
