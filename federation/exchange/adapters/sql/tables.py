"""The tables of the exchange. Letters are sealed bytes; nothing here can name a person."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from federation.ground.columns import UtcDateTime
from federation.ground.engine import metadata

METADATA = metadata()

# What changed since a replica last looked: one number for the roster, one for keys.
EPOCHS = Table("epochs", METADATA, Column("name", String, primary_key=True), Column("number", Integer, nullable=False))

NONCES = Table(
    "nonces",
    METADATA,
    Column("key_id", String, primary_key=True),
    Column("nonce", String, primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)

ROSTER_FILES = Table(
    "roster_files",
    METADATA,
    Column("name", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

ROSTER = Table(
    "roster",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("root", Integer, nullable=False),
    Column("targets", Integer, nullable=False),
    Column("suspensions", Integer, nullable=False),
    Column("snapshot", Integer, nullable=False),
    Column("timestamp", Integer, nullable=False),
    Column("snapshot_expires", UtcDateTime, nullable=False),
    Column("timestamp_expires", UtcDateTime, nullable=False),
    Column("members_json", LargeBinary, nullable=False),
    Column("policy_json", LargeBinary, nullable=False),
    Column("suspensions_json", LargeBinary, nullable=False),
)

STICKY = Table(
    "sticky_suspensions",
    METADATA,
    Column("key", String, primary_key=True),
    Column("serial", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", String, primary_key=True),
    Column("since", BigInteger, nullable=False),
)

STATEMENTS = Table(
    "statements",
    METADATA,
    Column("node", String, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
)

SIGNING_KEYS = Table(
    "signing_keys",
    METADATA,
    Column("key_id", String, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("node", String, nullable=False, index=True),
    Column("identity", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

MAILBOXES = Table(
    "mailboxes",
    METADATA,
    Column("node", String, primary_key=True),
    Column("last_cursor", BigInteger, nullable=False),
    Column("items", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

ITEMS = Table(
    "items",
    METADATA,
    Column("node", String),
    Column("cursor", BigInteger, autoincrement=False),
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("sender", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("accepted_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("acknowledged_at", UtcDateTime),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("node", "cursor"),
    UniqueConstraint("node", "id"),
)
_WAITING = ITEMS.c.acknowledged_at.is_(None)
Index("ix_items_waiting", ITEMS.c.node, ITEMS.c.cursor, sqlite_where=_WAITING, postgresql_where=_WAITING)

CONTACTS = Table(
    "contacts",
    METADATA,
    Column("one", String, primary_key=True),
    Column("other", String, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("node", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("messages", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("first_contacts", Integer, nullable=False),
    Column("uploads", Integer, nullable=False),
    sqlite_with_rowid=False,
)

JOININGS = Table(
    "joinings",
    METADATA,
    Column("id", String, primary_key=True),
    Column("node", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("identity_raw", LargeBinary, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("challenge", LargeBinary),
    Column("answer", LargeBinary),
    Column("refusal", LargeBinary),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
)

SUMMARIES = Table(
    "summaries",
    METADATA,
    Column("node", String, primary_key=True),
    Column("digest", String, primary_key=True),
    Column("key_version", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("is_newest", Integer, nullable=False),
    Column("token", LargeBinary, nullable=False),
)

ATTESTATIONS = Table(
    "attestations",
    METADATA,
    Column("node", String, primary_key=True),
    Column("quarter", String, primary_key=True),
    Column("waiting", Integer, nullable=False),
    Column("iat", BigInteger, nullable=False),
)
