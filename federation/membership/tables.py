"""The tables a member keeps inside its own database, so that a decision and its letter commit together.

Migrations belong to the program that owns the database. Private keys and signed letters are stored sealed; envelopes
are sealed by their nature. Ids, states, kinds and moments are in the clear.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from federation.ground.columns import UtcDateTime

_ID = 36
_NODE = 16
_DIGEST = 64
_KEY = 43
_CODE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTables:
    """Every table of a member's side."""

    outbox: Table
    inbox: Table
    thread: Table
    thread_message: Table
    own_key: Table
    own_statement: Table
    peer_statement: Table
    peer_summary: Table
    own_summary: Table
    roster_state: Table
    batch: Table
    upload: Table
    link: Table
    alert: Table


def define(metadata: MetaData) -> MemberTables:
    """Add a member's tables to the schema of its program."""
    thread = _thread(metadata)
    return MemberTables(
        thread=thread,
        thread_message=_thread_message(metadata),
        outbox=_outbox(metadata),
        inbox=_inbox(metadata),
        own_key=_own_key(metadata),
        own_statement=_own_statement(metadata),
        peer_statement=_peer_statement(metadata),
        peer_summary=_peer_summary(metadata),
        own_summary=_own_summary(metadata),
        roster_state=_roster_state(metadata),
        batch=_batch(metadata),
        upload=_upload(metadata),
        link=_link(metadata),
        alert=_alert(metadata),
    )


def _thread(metadata: MetaData) -> Table:
    return Table(
        "member_thread",
        metadata,
        Column("thread", String(_ID), primary_key=True),
        Column("peer", String(_NODE), nullable=False),
        Column("side", String(8), nullable=False),
        Column("state", String(_CODE), nullable=False),
        Column("since", UtcDateTime, nullable=False),
        Column("nudge_at", UtcDateTime),
        Column("deadline_at", UtcDateTime, index=True),
        Column("asked_n", Integer, nullable=False, default=0),
        Column("asked_at", UtcDateTime),
        Column("lost_at", UtcDateTime, index=True),
    )


def _thread_message(metadata: MetaData) -> Table:
    table = Table(
        "member_thread_message",
        metadata,
        Column("thread", String(_ID), ForeignKey("member_thread.thread"), primary_key=True),
        Column("author", String(8), primary_key=True),
        Column("n", Integer, primary_key=True),
        Column("message", String(_ID), nullable=False),
        Column("kind", String(_CODE), nullable=False),
        Column("digest", String(_DIGEST), nullable=False),
        Column("prev", String(_DIGEST)),
        Column("seen_n", Integer, nullable=False),
        Column("seen_hash", String(_DIGEST)),
        Column("void", Boolean, nullable=False, default=False),
        Column("parked", Boolean, nullable=False, default=False),
        Column("at", UtcDateTime, nullable=False),
        Column("delivered_at", UtcDateTime),
        Column("inner", LargeBinary),
    )
    Index(None, table.c.message)
    return table


def _outbox(metadata: MetaData) -> Table:
    return Table(
        "member_outbox",
        metadata,
        Column("message", String(_ID), primary_key=True),
        Column("thread", String(_ID), ForeignKey("member_thread.thread"), nullable=False, index=True),
        Column("peer", String(_NODE), nullable=False),
        Column("kind", String(_CODE), nullable=False),
        Column("carries_n", Integer, nullable=False),
        Column("state", String(_CODE), nullable=False, index=True),
        Column("created_at", UtcDateTime, nullable=False),
        Column("expires_at", UtcDateTime, nullable=False),
        Column("due_at", UtcDateTime, index=True),
        Column("claimed_until", UtcDateTime),
        Column("attempts", Integer, nullable=False, default=0),
        Column("error", String(_CODE)),
        Column("inner", LargeBinary),
        Column("envelope", LargeBinary),
        Column("digest", String(_DIGEST)),
        Column("accepted_at", UtcDateTime),
        Column("receipt", LargeBinary),
    )


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "member_inbox",
        metadata,
        Column("sender", String(_NODE), primary_key=True),
        Column("message", String(_ID), primary_key=True),
        Column("digest", String(_DIGEST), nullable=False),
        Column("state", String(_CODE), nullable=False, index=True),
        Column("received_at", UtcDateTime, nullable=False),
        Column("expires_at", UtcDateTime, nullable=False),
        Column("envelope", LargeBinary),
        Column("receipt", LargeBinary),
        Column("acknowledged_at", UtcDateTime),
    )


