"""The tables of the JSON API: tokens as digests with sealed names, and first answers to what must be done once."""

from dataclasses import dataclass

from sqlalchemy import Column, Date, ForeignKey, LargeBinary, MetaData, String, Table

from federation.ground.columns import UtcDateTime

_DIGEST = String(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTables:
    """Tokens, and answers that are given again."""

    tokens: Table
    answers: Table


def define(metadata: MetaData) -> ApiTables:
    """Add the tables to a schema that has users and data keys."""
    return ApiTables(
        tokens=Table(
            "tokens",
            metadata,
            Column("id", String(36), primary_key=True),
            Column("digest", _DIGEST, nullable=False, unique=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
            Column("name", LargeBinary, nullable=False),  # sealed
            Column("scopes", String(400), nullable=False),
            Column("added_at", UtcDateTime, nullable=False),
            Column("used_on", Date),
            Column("ends_on", Date),
        ),
        answers=Table(
            "answers",
            metadata,
            Column("owner", _DIGEST, primary_key=True),
            Column("key", _DIGEST, primary_key=True),
            Column("request", _DIGEST, nullable=False),
            Column("subject", ForeignKey("data_keys.subject", ondelete="CASCADE"), nullable=False, index=True),
            Column("begun_at", UtcDateTime, nullable=False, index=True),
            Column("answer", LargeBinary),  # sealed
        ),
    )
