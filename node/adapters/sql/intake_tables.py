"""The tables of intake: versions of forms, sources with their counts, and answers sealed under keys of their own."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

from federation.ground.columns import UtcDateTime

_ID = String(36)
_CODE = String(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeTables:
    """Forms, sources and applications."""

    forms: Table
    sources: Table
    applications: Table


def define(metadata: MetaData) -> IntakeTables:
    """Add the tables to a schema that has data keys."""
    return IntakeTables(
        forms=Table(
            "intake_forms",
            metadata,
            Column("kind", _CODE, primary_key=True),
            Column("version", Integer, primary_key=True),
            Column("questions", String(60_000), nullable=False),  # the program's own words, nobody's
            Column("changed_at", UtcDateTime, nullable=False),
            Column("changed_by", _ID, nullable=False),
        ),
        sources=Table(
            "intake_sources",
            metadata,
            Column("code", _CODE, primary_key=True),
            Column("name", String(200), nullable=False),
            Column("made_at", UtcDateTime),
            Column("started", Integer, nullable=False),
            Column("finished", Integer, nullable=False),
            Column("retired_at", UtcDateTime),
        ),
        applications=Table(
            "applications",
            metadata,
            Column("id", ForeignKey("data_keys.subject", ondelete="CASCADE"), primary_key=True),
            Column("kind", _CODE, nullable=False),
            Column("language", String(2), nullable=False),
            Column("source", _CODE, nullable=False),
            Column("link", String(64), nullable=False, unique=True),  # a digest
            Column("stage", _CODE, nullable=False),
            Column("begun_at", UtcDateTime, nullable=False),
            Column("until", UtcDateTime, nullable=False),
            Column("sent_at", UtcDateTime),
            Column("decided_at", UtcDateTime),
            Column("words", LargeBinary, nullable=False),  # sealed: answers, reason, and the token of a link to send
            Column("mail", _CODE),
            Column("mail_due_at", UtcDateTime),
            Column("mail_attempts", Integer, nullable=False),
            Column("mails", Integer, nullable=False),
            Column("version", Integer, nullable=False),
            Index(None, "stage"),
            Index(None, "mail_due_at"),
        ),
    )
