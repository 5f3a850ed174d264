"""of which people a draft was made, and how often making one was tried."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("made_of", sa.String(length=200), server_default="", nullable=False))
    op.add_column("drafts_asked", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
