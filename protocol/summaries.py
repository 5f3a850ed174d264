"""Summaries of availability: what a program lets every member know, signed anew each week.

Counts, noise and consents are the program's own work; here is the form and the order of releases.
Specification: docs/protocol/07-summaries.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from protocol import jws
from protocol.documents import Count, Crit, DigestText, Document, Label, Moment, NodeIdText, from_moment
from protocol.errors import ProtocolError
from protocol.seen import Seen
from protocol.statements import CLOCK_SKEW, StatementRef
from protocol.vocabulary import LanguageCode, Mode, Publishes, SeatBand, SizeBracket, UnitGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from protocol.ids import Digest, KeyId, NodeId
    from protocol.keys import SigningKey, VerifyingKey
    from protocol.roster import Member

LIMIT = 262_144
LIFETIME = timedelta(days=8)
FAR_FUTURE = timedelta(hours=24)

Quarter = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-Q[1-4]$")]
MinorGroup = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
Pseudonym = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{16}$")]


class SummaryError(ProtocolError):
    """A summary is not acceptable."""

    code = "summary-invalid"
    title = "A program's published availability is not acceptable."
    remedy = "It is treated as unknown; ask the program to publish again."


class SummaryRollbackError(SummaryError):
    """An older summary than the one already seen."""

    code = "summary-rollback"
    status = 409
    title = "An older availability was served than the one already seen."


class SummaryForkError(SummaryError):
    """Two summaries under one number: proof of two stories."""

    code = "summary-fork"
    status = 409
    title = "A program signed two different availabilities under one number."
    remedy = "Keep both files and report them to the stewards."


class SummaryFutureError(SummaryError):
    """The number lies so far ahead that it would block every later summary."""

    code = "summary-future"
    title = "An availability is numbered too far in the future."
    remedy = "Ask the program to check the clock of its machine."


class Cells(Document):
    """Noisy counts of mentors with a free seat, per NOC minor group."""

    kind: Literal["cells"] = "cells"
    epsilon_milli: Annotated[int, Field(ge=1, le=1_000, description="privacy loss, thousandths")]
    cells: Annotated[tuple[tuple[MinorGroup, int], ...], Field(max_length=200)]

    @model_validator(mode="after")
    def _each_once_and_in_order(self) -> Self:
        groups = [group for group, _ in self.cells]
        # An order of its own choosing could carry what the numbers must not say.
        if groups != sorted(set(groups)):
            raise ValueError("cells")
        return self


class Bracket(Document):
    """The size the roster declares; nothing is counted."""

    kind: Literal["bracket"] = "bracket"
    size: SizeBracket


class Listing(Document):
    """One mentor who agreed to be listed, under a name that changes with every release."""

    pseudonym: Pseudonym
    occupation: UnitGroup
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1, max_length=8)]
    mode: Mode
    seats: SeatBand


class Summary(Document):
    """`mentorweave-summary+jwt`."""

    iss: NodeIdText
    seq: Count
    iat: Moment
    exp: Moment
    quarter: Quarter
    vocabulary: DigestText
    seen: Seen
    policy: Label
    counts: Annotated[Cells | Bracket, Field(discriminator="kind")]
    listings: Annotated[tuple[Listing, ...], Field(max_length=1_000)]
    cards_posted: Count
    keys: StatementRef
    crit: Crit = ()


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where a release stands among its program's: key version first, then `seq`."""

    key_version: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSummary:
    """A summary whose signature held. Only `verify_summary` makes one."""

    node: NodeId
    summary: Summary
    digest: Digest
    token: bytes

    @property
    def position(self) -> Position:
        """Its place among its program's releases."""
        return Position(self.summary.keys.version, self.summary.seq)

    def is_current(self, now: datetime) -> bool:
        """Whether it still says something; an expired one reads as unknown."""
        return now < from_moment(self.summary.exp)


def next_seq(last: int | None, now: datetime) -> int:
    """`max(last + 1, Unix milliseconds)`: survives a restore from an old backup."""
    milliseconds = int(now.timestamp() * 1000)
    return milliseconds if last is None else max(last + 1, milliseconds)


def sign_summary(summary: Summary, key: SigningKey) -> bytes:
    """`summary` as a compact JWS."""
    return jws.sign(summary.encode(), typ=jws.Typ.SUMMARY, key=key)


def claimed_summary(token: bytes) -> Summary:
    """The claims of a not yet verified summary: only to find out whose keys to fetch."""
    return Summary.parse(jws.claimed_payload(token, typ=jws.Typ.SUMMARY), limit=LIMIT)


def verify_summary(token: bytes, *, keys: Mapping[KeyId, VerifyingKey], node: NodeId, now: datetime) -> VerifiedSummary:
    """Check that `node` signed `token` (07-summaries 7.1). Raises: JWS and field errors, SummaryError, its kinds."""
    verified = jws.verify(token, typ=jws.Typ.SUMMARY, keys=keys)
    summary = Summary.parse(verified.payload, limit=LIMIT)
    if summary.iss != node:
        raise SummaryError(node=node, field="iss")
    if not 0 < summary.exp - summary.iat <= LIFETIME.total_seconds() or from_moment(summary.iat) > now + CLOCK_SKEW:
        raise SummaryError(node=node, field="exp")
    if summary.seq > int((now + FAR_FUTURE).timestamp() * 1000):
        raise SummaryFutureError(node=node, seq=summary.seq)
    return VerifiedSummary(node=node, summary=summary, digest=verified.digest, token=token)


def check_order(seen: Position | None, seen_digest: Digest | None, found: VerifiedSummary) -> None:
    """Refuse what lies below or beside the highest release seen (07-summaries 7.3).

    Raises: SummaryRollbackError, SummaryForkError.
    """
    if seen is None or found.position > seen:
        return
    if found.position < seen:
        raise SummaryRollbackError(node=found.node, seq=found.summary.seq)
    if found.digest != seen_digest:
        raise SummaryForkError(node=found.node, seq=found.summary.seq)


def check_declared(summary: Summary, member: Member) -> None:
    """Refuse what the roster does not declare: cells, bracket, and which (07-summaries 7.4.1). Raises: SummaryError."""
    counts = summary.counts
    kept = isinstance(counts, Cells) if member.publishes is Publishes.COUNTS else counts == Bracket(size=member.size)
    if not kept:
        raise SummaryError(node=member.id, field="counts")


def quarter_before(quarter: str) -> str:
    """The quarter whose cards a summary of `quarter` declares in `cards_posted`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year - 1:04}-Q4" if number == 1 else f"{year:04}-Q{number - 1}"


def surplus(cards: int, declared: Iterable[Summary], *, quarter: str) -> int:
    """How many of the `cards` that the board showed in `quarter` nobody declares: above zero, somebody invents needs.

    Ask it with a summary of every member that was active (07-summaries 7.4.2): a missing one counts as a surplus.
    """
    posted = {each.iss: each.cards_posted for each in declared if quarter_before(each.quarter) == quarter}
    return max(0, cards - sum(posted.values()))
