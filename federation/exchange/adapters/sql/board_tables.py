"""The tables of the need board: apart from the relay's, and without a member in them."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from federation.exchange.adapters.sql.tables import METADATA
from federation.ground.columns import UtcDateTime

BOARD = Table(
    "board",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("batch", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
)

UPLOADS = Table(
    "board_uploads",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("upload", String, primary_key=True),
    Column("digest", String, nullable=False),
    sqlite_with_rowid=False,
)

CARDS = Table(
    "board_cards",
    METADATA,
    Column("card_id", String, primary_key=True),
    Column("pseudonym", String, nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("close", String, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("released", Integer),
    Column("closed", Integer),
    Column("card", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

CODES = Table(
    "board_codes",
    METADATA,
    Column("pseudonym", String, primary_key=True),
    Column("code", String, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("number", Integer, nullable=False),
)

OFFERS = Table(
    "board_offers",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("offer", String, nullable=False),
    sqlite_with_rowid=False,
)

BATCHES = Table(
    "board_batches",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("batch", String, primary_key=True),
    Column("number", Integer, nullable=False, index=True),
    Column("digest", String, nullable=False),
    Column("released_at", UtcDateTime, nullable=False),
    Column("token", LargeBinary, nullable=False),
)
