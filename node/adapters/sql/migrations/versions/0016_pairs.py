"""notes of pairs and meetings they plan."""

import sqlalchemy as sa
from alembic import op

from federation.ground.columns import UtcDateTime

revision = '0016'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    shared: tuple[tuple[str, tuple[sa.Column[object], ...]], ...] = (
        ('pair_notes', (
            sa.Column('author', sa.String(length=36), nullable=False),
            sa.Column('by_staff', sa.Boolean(create_constraint=False), nullable=False),
            sa.Column('reach', sa.String(length=64), nullable=False),
            sa.Column('at', UtcDateTime(), nullable=False),
            sa.Column('words', sa.LargeBinary(), nullable=False),
            sa.Column('settled_at', UtcDateTime(), nullable=True),
        )),
        ('pair_plans', (
            sa.Column('at', UtcDateTime(), nullable=False),
            sa.Column('minutes', sa.Integer(), nullable=False),
            sa.Column('place', sa.LargeBinary(), nullable=False),
        )),
    )
    for name, columns in shared:
        op.create_table(
            name,
            sa.Column('id', sa.String(length=36), nullable=False),
            sa.Column('mentorship', sa.String(length=36), nullable=False),
            sa.Column('person', sa.String(length=36), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(['mentorship'], ['mentorships.id'], name=op.f(f'fk_{name}_mentorship_mentorships'), ondelete='CASCADE'),
            sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f(f'fk_{name}_person_people'), ondelete='CASCADE'),
            sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}')),
        )
        for column in ('mentorship', 'person'):
            op.create_index(op.f(f'ix_{name}_{column}'), name, [column], unique=False)
