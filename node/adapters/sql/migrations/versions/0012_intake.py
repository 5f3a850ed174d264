"""forms of intake, sources people come by, and what applicants answered."""

import sqlalchemy as sa
from alembic import op

from federation.ground.columns import UtcDateTime

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'intake_forms',
        sa.Column('kind', sa.String(length=64), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('questions', sa.String(length=60_000), nullable=False),
        sa.Column('changed_at', UtcDateTime(), nullable=False),
        sa.Column('changed_by', sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint('kind', 'version', name=op.f('pk_intake_forms')),
    )
    op.create_table(
        'intake_sources',
        sa.Column('code', sa.String(length=64), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('made_at', UtcDateTime(), nullable=True),
        sa.Column('started', sa.Integer(), nullable=False),
        sa.Column('finished', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('code', name=op.f('pk_intake_sources')),
    )
    op.create_table(
        'applications',
        sa.Column('id', sa.String(length=36), nullable=False),
        sa.Column('kind', sa.String(length=64), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('source', sa.String(length=64), nullable=False),
        sa.Column('link', sa.String(length=64), nullable=False),
        sa.Column('stage', sa.String(length=64), nullable=False),
        sa.Column('begun_at', UtcDateTime(), nullable=False),
        sa.Column('until', UtcDateTime(), nullable=False),
        sa.Column('sent_at', UtcDateTime(), nullable=True),
        sa.Column('decided_at', UtcDateTime(), nullable=True),
        sa.Column('words', sa.LargeBinary(), nullable=False),
        sa.Column('mail', sa.String(length=64), nullable=True),
        sa.Column('mail_due_at', UtcDateTime(), nullable=True),
        sa.Column('mail_attempts', sa.Integer(), nullable=False),
        sa.Column('mails', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['id'], ['data_keys.subject'], name=op.f('fk_applications_id_data_keys'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_applications')),
        sa.UniqueConstraint('link', name=op.f('uq_applications_link')),
    )
    for column in ('stage', 'mail_due_at'):
        op.create_index(op.f(f'ix_applications_{column}'), 'applications', [column], unique=False)
