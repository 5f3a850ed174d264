"""requests, mentorships, letters, releases and membership."""

import sqlalchemy as sa
from alembic import op

import federation.ground.columns

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('member_alert',
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('first_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('last_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('evidence', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('code', 'subject', name=op.f('pk_member_alert'))
    )
    op.create_table('member_inbox',
    sa.Column('sender', sa.String(length=16), nullable=False),
    sa.Column('message', sa.String(length=36), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=60), nullable=False),
    sa.Column('received_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('expires_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('envelope', sa.LargeBinary(), nullable=True),
    sa.Column('receipt', sa.LargeBinary(), nullable=True),
    sa.Column('acknowledged_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('sender', 'message', name=op.f('pk_member_inbox'))
    )
    with op.batch_alter_table('member_inbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_inbox_state'), ['state'], unique=False)

    op.create_table('member_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exchange', sa.String(length=200), nullable=False),
    sa.Column('join_id', sa.String(length=36), nullable=False),
    sa.Column('join_state', sa.String(length=60), nullable=False),
    sa.Column('join_request', sa.LargeBinary(), nullable=False),
    sa.Column('root_digest', sa.String(length=64), nullable=False),
    sa.Column('paused_by', sa.String(length=60), nullable=True),
    sa.Column('paused_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('synced_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_link'))
    )
    op.create_table('member_own_key',
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.Column('identity', sa.String(length=43), nullable=False),
    sa.Column('purpose', sa.String(length=8), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('private', sa.LargeBinary(), nullable=False),
    sa.Column('retired_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_member_own_key'))
    )
    op.create_table('member_own_statement',
    sa.Column('version', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('identity', sa.String(length=43), nullable=False),
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.Column('issued_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('published_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_member_own_statement'))
    )
    op.create_table('member_own_summary',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.Column('signed_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('published_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_member_own_summary'))
    )
    op.create_table('member_peer_statement',
    sa.Column('node', sa.String(length=16), nullable=False),
    sa.Column('identity', sa.String(length=43), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.Column('checked_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('node', 'identity', 'version', name=op.f('pk_member_peer_statement'))
    )
    op.create_table('member_peer_summary',
    sa.Column('node', sa.String(length=16), nullable=False),
    sa.Column('identity', sa.String(length=43), nullable=False),
    sa.Column('key_version', sa.BigInteger(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.Column('fetched_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('node', name=op.f('pk_member_peer_summary'))
    )
    op.create_table('member_roster_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('root', sa.Integer(), nullable=False),
    sa.Column('targets', sa.Integer(), nullable=False),
    sa.Column('suspensions', sa.Integer(), nullable=False),
    sa.Column('targets_expires', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('signed_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('members', sa.LargeBinary(), nullable=False),
    sa.Column('policy', sa.LargeBinary(), nullable=False),
    sa.Column('stuck', sa.LargeBinary(), nullable=False),
    sa.Column('verified_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_roster_state'))
    )
    op.create_table('member_thread',
    sa.Column('thread', sa.String(length=36), nullable=False),
    sa.Column('peer', sa.String(length=16), nullable=False),
    sa.Column('side', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=60), nullable=False),
    sa.Column('since', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('nudge_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('deadline_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('asked_n', sa.Integer(), nullable=False),
    sa.Column('asked_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('thread', name=op.f('pk_member_thread'))
    )
    with op.batch_alter_table('member_thread', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_thread_deadline_at'), ['deadline_at'], unique=False)

    op.create_table('releases',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('size', sa.String(length=64), nullable=False),
    sa.Column('listed', sa.Integer(), nullable=False),
    sa.Column('receivers', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_releases'))
    )
    op.create_table('member_outbox',
    sa.Column('message', sa.String(length=36), nullable=False),
    sa.Column('thread', sa.String(length=36), nullable=False),
    sa.Column('peer', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('carries_n', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=60), nullable=False),
    sa.Column('created_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('expires_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('due_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('claimed_until', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=60), nullable=True),
    sa.Column('inner', sa.LargeBinary(), nullable=True),
    sa.Column('envelope', sa.LargeBinary(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('accepted_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('receipt', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['thread'], ['member_thread.thread'], name=op.f('fk_member_outbox_thread_member_thread')),
    sa.PrimaryKeyConstraint('message', name=op.f('pk_member_outbox'))
    )
    with op.batch_alter_table('member_outbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_outbox_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_member_outbox_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_member_outbox_thread'), ['thread'], unique=False)

    op.create_table('member_thread_message',
    sa.Column('thread', sa.String(length=36), nullable=False),
    sa.Column('author', sa.String(length=8), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('message', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('prev', sa.String(length=64), nullable=True),
    sa.Column('seen_n', sa.Integer(), nullable=False),
    sa.Column('seen_hash', sa.String(length=64), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.Column('parked', sa.Boolean(), nullable=False),
    sa.Column('at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('delivered_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('inner', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['thread'], ['member_thread.thread'], name=op.f('fk_member_thread_message_thread_member_thread')),
    sa.PrimaryKeyConstraint('thread', 'author', 'n', name=op.f('pk_member_thread_message'))
    )
    with op.batch_alter_table('member_thread_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_thread_message_message'), ['message'], unique=False)

    op.create_table('letters',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('about', sa.String(length=36), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('meeting_uid', sa.String(length=80), nullable=False),
    sa.Column('meeting_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('time_zone', sa.String(length=64), nullable=False),
    sa.Column('other', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('resent', sa.Boolean(), nullable=False),
    sa.Column('written_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('sent_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('due_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_letters_person_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters'))
    )
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letters_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_letters_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_letters_person'), ['person'], unique=False)

    op.create_table('mentorships',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('place', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('mentor', sa.String(length=36), nullable=True),
    sa.Column('thread', sa.String(length=36), nullable=True),
    sa.Column('peer', sa.String(length=16), nullable=True),
    sa.Column('seat', sa.String(length=36), nullable=True),
    sa.Column('opened_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('outcome', sa.String(length=64), nullable=True),
    sa.Column('closed_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('told_meetings', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['mentor'], ['people.id'], name=op.f('fk_mentorships_mentor_people'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentorships'))
    )
    with op.batch_alter_table('mentorships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mentorships_mentor'), ['mentor'], unique=False)
        batch_op.create_index(batch_op.f('ix_mentorships_thread'), ['thread'], unique=False)

    op.create_table('release_listings',
    sa.Column('release', sa.String(length=36), nullable=False),
    sa.Column('pseudonym', sa.String(length=16), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_release_listings_person_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['release'], ['releases.id'], name=op.f('fk_release_listings_release_releases'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('release', 'pseudonym', name=op.f('pk_release_listings'))
    )
    with op.batch_alter_table('release_listings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_release_listings_person'), ['person'], unique=False)

    op.create_table('requests',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('peer', sa.String(length=16), nullable=False),
    sa.Column('side', sa.String(length=64), nullable=False),
    sa.Column('stage', sa.String(length=64), nullable=False),
    sa.Column('need', sa.String(length=2000), nullable=False),
    sa.Column('offer', sa.String(length=2000), nullable=True),
    sa.Column('opened_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=True),
    sa.Column('seat', sa.String(length=36), nullable=True),
    sa.Column('consent', sa.String(length=36), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_requests_person_people'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requests'))
    )
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_requests_person'), ['person'], unique=False)

    op.create_table('agreements',
    sa.Column('mentorship', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('goals', sa.String(length=400), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['mentorship'], ['mentorships.id'], name=op.f('fk_agreements_mentorship_mentorships'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_agreements_person_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mentorship', name=op.f('pk_agreements'))
    )
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreements_person'), ['person'], unique=False)

    op.create_table('meetings',
    sa.Column('mentorship', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['mentorship'], ['mentorships.id'], name=op.f('fk_meetings_mentorship_mentorships'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mentorship', 'number', name=op.f('pk_meetings'))
    )
    op.create_table('mentorship_members',
    sa.Column('mentorship', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['mentorship'], ['mentorships.id'], name=op.f('fk_mentorship_members_mentorship_mentorships'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_mentorship_members_person_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mentorship', 'person', name=op.f('pk_mentorship_members'))
    )
    with op.batch_alter_table('mentorship_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mentorship_members_person'), ['person'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('mentorship_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mentorship_members_person'))

    op.drop_table('mentorship_members')
    op.drop_table('meetings')
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreements_person'))

    op.drop_table('agreements')
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_requests_person'))

    op.drop_table('requests')
    with op.batch_alter_table('release_listings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_release_listings_person'))

    op.drop_table('release_listings')
    with op.batch_alter_table('mentorships', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mentorships_thread'))
        batch_op.drop_index(batch_op.f('ix_mentorships_mentor'))

    op.drop_table('mentorships')
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letters_person'))
        batch_op.drop_index(batch_op.f('ix_letters_due_at'))
        batch_op.drop_index(batch_op.f('ix_letters_about'))

    op.drop_table('letters')
    with op.batch_alter_table('member_thread_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_thread_message_message'))

    op.drop_table('member_thread_message')
    with op.batch_alter_table('member_outbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_outbox_thread'))
        batch_op.drop_index(batch_op.f('ix_member_outbox_state'))
        batch_op.drop_index(batch_op.f('ix_member_outbox_due_at'))

    op.drop_table('member_outbox')
    op.drop_table('releases')
    with op.batch_alter_table('member_thread', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_thread_deadline_at'))

    op.drop_table('member_thread')
    op.drop_table('member_roster_state')
    op.drop_table('member_peer_summary')
    op.drop_table('member_peer_statement')
    op.drop_table('member_own_summary')
    op.drop_table('member_own_statement')
    op.drop_table('member_own_key')
    op.drop_table('member_link')
    with op.batch_alter_table('member_inbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_inbox_state'))

    op.drop_table('member_inbox')
    op.drop_table('member_alert')
