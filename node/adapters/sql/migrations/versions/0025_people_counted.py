"""whether anybody changed is told by an index."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_people_kind_version_id"), "people", ["kind", "version", "id"])
