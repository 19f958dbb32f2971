"""Create the table of imports, and mark the rows of usage that imports create."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MARKED = ("application", "application_instance", "toggle_usage", "metric_bucket", "variant_bucket")


def _name(column: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(
        column, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable
    )


def upgrade() -> None:
    op.create_table(
        "server_import",
        _name("id"),
        _name("source"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("events_through", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_import")),
        sa.UniqueConstraint("source", name=op.f("uq_server_import_source")),
    )
    imported = sa.text("import_id IS NOT NULL")
    for table in _MARKED:
        op.add_column(table, _name("import_id", nullable=True))
        op.create_index(
            f"ix_{table}_import",
            table,
            ["import_id"],
            sqlite_where=imported,
            postgresql_where=imported,
        )


def downgrade() -> None:
    for table in _MARKED:
        op.drop_index(f"ix_{table}_import", table_name=table)
        op.drop_column(table, "import_id")
    op.drop_table("server_import")
