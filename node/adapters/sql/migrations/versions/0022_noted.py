"""when the program last wrote to itself."""

import sqlalchemy as sa
from alembic import op
from federation.ground.columns import UtcDateTime

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member_link") as batch:
        batch.add_column(sa.Column("noted_at", UtcDateTime(), nullable=True))
