"""Create the tables that limit reported names."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _name(column: str) -> sa.Column[str]:
    return sa.Column(
        column, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "unknown_name",
        _name("app_name"),
        _name("toggle_name"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_name"],
            ["application.name"],
            name=op.f("fk_unknown_name_app_name"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("app_name", "toggle_name", name=op.f("pk_unknown_name")),
    )
    op.create_table(
        "name_allowance",
        _name("source"),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applications", sa.BigInteger(), nullable=False),
        sa.Column("unknown_names", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "hour", name=op.f("pk_name_allowance")),
    )
    op.execute(
        "INSERT INTO unknown_name (app_name, toggle_name, created_at) "
        "SELECT app_name, toggle_name, min(first_seen_at) FROM toggle_usage "
        "WHERE toggle_name NOT IN (SELECT name FROM toggle) GROUP BY app_name, toggle_name"
    )


def downgrade() -> None:
    op.drop_table("name_allowance")
    op.drop_table("unknown_name")
