"""what was changed in a draft by hand, what taking mentees one by one would have given each, and who waits longest."""

import sqlalchemy as sa
from alembic import op

from federation.ground.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("draft_pairs", "draft_unmatched"):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column("one_by_one", sa.Integer(), nullable=True))
    waiting = ["kind", "state", "waiting_since", "id"]
    op.create_index(op.f("ix_people_kind_state_waiting_since_id"), "people", waiting, unique=False)
    op.create_table(
        "draft_changes",
        sa.Column("draft", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("mentee", sa.String(length=36), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("mentor", sa.String(length=36), nullable=True),
        sa.Column("fit", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=True),
        sa.Column("why", sa.String(length=64), nullable=True),
        sa.Column("cutoff", sa.Integer(), nullable=True),
        sa.Column("own", sa.Integer(), nullable=True),
        sa.Column("one_by_one", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_draft_changes_draft_drafts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentee"], ["people.id"], name=op.f("fk_draft_changes_mentee_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor"], ["people.id"], name=op.f("fk_draft_changes_mentor_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft", "number", name=op.f("pk_draft_changes")),
    )
    for column in ("mentee", "mentor"):
        op.create_index(op.f(f"ix_draft_changes_{column}"), "draft_changes", [column], unique=False)
