"""The tables of anonymous requests. What the board shows to everybody is clear; what opens or closes one is sealed."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

from federation.ground.columns import UtcDateTime

_ID = String(36)
_DIGEST = String(64)
_CODE = String(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTables:
    """Cards of everybody, our own, questions to our mentors, offers to our mentees, and what was attested."""

    cards: Table
    own_cards: Table
    questions: Table
    offers: Table
    attestations: Table


def define(metadata: MetaData) -> BoardTables:
    """Add the tables to a schema that has people."""
    return BoardTables(
        cards=Table(
            "cards",
            metadata,
            Column("id", _DIGEST, primary_key=True),
            *_words(),
            Column("key", String(43), nullable=False),
            Column("close", _DIGEST, nullable=False),
            Column("shown_at", UtcDateTime, nullable=False),
            Column("closed", Boolean, nullable=False),
            Column("ours", Boolean, nullable=False),
            Index(None, "shown_at"),
            Index(None, "close"),
        ),
        own_cards=Table(
            "own_cards",
            metadata,
            Column("id", _DIGEST, primary_key=True),
            Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            *_words(),
            Column("secret", LargeBinary, nullable=False),  # sealed: the one-time key, and what closes the card
            Column("posted_at", UtcDateTime, nullable=False),
            Column("ended_at", UtcDateTime),
            Column("version", Integer, nullable=False),
            Index(None, "person"),
        ),
        questions=Table(
            "card_questions",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("card", _DIGEST, nullable=False),
            Column("mentor", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("asked_at", UtcDateTime, nullable=False),
            Column("answered_at", UtcDateTime),
            Column("seat", _ID),
            Column("offer", Text),
            Column("ticket", _DIGEST, nullable=False),  # only the hash
            Column("thread", _ID),
            Column("version", Integer, nullable=False),
            Index(None, "mentor"),
        ),
        offers=Table(
            "card_offers",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("card", ForeignKey("own_cards.id", ondelete="CASCADE"), nullable=False),
            Column("host", String(16), nullable=False),
            Column("offer", Text, nullable=False),
            Column("ticket", LargeBinary, nullable=False),  # sealed under the mentee's key
            Column("heard_at", UtcDateTime, nullable=False),
            Column("thread", _ID),
            Column("passed", Boolean, nullable=False),
            Column("version", Integer, nullable=False),
            Index(None, "card"),
            Index(None, "thread"),
        ),
        attestations=Table(
            "attestations",
            metadata,
            Column("quarter", String(7), primary_key=True),
            Column("waiting", Integer, nullable=False),
            Column("by", _ID, nullable=False),
            Column("at", UtcDateTime, nullable=False),
        ),
    )


def _words() -> tuple[Column[str], Column[str | None], Column[int], Column[str]]:
    return (
        Column("occupation", String(5), nullable=False),
        Column("language", String(3)),
        Column("tier", Integer, nullable=False),
        Column("mode", _CODE, nullable=False),
    )
