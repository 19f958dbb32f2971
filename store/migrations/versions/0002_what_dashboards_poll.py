"""Create the table of recent counts and the index of events by type that dashboards need."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_event_wire_type", "event", ["wire_type", "environment", "number"], unique=False
    )
    op.create_table(
        "recent_count",
        sa.Column(
            "environment",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "toggle_name",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("yes", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "environment", "ended_at", "toggle_name", name=op.f("pk_recent_count")
        ),
    )
    op.create_index("ix_recent_count_ended_at", "recent_count", ["ended_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_recent_count_ended_at", table_name="recent_count")
    op.drop_table("recent_count")
    op.drop_index("ix_event_wire_type", table_name="event")
