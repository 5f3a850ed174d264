"""A request to another program: what is asked, what is offered, where it stands. Leaves the wire to the border post.

Home asks for its mentee, the host has the mentor. Which move is legal when is the language's table (docs/protocol/05).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from node.domain.consent import Grant, GrantId, Purpose
from node.domain.errors import DomainError
from node.domain.language import Spoken
from node.domain.person import OccupationCode, PersonId
from node.domain.seat import SeatId
from protocol.ids import Digest, NodeId, ThreadId
from protocol.vocabulary import Answer, Mode, Outcome, Progress, Question, Topic

HOLD = timedelta(days=14)
"""How long a seat is held for an offer, unless the host says otherwise."""


class UnknownRequestError(DomainError):
    """No request has this id."""

    code = "unknown-request"


class WrongEndError(DomainError):
    """Only the other program may do this."""

    code = "wrong-end"


class WrongMoveError(DomainError):
    """This cannot be said at the point where the request stands."""

    code = "wrong-move"


class ConsentMissingError(DomainError):
    """The person's recorded yes is needed first."""

    code = "consent-missing"


class HoldPeriodError(DomainError):
    """A seat is held for a time in the future, and not for ever."""

    code = "hold-period"


class NotSuitableError(DomainError):
    """The mentor takes no part at the moment, or only here."""

    code = "not-suitable"


class NotListedError(DomainError):
    """Only a request that a listed mentor could serve is answered with a no."""

    code = "not-listed"


class End(StrEnum):
    """The two ends of a request."""

    HOME = "home"
    HOST = "host"

    @property
    def other(self) -> "End":
        """The end across the border."""
        return End.HOST if self is End.HOME else End.HOME


class Stage(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    QUESTIONED = "questioned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    HOST_REVEALED = "host_revealed"
    INTRODUCED = "introduced"
    CLOSING_BY_HOME = "closing_by_home"
    CLOSING_BY_HOST = "closing_by_host"
    CLOSED = "closed"
    REFUSED = "refused"
    DECLINED = "declined"
    EXPIRED = "expired"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ERASED = "erased"

    @property
    def is_open(self) -> bool:
        """Whether something is still expected of somebody."""
        return self in _BEFORE or self in _TOGETHER

    @property
    def is_before_introduction(self) -> bool:
        """Whether the two people do not know each other yet, and still may."""
        return self in _BEFORE


_BEFORE = frozenset(
    {Stage.ASKED, Stage.QUESTIONED, Stage.OFFERED, Stage.ACCEPTED, Stage.CONFIRMED, Stage.HOST_REVEALED}
)
_TOGETHER = frozenset({Stage.INTRODUCED, Stage.CLOSING_BY_HOME, Stage.CLOSING_BY_HOST})


class Move(StrEnum):
    """What one end says to the other."""

    OPEN = "request.open"
    ASK = "request.question"
    ANSWER = "request.answer"
    OFFER = "request.offer"
    DECLINE = "request.decline"
    WITHDRAW = "request.withdraw"
    EXPIRE = "request.expire"
    ACCEPT = "offer.accept"
    REFUSE = "offer.refuse"
    CONFIRM = "offer.confirm"
    RECALL = "offer.recall"
    REVEAL = "intro.reveal"
    REPORT = "status.update"
    CLOSE = "match.close"
    AGREE_CLOSE = "match.closed"
    WITHDRAW_CONSENT = "consent.withdraw"
    ERASE = "person.erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Which offer for an anonymous request is taken up; the ticket works once."""

    card: Digest
    offer: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A coarse need: what leaves this program when a request is opened. What it claims is not kept."""

    occupation: OccupationCode
    languages: tuple[Spoken, ...]
    topics: tuple[Topic, ...]
    mode: Mode
    hours: int
    time_zone: str
    claim: Claim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a mentor can do for this mentee, without who it is."""

    occupation: OccupationCode
    languages: tuple[str, ...]
    topics: tuple[Topic, ...]
    mode: Mode
    hours: int
    years_of_experience: int
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """How one person reaches the other; never shown in an error or a log."""

    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the fixed list."""

    question: Question


@dataclass(frozen=True, slots=True)
class Answered:
    """One coarse value that answers a question."""

    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class Offered:
    """A seat is held until a date."""

    capability: Capability
    hold_until: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The mentee's yes, under the id of her consent."""

    consent: GrantId


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The host's yes, under the id of the mentor's consent."""

    consent: GrantId


@dataclass(frozen=True, slots=True)
class Revealed:
    """Contact details."""

    contact: Reachable


@dataclass(frozen=True, slots=True)
class Reported:
    """How it goes: one word and a count."""

    progress: Progress
    meetings: int


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ended."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Plain:
    """A move that needs no more words."""

    move: Move


Said = Need | Asked | Answered | Offered | Accepted | Confirmed | Revealed | Reported | Closing | Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, as we keep it. `person` is our own: the mentee at home, the offered mentor at the host."""

    id: ThreadId
    peer: NodeId
    end: End
    stage: Stage
    need: Need
    opened_at: datetime
    person: PersonId | None = None
    seat: SeatId | None = None
    offer: Offered | None = None
    consent: GrantId | None = None
    version: int = 1

    def at(self, end: End) -> Self:
        """This request, if we are that end of it. Raises: WrongEndError."""
        if self.end is not end:
            raise WrongEndError(request=self.id)
        return self

    def moved(self, stage: Stage) -> Self:
        """The same request at another stage."""
        return replace(self, stage=stage)

    def serves(self, occupation: OccupationCode) -> bool:
        """Whether a mentor of this occupation is of the very profession that is asked for."""
        return occupation == self.need.occupation


def proving(grants: tuple[Grant, ...], purpose: Purpose, recipient: str, concerns: str, at: datetime) -> Grant | None:
    """The newest grant in force that covers `purpose` toward `recipient` and names exactly what it `concerns`."""
    found = [g for g in grants if g.concerns == concerns and g.covers(purpose, recipient, at)]
    return found[-1] if found else None


def require(grants: tuple[Grant, ...], purpose: Purpose, recipient: str, concerns: str, at: datetime) -> Grant:
    """The grant that proves her yes. Raises: ConsentMissingError."""
    grant = proving(grants, purpose, recipient, concerns, at)
    if grant is None:
        raise ConsentMissingError(purpose=purpose, program=recipient, request=concerns)
    return grant


def hold_until(at: datetime, wanted: datetime | None) -> datetime:
    """Until when a seat is held: 14 days, or what is `wanted` within that time. Raises: HoldPeriodError."""
    until = wanted or at + HOLD
    if not at < until <= at + HOLD:
        raise HoldPeriodError
    return until.replace(microsecond=0)
