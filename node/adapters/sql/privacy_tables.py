"""The tables of what was drawn, agreed to and witnessed. Noisy counts are clear: every member program may read them."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

from federation.ground.columns import UtcDateTime

_ID = String(36)
_DIGEST = String(64)
_QUARTER = String(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyTables:
    """Draws, yeses to a policy, changes of visibility, and the ledger."""

    draws: Table
    policies: Table
    visibilities: Table
    ledger: Table


def define(metadata: MetaData) -> PrivacyTables:
    """Add the tables to a schema that has people."""
    return PrivacyTables(
        draws=Table(
            "draws",
            metadata,
            Column("quarter", _QUARTER, primary_key=True),
            Column("at", UtcDateTime, nullable=False),
            Column("epsilon_milli", Integer, nullable=False),
            Column("numbers", Text, nullable=False),  # blank: counts as drawn, nothing to show
        ),
        policies=Table(
            "policies",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=True),
            Column("policy", _DIGEST, nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("by", _ID, nullable=False),
        ),
        visibilities=Table(
            "visibilities",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=True),
            Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("level", Integer, nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("by", _ID, nullable=False),
            Column("salt", LargeBinary, nullable=False),  # goes with the person: what was witnessed tells nothing then
            Column("made_for", _ID),  # the entry that was merged into hers: under it the ledger vouches
            Index(None, "person"),
        ),
        ledger=Table(
            "ledger",
            metadata,
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("at", UtcDateTime, nullable=False),
            Column("act", String(64), nullable=False),
            Column("subject", String(64), nullable=False),
            Column("content", _DIGEST, nullable=False),
            Column("digest", _DIGEST, nullable=False),
        ),
    )
