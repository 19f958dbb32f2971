"""Add the numbers of usage writes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("toggle_usage", "api_token_use")


def upgrade() -> None:
    state = op.create_table(
        "usage_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_state")),
    )
    op.bulk_insert(state, [{"id": 1, "sequence": 0, "removed": 0}])
    for table in _TABLES:
        op.add_column(
            table, sa.Column("sequence", sa.BigInteger(), server_default="0", nullable=False)
        )
        op.create_index(op.f(f"ix_{table}_sequence"), table, ["sequence"], unique=False)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_index(op.f(f"ix_{table}_sequence"), table_name=table)
        op.drop_column(table, "sequence")
    op.drop_table("usage_state")
