"""people, consents, seats, staff and keys."""

import sqlalchemy as sa
from alembic import op

import federation.ground.columns

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('actor', sa.String(length=36), nullable=False),
    sa.Column('act', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_at'), ['at'], unique=False)

    op.create_table('communities',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_communities'))
    )
    op.create_table('data_keys',
    sa.Column('subject', sa.String(length=36), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('master_version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_data_keys'))
    )
    op.create_table('erasures',
    sa.Column('tombstone', sa.String(length=64), nullable=False),
    sa.Column('at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('tombstone', name=op.f('pk_erasures'))
    )
    op.create_table('program',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('region', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('founded_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('standing', sa.String(length=64), nullable=False),
    sa.Column('restored_to', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_program'))
    )
    op.create_table('people',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('contact', sa.LargeBinary(), nullable=False),
    sa.Column('community', sa.String(length=36), nullable=False),
    sa.Column('occupation', sa.String(length=5), nullable=False),
    sa.Column('languages', sa.String(length=200), nullable=False),
    sa.Column('mode', sa.String(length=64), nullable=False),
    sa.Column('topics', sa.String(length=400), nullable=False),
    sa.Column('slots', sa.String(length=400), nullable=False),
    sa.Column('time_zone', sa.String(length=64), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('visibility', sa.Integer(), nullable=False),
    sa.Column('years_experience', sa.Integer(), nullable=True),
    sa.Column('arrived_on', sa.Date(), nullable=True),
    sa.Column('waiting_since', sa.Date(), nullable=True),
    sa.Column('added_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community'], ['communities.id'], name=op.f('fk_people_community_communities')),
    sa.ForeignKeyConstraint(['id'], ['data_keys.subject'], name=op.f('fk_people_id_data_keys'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_community'), ['community'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_kind_state_occupation'), ['kind', 'state', 'occupation'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contact', sa.LargeBinary(), nullable=False),
    sa.Column('email_token', sa.LargeBinary(), nullable=False),
    sa.Column('role', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('added_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['data_keys.subject'], name=op.f('fk_users_id_data_keys'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email_token', name=op.f('uq_users_email_token'))
    )
    op.create_table('consents',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.Column('purpose', sa.String(length=64), nullable=False),
    sa.Column('recipient', sa.String(length=64), nullable=False),
    sa.Column('concerns', sa.String(length=64), nullable=False),
    sa.Column('wording', sa.LargeBinary(), nullable=False),
    sa.Column('given', sa.String(length=64), nullable=False),
    sa.Column('granted_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('expires_at', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.Column('recorded_by', sa.String(length=36), nullable=False),
    sa.Column('withdrawn_at', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('withdrawn_given', sa.String(length=64), nullable=True),
    sa.Column('withdrawn_recorded_by', sa.String(length=36), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_consents_person_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consents_person'), ['person'], unique=False)

    op.create_table('exclusions',
    sa.Column('mentee', sa.String(length=36), nullable=False),
    sa.Column('mentor', sa.String(length=36), nullable=False),
    sa.Column('since', federation.ground.columns.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['mentee'], ['people.id'], name=op.f('fk_exclusions_mentee_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mentor'], ['people.id'], name=op.f('fk_exclusions_mentor_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mentee', 'mentor', name=op.f('pk_exclusions'))
    )
    with op.batch_alter_table('exclusions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exclusions_mentor'), ['mentor'], unique=False)

    op.create_table('search_tokens',
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.Column('person', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_search_tokens_person_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', 'person', name=op.f('pk_search_tokens'))
    )
    with op.batch_alter_table('search_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_tokens_person'), ['person'], unique=False)

    op.create_table('seats',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('mentor', sa.String(length=36), nullable=False),
    sa.Column('claimant', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('held_until', federation.ground.columns.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['mentor'], ['people.id'], name=op.f('fk_seats_mentor_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seats'))
    )
    with op.batch_alter_table('seats', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seats_claimant'), ['claimant'], unique=False)
        batch_op.create_index(batch_op.f('ix_seats_mentor'), ['mentor'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('seats', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seats_mentor'))
        batch_op.drop_index(batch_op.f('ix_seats_claimant'))

    op.drop_table('seats')
    with op.batch_alter_table('search_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_tokens_person'))

    op.drop_table('search_tokens')
    with op.batch_alter_table('exclusions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exclusions_mentor'))

    op.drop_table('exclusions')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consents_person'))

    op.drop_table('consents')
    op.drop_table('users')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_kind_state_occupation'))
        batch_op.drop_index(batch_op.f('ix_people_community'))

    op.drop_table('people')
    op.drop_table('program')
    op.drop_table('erasures')
    op.drop_table('data_keys')
    op.drop_table('communities')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_at'))

    op.drop_table('audit')
