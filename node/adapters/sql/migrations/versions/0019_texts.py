"""what a program says in its letters in its own words."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'letter_texts',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('wordings', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_texts')),
    )
