"""wishes and specialities of people, pinned pairs, drafts."""

import sqlalchemy as sa
from alembic import op

import federation.ground.columns

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wishes', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('specialities', sa.String(length=2000), nullable=False, server_default=''))
    op.create_table(
        'pins',
        sa.Column('mentee', sa.String(length=36), nullable=False),
        sa.Column('mentor', sa.String(length=36), nullable=False),
        sa.Column('since', federation.ground.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['mentee'], ['people.id'], name=op.f('fk_pins_mentee_people'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['mentor'], ['people.id'], name=op.f('fk_pins_mentor_people'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('mentee', 'mentor', name=op.f('pk_pins')),
    )
    with op.batch_alter_table('pins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pins_mentor'), ['mentor'], unique=False)
    op.create_table(
        'drafts',
        sa.Column('id', sa.String(length=36), nullable=False),
        sa.Column('state', sa.String(length=64), nullable=False),
        sa.Column('made_at', federation.ground.columns.UtcDateTime(), nullable=False),
        sa.Column('made_by', sa.String(length=36), nullable=False),
        sa.Column('edited_by', sa.String(length=36), nullable=False),
        sa.Column('signed_by', sa.String(length=36), nullable=True),
        sa.Column('figures', sa.String(length=1000), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    )
    op.create_table(
        'draft_pairs',
        sa.Column('draft', sa.String(length=36), nullable=False),
        sa.Column('mentee', sa.String(length=36), nullable=False),
        sa.Column('mentor', sa.String(length=36), nullable=False),
        sa.Column('tier', sa.Integer(), nullable=False),
        sa.Column('fit', sa.Integer(), nullable=False),
        sa.Column('by_hand', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['draft'], ['drafts.id'], name=op.f('fk_draft_pairs_draft_drafts'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['mentee'], ['people.id'], name=op.f('fk_draft_pairs_mentee_people'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['mentor'], ['people.id'], name=op.f('fk_draft_pairs_mentor_people'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('draft', 'mentee', name=op.f('pk_draft_pairs')),
    )
    with op.batch_alter_table('draft_pairs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_pairs_mentee'), ['mentee'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_pairs_mentor'), ['mentor'], unique=False)
    op.create_table(
        'draft_unmatched',
        sa.Column('draft', sa.String(length=36), nullable=False),
        sa.Column('mentee', sa.String(length=36), nullable=False),
        sa.Column('tier', sa.Integer(), nullable=False),
        sa.Column('why', sa.String(length=64), nullable=False),
        sa.Column('cutoff', sa.Integer(), nullable=True),
        sa.Column('own', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['draft'], ['drafts.id'], name=op.f('fk_draft_unmatched_draft_drafts'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['mentee'], ['people.id'], name=op.f('fk_draft_unmatched_mentee_people'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('draft', 'mentee', name=op.f('pk_draft_unmatched')),
    )
    with op.batch_alter_table('draft_unmatched', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_unmatched_mentee'), ['mentee'], unique=False)
