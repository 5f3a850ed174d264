"""The tables of what a program chose for itself: how long it keeps what, and its own words in letters."""

from dataclasses import dataclass

from sqlalchemy import Column, Integer, MetaData, String, Table, Text

_CODE = String(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramTables:
    """Lengths in days, and texts of letters."""

    kept_days: Table
    letter_texts: Table


def define(metadata: MetaData) -> ProgramTables:
    """Add the tables to a schema."""
    return ProgramTables(
        kept_days=Table(
            "kept_days",
            metadata,
            Column("kind", _CODE, primary_key=True),
            Column("days", Integer, nullable=False),
        ),
        letter_texts=Table(
            "letter_texts",
            metadata,
            Column("id", _CODE, primary_key=True),
            Column("wordings", Text, nullable=False),
            Column("version", Integer, nullable=False),
        ),
    )
