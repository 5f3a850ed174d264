"""notes on people, who was merged into whom, spreadsheets on their way in; acts found by what they are about."""

import sqlalchemy as sa
from alembic import op

from federation.ground.columns import UtcDateTime

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'notes',
        sa.Column('id', sa.String(length=36), nullable=False),
        sa.Column('person', sa.String(length=36), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('by', sa.String(length=36), nullable=False),
        sa.Column('words', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_notes_person_people'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notes')),
    )
    op.create_table(
        'merges',
        sa.Column('gone', sa.String(length=36), nullable=False),
        sa.Column('person', sa.String(length=36), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('by', sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_merges_person_people'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('gone', name=op.f('pk_merges')),
    )
    op.create_table(
        'unlike',
        sa.Column('one', sa.String(length=36), nullable=False),
        sa.Column('other', sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(['one'], ['people.id'], name=op.f('fk_unlike_one_people'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['other'], ['people.id'], name=op.f('fk_unlike_other_people'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('one', 'other', name=op.f('pk_unlike')),
    )
    with op.batch_alter_table('search_tokens', schema=None) as batch_op:
        batch_op.add_column(sa.Column('whole', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f('ix_search_tokens_whole_token'), 'search_tokens', ['whole', 'token'], unique=False)
    op.create_table(
        'uploads',
        sa.Column('id', sa.String(length=36), nullable=False),
        sa.Column('user', sa.String(length=36), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['user'], ['users.id'], name=op.f('fk_uploads_user_users'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads')),
    )
    for table, column in (
        ('notes', 'person'),
        ('merges', 'person'),
        ('unlike', 'other'),
        ('uploads', 'user'),
        ('audit', 'subject'),
    ):
        op.create_index(op.f(f'ix_{table}_{column}'), table, [column], unique=False)
