"""Create the tables of scheduled change sets."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _name(column: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(
        column, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable
    )


def upgrade() -> None:
    op.add_column(
        "change_set", sa.Column("state", sa.Text(), server_default="applied", nullable=False)
    )
    op.add_column("change_set", sa.Column("apply_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("change_set", sa.Column("refusal_code", sa.Text(), nullable=True))
    op.add_column("change_set", sa.Column("refusal_message", sa.Text(), nullable=True))
    op.create_index("ix_change_set_state", "change_set", ["state", "apply_at"])
    op.create_table(
        "schedule",
        _name("change_set_id"),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.Column("planned", sa.Text(), nullable=False),
        sa.Column("rollout", sa.Text(), nullable=True),
        sa.Column("force", sa.Boolean(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["change_set.id"],
            name=op.f("fk_schedule_change_set_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("change_set_id", name=op.f("pk_schedule")),
    )
    op.create_table(
        "scheduled_subject",
        _name("change_set_id"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        _name("kind"),
        _name("key"),
        _name("name"),
        _name("environment", nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_set_id"],
            ["change_set.id"],
            name=op.f("fk_scheduled_subject_change_set_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("change_set_id", "position", name=op.f("pk_scheduled_subject")),
    )
    op.create_index("ix_scheduled_subject_name", "scheduled_subject", ["kind", "name"])


def downgrade() -> None:
    op.drop_table("scheduled_subject")
    op.drop_table("schedule")
    op.drop_index("ix_change_set_state", "change_set")
    for column in ("refusal_message", "refusal_code", "apply_at", "state"):
        op.drop_column("change_set", column)
