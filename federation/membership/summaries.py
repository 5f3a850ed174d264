"""Summaries of availability: our own signed and kept until published, those of others verified and ordered.

What they count, and who agreed to it, is the program's work; an expired one reads as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, insert, select, update

from federation.membership.alerts import AlertCode, Alerts
from federation.membership.peers import PeerKeys
from federation.membership.roster_store import RosterStore
from protocol.documents import to_moment
from protocol.errors import ProtocolError
from protocol.ids import Digest, NodeId, sha256_hex
from protocol.summaries import (
    LIFETIME,
    Bracket,
    Cells,
    Listing,
    Position,
    Summary,
    VerifiedSummary,
    check_declared,
    check_order,
    claimed_summary,
    next_seq,
    sign_summary,
    verify_summary,
)
from protocol.vocabulary import vocabulary_hash

if TYPE_CHECKING:
    from datetime import datetime

    from federation.membership.identity import Identity
    from federation.membership.roster import Roster
    from federation.membership.tables import MemberTables


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryDraft:
    """What a program wants every member to know."""

    quarter: str
    policy: str
    counts: Cells | Bracket
    listings: tuple[Listing, ...]
    cards_posted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerSummary:
    """What an active program published last. `expired`: what it says is unknown by now."""

    node: NodeId
    name: str
    summary: Summary | None
    expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSummary:
    """A summary of ours that is not published yet."""

    seq: int
    digest: Digest
    token: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Summaries:
    """The summaries one member holds."""

    tables: MemberTables
    identity: Identity

    def sign(self, connection: Connection, draft: SummaryDraft, now: datetime) -> Digest:
        """Sign `draft`; the next round publishes it. Raises: RosterUnverifiedError, KeysMissingError."""
        table = self.tables.own_summary
        seq = next_seq(connection.scalar(select(func.max(table.c.seq))), now)
        summary = Summary(
            iss=self.identity.node,
            seq=seq,
            iat=to_moment(now),
            exp=to_moment(now + LIFETIME),
            quarter=draft.quarter,
            vocabulary=vocabulary_hash(),
            seen=RosterStore(self.tables).get(connection).seen,
            policy=draft.policy,
            counts=draft.counts,
            listings=draft.listings,
            cards_posted=draft.cards_posted,
            keys=self.identity.statement(connection, now).ref,
        )
        token = sign_summary(summary, self.identity.signing_key(connection, now))
        digest = sha256_hex(token)
        connection.execute(insert(table).values(seq=seq, digest=digest, token=token, signed_at=now))
        return digest

    def waiting(self, connection: Connection) -> OwnSummary | None:
        """The newest summary of ours, if it is not published yet."""
        table = self.tables.own_summary
        row = connection.execute(select(table).order_by(table.c.seq.desc()).limit(1)).one_or_none()
        if row is None or row.published_at is not None:
            return None
        return OwnSummary(seq=row.seq, digest=Digest(row.digest), token=row.token)

    def published(self, connection: Connection, seq: int, now: datetime) -> None:
        """Remember that it was published."""
        table = self.tables.own_summary
        connection.execute(update(table).where(table.c.seq == seq).values(published_at=now))

    def holds(self, connection: Connection, node: NodeId, digest: Digest) -> bool:
        """Whether this very summary was verified before."""
        table = self.tables.peer_summary
        found = select(table.c.node).where(table.c.node == node, table.c.digest == digest)
        return connection.execute(found).first() is not None

    def take(
        self, connection: Connection, roster: Roster, node: NodeId, token: bytes, now: datetime
    ) -> VerifiedSummary | None:
        """Believe a fetched summary if it holds and is no older than what was seen; None and an alert otherwise.

        Raises: StatementNeededError.
        """
        try:
            claimed = claimed_summary(token)
            keys = PeerKeys(self.tables).keys(connection, roster, node, claimed.keys, now)
            found = verify_summary(token, keys=keys, node=node, now=now)
            check_declared(found.summary, roster.member(node))
            self._check_order(connection, roster, found)
        except ProtocolError as error:
            alerts = Alerts(tables=self.tables, seal=self.identity.seal)
            evidence = self._held_token(connection, node) + b"\n" + token
            alerts.sound(connection, AlertCode.SUMMARY_REFUSED, f"{node}/{error.code}", now, evidence=evidence)
            return None
        self._keep(connection, roster, found, now)
        return found

    def all(self, connection: Connection, roster: Roster, now: datetime) -> list[PeerSummary]:
        """What every other active program published last."""
        table = self.tables.peer_summary
        held = {row.node: row for row in connection.execute(select(table))}
        summaries = []
        for member in roster.active:
            if member.id == self.identity.node:
                continue
            row = held.get(member.id)
            is_ours = row is not None and row.identity == roster.identity(NodeId(member.id)).key_id
            summary = claimed_summary(row.token) if row is not None and is_ours else None
            summaries.append(
                PeerSummary(
                    node=NodeId(member.id),
                    name=member.name,
                    summary=summary,
                    expired=summary is None or to_moment(now) >= summary.exp,
                )
            )
        return summaries

    def of_every_member(self, connection: Connection, roster: Roster, now: datetime) -> list[Summary]:
        """The newest summary of each active member, our own too, as far as they still say something."""
        own = self.tables.own_summary
        token = connection.scalar(select(own.c.token).order_by(own.c.seq.desc()).limit(1))
        found = [
            one.summary for one in self.all(connection, roster, now) if one.summary is not None and not one.expired
        ]
        return found if token is None else [*found, claimed_summary(token)]

    def _check_order(self, connection: Connection, roster: Roster, found: VerifiedSummary) -> None:
        table = self.tables.peer_summary
        row = connection.execute(
            select(table).where(table.c.node == found.node, table.c.identity == roster.identity(found.node).key_id)
        ).one_or_none()
        if row is None:
            check_order(None, None, found)
        else:
            check_order(Position(row.key_version, row.seq), Digest(row.digest), found)

    def _held_token(self, connection: Connection, node: NodeId) -> bytes:
        table = self.tables.peer_summary
        return connection.scalar(select(table.c.token).where(table.c.node == node)) or b""

    def _keep(self, connection: Connection, roster: Roster, found: VerifiedSummary, now: datetime) -> None:
        table = self.tables.peer_summary
        values = {
            "identity": roster.identity(found.node).key_id,
            "key_version": found.position.key_version,
            "seq": found.position.seq,
            "digest": found.digest,
            "token": found.token,
            "fetched_at": now,
        }
        if connection.execute(select(table.c.node).where(table.c.node == found.node)).first() is None:
            connection.execute(insert(table).values(node=found.node, **values))
        else:
            connection.execute(update(table).where(table.c.node == found.node).values(**values))
