"""Flagstaff never adds its tables to those of another program."""

import pytest

from store import Store
from store.database import Database
from store.errors import ForeignDatabaseError
from store.migrations import current_migration, migrate, newest_migration

pytestmark = pytest.mark.postgres

_UNLEASH = (
    "CREATE TABLE migrations (id serial, name text, run_on timestamp)",
    "CREATE TABLE features (name text)",
    "INSERT INTO migrations (name) VALUES ('/20210302080040-a'), ('/20141020151056-b')",
)


async def _create(url: str, *statements: str) -> None:
    database = Database(url)
    async with database.begin_write() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)
    await database.close()


async def _tables(database: Database) -> list[str]:
    async with database.begin_read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return [row[0] for row in found]


async def test_a_database_of_unleash_is_refused_with_its_newest_migration(database_url: str):
    await _create(database_url, *_UNLEASH)

    with pytest.raises(ForeignDatabaseError, match="20210302080040-a") as refused:
        await Store.open(database_url)

    assert refused.value.of_unleash
    database = Database(database_url)
    assert await _tables(database) == ["features", "migrations"]
    await database.close()


async def test_other_tables_are_named_and_their_number_is_bounded(database_url: str):
    await _create(database_url, *(f"CREATE TABLE t{at} (id int)" for at in range(7)))

    with pytest.raises(ForeignDatabaseError, match="tables t0, t1, t2, t3, t4 and 2 more,"):
        await Store.open(database_url)


async def test_a_separate_schema_of_the_same_database_is_used(database_url: str):
    await _create(database_url, *_UNLEASH, "CREATE SCHEMA flagstaff")
    url = f"{database_url}?options=-csearch_path%3Dflagstaff"

    store = await Store.open(url)
    await store.close()

    database = Database(url)
    assert await migrate(database) == newest_migration()
    assert await current_migration(database) == newest_migration()
    assert await _tables(database) == ["features", "migrations"]
    await database.close()
