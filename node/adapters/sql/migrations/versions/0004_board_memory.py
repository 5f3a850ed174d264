"""which batches of the need board a program was shown."""

import sqlalchemy as sa
from alembic import op

import federation.ground.columns

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('member_batch',
    sa.Column('batch', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('released_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('suspensions', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('batch', name=op.f('pk_member_batch'))
    )
    with op.batch_alter_table('member_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_batch_digest'), ['digest'], unique=False)


def downgrade() -> None:
    op.drop_table('member_batch')
