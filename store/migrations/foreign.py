"""Detect databases of other programs, which Flagstaff must not change."""

import sqlalchemy as sa
from msgspec import Struct

from store.errors import ForeignDatabaseError

# Every database of Flagstaff has this table since the first migration.
_OWN_TABLE = "server_state"
# Only this table remains when all migrations are undone. It does not identify Flagstaff, because
# other programs use Alembic, too.
_MIGRATION_TABLE = "alembic_version"
# Unleash records its migrations in one of these tables, and its toggles in the other.
_UNLEASH_TABLES = frozenset({"migrations", "features"})
_MAX_NAMED_TABLES = 5

# The tables that new objects would join. Tables of extensions such as PostGIS do not count.
_POSTGRESQL_TABLES = sa.text("""
    SELECT c.relname FROM pg_class c
    WHERE c.relkind IN ('r', 'p')
      AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
      AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
""")
_SQLITE_TABLES = sa.text(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_NEWEST_UNLEASH_MIGRATION = sa.text("SELECT max(name) FROM migrations")


class ForeignTables(Struct, frozen=True):
    """The tables of another program, sorted by name.

    `newest_unleash_migration` is None unless the program is Unleash.
    """

    names: tuple[str, ...]
    newest_unleash_migration: str | None = None


def refuse_foreign_database(connection: sa.Connection) -> None:
    """Refuse a database that has tables, but not the tables of Flagstaff.

    Raises: ForeignDatabaseError.
    """
    found = find_foreign_tables(connection)
    if found is None:
        return
    named = ", ".join(found.names[:_MAX_NAMED_TABLES])
    more = len(found.names) - _MAX_NAMED_TABLES
    if more > 0:
        named += f" and {more:,} more"
    if found.newest_unleash_migration is not None:
        raise ForeignDatabaseError(
            f"The database belongs to an Unleash server, whose newest migration is "
            f"{found.newest_unleash_migration.strip('/')}. Flagstaff has not changed it.",
            of_unleash=True,
        )
    raise ForeignDatabaseError(
        f"The database belongs to another program: it has the tables {named}, but none of "
        "Flagstaff. Flagstaff has not changed it.",
        of_unleash=False,
    )


def find_foreign_tables(connection: sa.Connection) -> ForeignTables | None:
    """Return the tables of another program, or None if the database is empty or Flagstaff's."""
    is_postgresql = connection.dialect.name == "postgresql"
    query = _POSTGRESQL_TABLES if is_postgresql else _SQLITE_TABLES
    names = {str(name) for name in connection.scalars(query)}
    if names <= {_MIGRATION_TABLE} or _OWN_TABLE in names:
        return None
    newest = None
    if is_postgresql and names >= _UNLEASH_TABLES:
        newest = str(connection.scalar(_NEWEST_UNLEASH_MIGRATION))
    return ForeignTables(tuple(sorted(names)), newest)
