"""when a source of intake was retired."""

import sqlalchemy as sa
from alembic import op
from federation.ground.columns import UtcDateTime

revision = '0021'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("intake_sources") as batch:
        batch.add_column(sa.Column("retired_at", UtcDateTime(), nullable=True))
