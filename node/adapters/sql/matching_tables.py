"""The tables of matching: pinned pairs, drafts, what a draft says of everybody in it. Codes and numbers only."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table

from federation.ground.columns import UtcDateTime

_ID = String(36)
_CODE = String(64)


class MatchingTables:
    """Every row about a person goes with her."""

    def __init__(self, metadata: MetaData) -> None:
        """Define them among the tables of the program."""
        self.pins = Table(
            "pins",
            metadata,
            Column("mentee", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
            Column("mentor", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
            Column("since", UtcDateTime, nullable=False),
            Index(None, "mentor"),
        )
        self.drafts = Table(
            "drafts",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("state", _CODE, nullable=False),
            Column("made_at", UtcDateTime, nullable=False),
            Column("made_by", _ID, nullable=False),
            Column("edited_by", _ID, nullable=False),
            Column("signed_by", _ID),
            Column("figures", String(1000), nullable=False),
            Column("made_of", String(200), nullable=False, server_default=""),
            Column("version", Integer, nullable=False),
        )
        self.asked = Table(
            "drafts_asked",
            metadata,
            Column("id", _ID, primary_key=True),
            Column("by", _ID, nullable=False),
            Column("at", UtcDateTime, nullable=False),
            Column("tries", Integer, nullable=False, server_default="0"),
            Column("claimed_until", UtcDateTime),
        )
        """Drafts that are being made; a row goes when its draft is there."""
        self.pairs = Table(
            "draft_pairs",
            metadata,
            Column("draft", _ID, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
            Column("mentee", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
            Column("mentor", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("tier", Integer, nullable=False),
            Column("fit", Integer, nullable=False),
            Column("by_hand", Boolean, nullable=False),
            Column("one_by_one", Integer),
            Index(None, "mentee"),
            Index(None, "mentor"),
        )
        self.unmatched = Table(
            "draft_unmatched",
            metadata,
            Column("draft", _ID, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
            Column("mentee", _ID, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
            Column("tier", Integer, nullable=False),
            Column("why", _CODE, nullable=False),
            Column("cutoff", Integer),
            Column("own", Integer),
            Column("one_by_one", Integer),
            Index(None, "mentee"),
        )
        self.changes = Table(
            "draft_changes",
            metadata,
            Column("draft", _ID, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("at", UtcDateTime, nullable=False),
            Column("by", _ID, nullable=False),
            Column("undoes", Integer),
            Column("mentee", _ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
            Column("tier", Integer, nullable=False),
            Column("mentor", _ID, ForeignKey("people.id", ondelete="CASCADE")),
            Column("fit", Integer),
            Column("by_hand", Boolean),
            Column("why", _CODE),
            Column("cutoff", Integer),
            Column("own", Integer),
            Column("one_by_one", Integer),
            Index(None, "mentee"),
            Index(None, "mentor"),
        )
        """Each row says how a mentee stood before a change by hand."""
