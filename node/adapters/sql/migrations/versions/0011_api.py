"""tokens of other programs, first answers to what must be done once, and which token an act was done with."""

import sqlalchemy as sa
from alembic import op

from federation.ground.columns import UtcDateTime

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('via', sa.String(length=36), nullable=True))
    op.create_table(
        'tokens',
        sa.Column('id', sa.String(length=36), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('user', sa.String(length=36), nullable=False),
        sa.Column('name', sa.LargeBinary(), nullable=False),
        sa.Column('scopes', sa.String(length=400), nullable=False),
        sa.Column('added_at', UtcDateTime(), nullable=False),
        sa.Column('used_on', sa.Date(), nullable=True),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['user'], ['users.id'], name=op.f('fk_tokens_user_users'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tokens')),
        sa.UniqueConstraint('digest', name=op.f('uq_tokens_digest')),
    )
    op.create_index(op.f('ix_tokens_user'), 'tokens', ['user'], unique=False)
    op.create_table(
        'answers',
        sa.Column('owner', sa.String(length=64), nullable=False),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('request', sa.String(length=64), nullable=False),
        sa.Column('subject', sa.String(length=36), nullable=False),
        sa.Column('begun_at', UtcDateTime(), nullable=False),
        sa.Column('answer', sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ['subject'], ['data_keys.subject'], name=op.f('fk_answers_subject_data_keys'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('owner', 'key', name=op.f('pk_answers')),
    )
    op.create_index(op.f('ix_answers_subject'), 'answers', ['subject'], unique=False)
    op.create_index(op.f('ix_answers_begun_at'), 'answers', ['begun_at'], unique=False)
