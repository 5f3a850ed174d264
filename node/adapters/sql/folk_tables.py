"""The tables of what coordinators keep beside a person: notes, who turned out to be whom, spreadsheets coming in."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, MetaData, String, Table

from federation.ground.columns import UtcDateTime

_ID = String(36)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolkTables:
    """Notes, merges, pairs that only look like one person, and uploads."""

    notes: Table
    merges: Table
    unlike: Table
    uploads: Table


def define(metadata: MetaData) -> FolkTables:
    """Add the tables to a schema that has users and people."""
    return FolkTables(
        notes=Table(
            "notes",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("by", _ID, nullable=False),
            Column("words", LargeBinary, nullable=False),  # sealed
            Index(None, "person"),
        ),
        merges=Table(
            "merges",
            metadata,
            Column("gone", _ID, primary_key=True),
            Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("by", _ID, nullable=False),
            Index(None, "person"),
        ),
        unlike=Table(
            "unlike",
            metadata,
            Column("one", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
            Column("other", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
            Index(None, "other"),
        ),
        uploads=Table(
            "uploads",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("user", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("content", LargeBinary, nullable=False),  # sealed under the key of the one who brought it
            Index(None, "user"),
        ),
    )
