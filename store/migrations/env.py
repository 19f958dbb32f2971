"""Alembic's entry point; it runs the scripts on the connection in the config's attributes."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from store.columns import JsonOf, UtcDateTime
from store.migrations.scripts import same_type
from store.rows import metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Render custom column types as their underlying types, for Alembic's autogenerate."""
    if kind == "type" and isinstance(item, JsonOf | AutoString):
        return "sa.Text()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: sa.Connection) -> None:
    """Run the scripts in the connection's current transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=same_type,
        render_item=render_item,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
