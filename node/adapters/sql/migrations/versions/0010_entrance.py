"""five roles; where sessions were begun; second factors; passkeys; accounts elsewhere; links of participants and the letters that bring them."""

import sqlalchemy as sa
from alembic import op

from federation.ground.columns import UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def of_user(table: str) -> sa.Column[str]:
    key = sa.ForeignKey('users.id', name=op.f(f'fk_{table}_user_users'), ondelete='CASCADE')
    return sa.Column('user', sa.String(length=36), key, nullable=False)


def upgrade() -> None:
    op.execute("update users set role = 'administrator' where role = 'operator'")
    with op.batch_alter_table('letters', schema=None) as batch_op:
        for name, kind in (('meeting_uid', sa.String(80)), ('meeting_at', UtcDateTime()), ('time_zone', sa.String(64))):
            batch_op.alter_column(name, existing_type=kind, nullable=True)
        batch_op.add_column(sa.Column('link', sa.LargeBinary(), nullable=True))
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        for name, usual in (('way', 'password'), ('browser', 'other'), ('system', 'other')):
            batch_op.add_column(sa.Column(name, sa.String(64), nullable=False, server_default=usual))
        batch_op.add_column(sa.Column('network', sa.String(20), nullable=False, server_default=''))
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        for name, size in (('way', 64), ('browser', 64), ('system', 64), ('network', 20)):
            batch_op.alter_column(name, existing_type=sa.String(size), server_default=None)
    op.create_table(
        'factors',
        of_user('factors'),
        sa.Column('secret', sa.LargeBinary(), nullable=False),
        sa.Column('begun_at', UtcDateTime(), nullable=False),
        sa.Column('confirmed_at', UtcDateTime(), nullable=True),
        sa.Column('last_step', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('user', name=op.f('pk_factors')),
    )
    op.create_table(
        'recovery_codes',
        sa.Column('token', sa.LargeBinary(), nullable=False),
        of_user('recovery_codes'),
        sa.PrimaryKeyConstraint('token', name=op.f('pk_recovery_codes')),
    )
    op.create_index(op.f('ix_recovery_codes_user'), 'recovery_codes', ['user'], unique=False)
    op.create_table(
        'half_open',
        sa.Column('digest', sa.String(length=64), nullable=False),
        of_user('half_open'),
        sa.Column('until', UtcDateTime(), nullable=False),
        sa.Column('attempt', sa.String(length=36), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('digest', name=op.f('pk_half_open')),
    )
    op.create_table(
        'passkeys',
        sa.Column('id', sa.String(length=1400), nullable=False),
        of_user('passkeys'),
        sa.Column('public_key', sa.LargeBinary(), nullable=False),
        sa.Column('signed', sa.BigInteger(), nullable=False),
        sa.Column('added_at', UtcDateTime(), nullable=False),
        sa.Column('used_at', UtcDateTime(), nullable=True),
        sa.Column('browser', sa.String(length=64), nullable=False),
        sa.Column('system', sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    )
    op.create_index(op.f('ix_passkeys_user'), 'passkeys', ['user'], unique=False)
    op.create_table(
        'passkey_questions',
        sa.Column('browser', sa.String(length=64), nullable=False),
        sa.Column('challenge', sa.String(length=64), nullable=False),
        sa.Column('until', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('browser', name=op.f('pk_passkey_questions')),
    )
    op.create_table(
        'account_links',
        sa.Column('account', sa.String(length=64), nullable=False),
        of_user('account_links'),
        sa.Column('added_at', UtcDateTime(), nullable=False),
        sa.Column('allowed_at', UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('account', name=op.f('pk_account_links')),
    )
    op.create_index(op.f('ix_account_links_user'), 'account_links', ['user'], unique=False)
    for name, moment in (('participant_links', 'until'), ('participant_sessions', 'begun_at')):
        op.create_table(
            name,
            sa.Column('digest', sa.String(length=64), nullable=False),
            sa.Column('person', sa.String(length=36), nullable=False),
            sa.Column(moment, UtcDateTime(), nullable=False),
            sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f(f'fk_{name}_person_people'), ondelete='CASCADE'),
            sa.PrimaryKeyConstraint('digest', name=op.f(f'pk_{name}')),
        )
        op.create_index(op.f(f'ix_{name}_person'), name, ['person'], unique=False)
