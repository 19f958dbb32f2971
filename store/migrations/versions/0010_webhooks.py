"""Create the tables of webhooks."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _name(column: str) -> sa.Column[str]:
    return sa.Column(
        column, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
    )


def _time(column: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(column, sa.DateTime(timezone=True), nullable=nullable)


def _webhook(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["webhook_id"], ["webhook.id"], name=op.f(f"fk_{table}_webhook_id"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _name("name"),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("receiver_url", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("event_types", sa.Text(), nullable=True),
        sa.Column("projects", sa.Text(), nullable=False),
        sa.Column("environments", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("active_since", sa.BigInteger(), nullable=False),
        sa.Column("signing_secret", sa.Text(), nullable=False),
        sa.Column("addon", sa.Text(), nullable=True),
        _time("created_at"),
        sa.Column("created_by", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "webhook_queue",
        sa.Column("webhook_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        _name("holder"),
        _time("leased_until"),
        _webhook("webhook_queue"),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook_queue")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        _name("id"),
        sa.Column("webhook_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_number", sa.BigInteger(), nullable=False),
        _name("order_key"),
        _name("state"),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _time("due_at"),
        _time("created_at"),
        _time("attempted_at", nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        _webhook("webhook_delivery"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("id", name=op.f("uq_webhook_delivery_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_webhook_delivery_state", "webhook_delivery", ["webhook_id", "state", "number"]
    )


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_queue")
    op.drop_table("webhook")
