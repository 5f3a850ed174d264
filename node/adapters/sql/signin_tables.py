"""The tables of signing in. Tokens are kept as digests, hashes of passwords sealed, places and accounts keyed."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, MetaData, String, Table

from federation.ground.columns import UtcDateTime

_DIGEST = String(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTables:
    """Passwords and the links to choose one, sessions and known browsers, attempts."""

    passwords: Table
    password_links: Table
    sessions: Table
    browsers: Table
    attempts: Table


def define(metadata: MetaData) -> SignInTables:
    """Add the tables to a schema that has users."""
    return SignInTables(
        passwords=Table(
            "passwords",
            metadata,
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
            Column("hash", LargeBinary, nullable=False),  # sealed
            Column("set_at", UtcDateTime, nullable=False),
        ),
        password_links=Table(
            "password_links",
            metadata,
            Column("digest", _DIGEST, primary_key=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("until", UtcDateTime, nullable=False),
        ),
        sessions=Table(
            "sessions",
            metadata,
            Column("digest", _DIGEST, primary_key=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("begun_at", UtcDateTime, nullable=False),
            Column("seen_at", UtcDateTime, nullable=False),
        ),
        browsers=Table(
            "browsers",
            metadata,
            Column("digest", _DIGEST, primary_key=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("until", UtcDateTime, nullable=False),
        ),
        attempts=Table(
            "attempts",
            metadata,
            Column("id", String(36), primary_key=True),
            Column("place", LargeBinary, nullable=False),
            Column("account", LargeBinary),
            Column("at", UtcDateTime, nullable=False),
            Index(None, "place", "at"),
            Index(None, "account", "at"),
            Index(None, "at"),
        ),
    )
