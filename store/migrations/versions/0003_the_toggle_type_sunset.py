"""Declare the toggle type `sunset`.

The script skips empty databases, because the server seeds all built-in objects later. If toggles
already name the type, the script marks the existing type as declared. The server's revision stays
unchanged, so clients see no change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TYPE = sa.table(
    "toggle_type",
    sa.column("name", sa.Text),
    sa.column("title", sa.Text),
    sa.column("description", sa.Text),
    sa.column("lifetime_days", sa.Integer),
    sa.column("sort_order", sa.Integer),
    sa.column("declared", sa.Boolean),
    sa.column("revision", sa.BigInteger),
)
_VALUES = {
    "title": "Sunset",
    "description": "Prepares the removal of something that exists.",
    "lifetime_days": 90,
    "declared": True,
}


def upgrade() -> None:
    connection = op.get_bind()
    known = {row.name: row for row in connection.execute(sa.select(_TYPE))}
    if not known:
        return
    if "sunset" not in known:
        last = max(row.sort_order for row in known.values())
        values = {"name": "sunset", "sort_order": last + 1, "revision": 0, **_VALUES}
        connection.execute(sa.insert(_TYPE).values(values))
    elif not known["sunset"].declared:
        connection.execute(sa.update(_TYPE).where(_TYPE.c.name == "sunset").values(_VALUES))


def downgrade() -> None:
    """Keep the type, because toggles may use the type. Earlier releases accept any type."""
