"""Where Alembic finds the tables of a node."""

from federation.ground.migrations import run_env
from node.adapters.sql.tables import METADATA

run_env(METADATA)
