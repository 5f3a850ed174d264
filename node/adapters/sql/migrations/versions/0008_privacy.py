"""what was drawn, agreed to and witnessed."""

import sqlalchemy as sa
from alembic import op

import federation.ground.columns

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = federation.ground.columns.UtcDateTime()
    op.create_table(
        'draws',
        sa.Column('quarter', sa.String(length=7), nullable=False),
        sa.Column('at', moment, nullable=False),
        sa.Column('epsilon_milli', sa.Integer(), nullable=False),
        sa.Column('numbers', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('quarter', name=op.f('pk_draws')),
    )
    op.create_table(
        'policies',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('policy', sa.String(length=64), nullable=False),
        sa.Column('at', moment, nullable=False),
        sa.Column('by', sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_policies')),
    )
    op.create_table(
        'visibilities',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('person', sa.String(length=36), nullable=False),
        sa.Column('level', sa.Integer(), nullable=False),
        sa.Column('at', moment, nullable=False),
        sa.Column('by', sa.String(length=36), nullable=False),
        sa.Column('salt', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ['person'], ['people.id'], name=op.f('fk_visibilities_person_people'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_visibilities')),
    )
    op.create_index(op.f('ix_visibilities_person'), 'visibilities', ['person'], unique=False)
    op.create_table(
        'ledger',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', moment, nullable=False),
        sa.Column('act', sa.String(length=64), nullable=False),
        sa.Column('subject', sa.String(length=64), nullable=False),
        sa.Column('content', sa.String(length=64), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_ledger')),
    )
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quarter', sa.String(length=7), nullable=True))
