"""Create an index of events by actor."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_actor", "event", ["actor_name", "number"], unique=False)
    op.drop_index(op.f("ix_event_actor_name"), table_name="event")


def downgrade() -> None:
    op.create_index(op.f("ix_event_actor_name"), "event", ["actor_name"], unique=False)
    op.drop_index("ix_event_actor", table_name="event")
