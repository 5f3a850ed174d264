"""anonymous requests: cards of everybody, our own, questions, offers, and what waits to be handed to the board."""

import sqlalchemy as sa
from alembic import op

import federation.ground.columns

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def words() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column('occupation', sa.String(length=5), nullable=False),
        sa.Column('language', sa.String(length=3), nullable=True),
        sa.Column('tier', sa.Integer(), nullable=False),
        sa.Column('mode', sa.String(length=64), nullable=False),
    )


def upgrade() -> None:
    moment = federation.ground.columns.UtcDateTime()
    with op.batch_alter_table('member_batch', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cards', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('offers', sa.String(length=64), nullable=True))
    op.create_table(
        'member_upload',
        sa.Column('id', sa.String(length=43), nullable=False),
        sa.Column('kind', sa.String(length=60), nullable=False),
        sa.Column('subject', sa.String(length=64), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('batch', sa.String(length=36), nullable=True),
        sa.Column('body', sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_member_upload')),
    )
    op.create_index(op.f('ix_member_upload_subject'), 'member_upload', ['subject'], unique=False)
    op.create_table(
        'cards',
        sa.Column('id', sa.String(length=64), nullable=False),
        *words(),
        sa.Column('key', sa.String(length=43), nullable=False),
        sa.Column('close', sa.String(length=64), nullable=False),
        sa.Column('shown_at', moment, nullable=False),
        sa.Column('closed', sa.Boolean(), nullable=False),
        sa.Column('ours', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cards')),
    )
    op.create_index(op.f('ix_cards_shown_at'), 'cards', ['shown_at'], unique=False)
    op.create_index(op.f('ix_cards_close'), 'cards', ['close'], unique=False)
    op.create_table(
        'own_cards',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('person', sa.String(length=36), nullable=False),
        *words(),
        sa.Column('secret', sa.LargeBinary(), nullable=False),
        sa.Column('posted_at', moment, nullable=False),
        sa.Column('ended_at', moment, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_own_cards_person_people'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_own_cards')),
    )
    op.create_index(op.f('ix_own_cards_person'), 'own_cards', ['person'], unique=False)
    op.create_table(
        'card_questions',
        sa.Column('id', sa.String(length=36), nullable=False),
        sa.Column('card', sa.String(length=64), nullable=False),
        sa.Column('mentor', sa.String(length=36), nullable=False),
        sa.Column('asked_at', moment, nullable=False),
        sa.Column('answered_at', moment, nullable=True),
        sa.Column('seat', sa.String(length=36), nullable=True),
        sa.Column('offer', sa.Text(), nullable=True),
        sa.Column('ticket', sa.String(length=64), nullable=False),
        sa.Column('thread', sa.String(length=36), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['mentor'], ['people.id'], name=op.f('fk_card_questions_mentor_people'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_card_questions')),
    )
    op.create_index(op.f('ix_card_questions_mentor'), 'card_questions', ['mentor'], unique=False)
    op.create_table(
        'card_offers',
        sa.Column('id', sa.String(length=36), nullable=False),
        sa.Column('card', sa.String(length=64), nullable=False),
        sa.Column('host', sa.String(length=16), nullable=False),
        sa.Column('offer', sa.Text(), nullable=False),
        sa.Column('ticket', sa.LargeBinary(), nullable=False),
        sa.Column('heard_at', moment, nullable=False),
        sa.Column('thread', sa.String(length=36), nullable=True),
        sa.Column('passed', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['card'], ['own_cards.id'], name=op.f('fk_card_offers_card_own_cards'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_card_offers')),
    )
    op.create_index(op.f('ix_card_offers_card'), 'card_offers', ['card'], unique=False)
    op.create_index(op.f('ix_card_offers_thread'), 'card_offers', ['thread'], unique=False)
    op.create_table(
        'attestations',
        sa.Column('quarter', sa.String(length=7), nullable=False),
        sa.Column('waiting', sa.Integer(), nullable=False),
        sa.Column('by', sa.String(length=36), nullable=False),
        sa.Column('at', moment, nullable=False),
        sa.PrimaryKeyConstraint('quarter', name=op.f('pk_attestations')),
    )
