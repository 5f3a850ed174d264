"""The tables of signing in. Tokens are kept as digests, hashes of passwords sealed, places and accounts keyed."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

from federation.ground.columns import UtcDateTime

_DIGEST = String(64)
_CODE = String(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTables:
    """Passwords, sessions, known browsers, second factors, attempts; links and sessions of participants."""

    passwords: Table
    password_links: Table
    sessions: Table
    browsers: Table
    attempts: Table
    factors: Table
    recovery_codes: Table
    half_open: Table
    passkeys: Table
    questions: Table
    account_links: Table
    participant_links: Table
    participant_sessions: Table


def define(metadata: MetaData) -> SignInTables:
    """Add the tables to a schema that has users and people."""
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
            Column("way", _CODE, nullable=False),
            Column("browser", _CODE, nullable=False),
            Column("system", _CODE, nullable=False),
            Column("network", String(20), nullable=False),
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
        factors=Table(
            "factors",
            metadata,
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
            Column("secret", LargeBinary, nullable=False),  # sealed
            Column("begun_at", UtcDateTime, nullable=False),
            Column("confirmed_at", UtcDateTime),
            Column("last_step", BigInteger, nullable=False),
        ),
        recovery_codes=Table(
            "recovery_codes",
            metadata,
            Column("token", LargeBinary, primary_key=True),  # keyed
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        ),
        half_open=Table(
            "half_open",
            metadata,
            Column("digest", _DIGEST, primary_key=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
            Column("until", UtcDateTime, nullable=False),
            Column("attempt", String(36), nullable=False),
            Column("tries", Integer, nullable=False),
        ),
        passkeys=Table(
            "passkeys",
            metadata,
            Column("id", String(1400), primary_key=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("public_key", LargeBinary, nullable=False),
            Column("signed", BigInteger, nullable=False),
            Column("added_at", UtcDateTime, nullable=False),
            Column("used_at", UtcDateTime),
            Column("browser", _CODE, nullable=False),
            Column("system", _CODE, nullable=False),
        ),
        questions=Table(
            "passkey_questions",
            metadata,
            Column("browser", _DIGEST, primary_key=True),
            Column("challenge", _CODE, nullable=False),
            Column("until", UtcDateTime, nullable=False),
        ),
        account_links=Table(
            "account_links",
            metadata,
            Column("account", _DIGEST, primary_key=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("added_at", UtcDateTime, nullable=False),
            Column("allowed_at", UtcDateTime),
        ),
        participant_links=Table(
            "participant_links",
            metadata,
            Column("digest", _DIGEST, primary_key=True),
            Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("until", UtcDateTime, nullable=False),
        ),
        participant_sessions=Table(
            "participant_sessions",
            metadata,
            Column("digest", _DIGEST, primary_key=True),
            Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("begun_at", UtcDateTime, nullable=False),
        ),
    )
