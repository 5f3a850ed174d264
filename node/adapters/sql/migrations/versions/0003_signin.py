"""passwords, links to choose one, sessions, known browsers and attempts to sign in."""

import sqlalchemy as sa
from alembic import op

from federation.ground.columns import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attempts',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('place', sa.LargeBinary(), nullable=False),
    sa.Column('account', sa.LargeBinary(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempts_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attempts_place_at'), ['place', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attempts_account_at'), ['account', 'at'], unique=False)

    op.create_table('passwords',
    sa.Column('user', sa.String(length=36), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('set_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user'], ['users.id'], name=op.f('fk_passwords_user_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user', name=op.f('pk_passwords'))
    )
    for name, moments in (('password_links', ('until',)), ('browsers', ('until',)), ('sessions', ('begun_at', 'seen_at'))):
        op.create_table(name,
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('user', sa.String(length=36), nullable=False),
        *(sa.Column(moment, UtcDateTime(), nullable=False) for moment in moments),
        sa.ForeignKeyConstraint(['user'], ['users.id'], name=op.f(f'fk_{name}_user_users'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('digest', name=op.f(f'pk_{name}'))
        )
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f'ix_{name}_user'), ['user'], unique=False)


def downgrade() -> None:
    for name in ('sessions', 'browsers', 'password_links', 'passwords', 'attempts'):
        op.drop_table(name)
