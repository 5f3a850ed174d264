"""The tables of what a pair keeps beside its agreement; every row hangs on the person under whose key it is."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

from federation.ground.columns import UtcDateTime

_ID = String(36)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTables:
    """Notes and planned meetings."""

    notes: Table
    plans: Table


def define(metadata: MetaData) -> PairTables:
    """Add the tables to a schema that has people and mentorships."""
    return PairTables(
        notes=Table(
            "pair_notes",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("mentorship", _ID, ForeignKey("mentorships.id", ondelete="CASCADE"), nullable=False),
            Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("author", _ID, nullable=False),
            Column("by_staff", Boolean(create_constraint=False), nullable=False),
            Column("reach", String(64), nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("words", LargeBinary, nullable=False),  # sealed
            Column("settled_at", UtcDateTime),
            Index(None, "mentorship"),
            Index(None, "person"),
        ),
        plans=Table(
            "pair_plans",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("mentorship", _ID, ForeignKey("mentorships.id", ondelete="CASCADE"), nullable=False),
            Column("person", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("minutes", Integer, nullable=False),
            Column("place", LargeBinary, nullable=False),  # sealed
            Index(None, "mentorship"),
            Index(None, "person"),
        ),
    )
