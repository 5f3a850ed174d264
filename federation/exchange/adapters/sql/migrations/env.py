"""Where Alembic finds the tables of an exchange."""

from federation.exchange.adapters.sql.board_tables import BOARD
from federation.ground.migrations import run_env

run_env(BOARD.metadata)
