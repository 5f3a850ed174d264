"""what a restored program has lost and asks for."""

import sqlalchemy as sa
from alembic import op

import federation.ground.columns

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = federation.ground.columns.UtcDateTime()
    with op.batch_alter_table('member_link', schema=None) as batch_op:
        for name in ('restored_to', 'restored_at', 'reread_at'):
            batch_op.add_column(sa.Column(name, moment, nullable=True))
    with op.batch_alter_table('member_thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lost_at', moment, nullable=True))
        batch_op.create_index(batch_op.f('ix_member_thread_lost_at'), ['lost_at'], unique=False)
