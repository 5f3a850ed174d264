"""under which entry a change of visibility was made, where two entries became one."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('visibilities', sa.Column('made_for', sa.String(length=36), nullable=True))