def _own_key(metadata: MetaData) -> Table:
    return Table(
        "member_own_key",
        metadata,
        Column("key", String(_KEY), primary_key=True),
        Column("identity", String(_KEY), nullable=False),
        Column("purpose", String(8), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("private", LargeBinary, nullable=False),
        Column("retired_at", UtcDateTime),
    )


def _own_statement(metadata: MetaData) -> Table:
    return Table(
        "member_own_statement",
        metadata,
        Column("version", BigInteger, primary_key=True, autoincrement=False),
        Column("identity", String(_KEY), nullable=False),
        Column("token", LargeBinary, nullable=False),
        Column("issued_at", UtcDateTime, nullable=False),
        Column("published_at", UtcDateTime),
    )


def _peer_statement(metadata: MetaData) -> Table:
    return Table(
        "member_peer_statement",
        metadata,
        Column("node", String(_NODE), primary_key=True),
        Column("identity", String(_KEY), primary_key=True),
        Column("version", BigInteger, primary_key=True),
        Column("digest", String(_DIGEST), nullable=False),
        Column("token", LargeBinary, nullable=False),
        Column("checked_at", UtcDateTime, nullable=False),
    )


def _peer_summary(metadata: MetaData) -> Table:
    return Table(
        "member_peer_summary",
        metadata,
        Column("node", String(_NODE), primary_key=True),
        Column("identity", String(_KEY), nullable=False),
        Column("key_version", BigInteger, nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("digest", String(_DIGEST), nullable=False),
        Column("token", LargeBinary, nullable=False),
        Column("fetched_at", UtcDateTime, nullable=False),
    )


def _own_summary(metadata: MetaData) -> Table:
    return Table(
        "member_own_summary",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("digest", String(_DIGEST), nullable=False),
        Column("token", LargeBinary, nullable=False),
        Column("signed_at", UtcDateTime, nullable=False),
        Column("published_at", UtcDateTime),
    )


def _roster_state(metadata: MetaData) -> Table:
    return Table(
        "member_roster_state",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("root", Integer, nullable=False),
        Column("targets", Integer, nullable=False),
        Column("suspensions", Integer, nullable=False),
        Column("targets_expires", UtcDateTime, nullable=False),
        Column("signed_at", UtcDateTime),
        Column("members", LargeBinary, nullable=False),
        Column("policy", LargeBinary, nullable=False),
        Column("stuck", LargeBinary, nullable=False),
        Column("verified_at", UtcDateTime, nullable=False),
    )


def _batch(metadata: MetaData) -> Table:
    return Table(
        "member_batch",
        metadata,
        Column("batch", String(_ID), primary_key=True),
        Column("digest", String(_DIGEST), nullable=False, index=True),
        Column("released_at", UtcDateTime, nullable=False),
        Column("suspensions", Integer, nullable=False),
        Column("cards", Integer, nullable=False, server_default="0"),
        Column("offers", String(_DIGEST)),  # the hash of the batch of offers of the same name, once it was read
    )


def _upload(metadata: MetaData) -> Table:
    return Table(
        "member_upload",
        metadata,
        Column("id", String(_KEY), primary_key=True),
        Column("kind", String(_CODE), nullable=False),
        Column("subject", String(_DIGEST), nullable=False, index=True),
        Column("content", LargeBinary, nullable=False),  # sealed
        Column("batch", String(_ID)),
        Column("body", LargeBinary),
    )


def _link(metadata: MetaData) -> Table:
    return Table(
        "member_link",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("exchange", String(200), nullable=False),
        Column("join_id", String(_ID), nullable=False),
        Column("join_state", String(_CODE), nullable=False),
        Column("join_request", LargeBinary, nullable=False),
        Column("root_digest", String(_DIGEST), nullable=False),
        Column("paused_by", String(_CODE)),
        Column("paused_at", UtcDateTime),
        Column("synced_at", UtcDateTime),
        Column("restored_to", UtcDateTime),
        Column("restored_at", UtcDateTime),
        Column("reread_at", UtcDateTime),
        Column("noted_at", UtcDateTime),
    )


def _alert(metadata: MetaData) -> Table:
    return Table(
        "member_alert",
        metadata,
        Column("code", String(_CODE), primary_key=True),
        Column("subject", String(_DIGEST), primary_key=True),
        Column("first_at", UtcDateTime, nullable=False),
        Column("last_at", UtcDateTime, nullable=False),
        Column("times", Integer, nullable=False),
        Column("evidence", LargeBinary),
    )
