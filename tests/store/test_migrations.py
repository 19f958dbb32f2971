"""Migrations create the declared tables, even if several processes start at the same time."""

import asyncio

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from store import Store
from store.aggregates import table_of
from store.change_sets import ChangeSetFilter, list_change_sets
from store.database import Database
from store.migrations import current_migration, known_migrations, migrate, newest_migration
from store.migrations.scripts import alembic_config, find_differences
from store.model import SYSTEM
from store.operations.change_sets import (
    finish_change_set,
    revert_change_set,
    start_change_set,
)
from store.operations.toggles import create_toggle
from store.paging import Window
from store.rows import UnknownNameRow
from store.usage.reports import ToggleCounts
from tests.store.operations.doing import carry_out
from tests.store.transfer.documents import state, take
from tests.store.usage.reporting import rows, usage_report


async def test_the_scripts_make_exactly_the_declared_tables(database_url: str):
    database = Database(database_url)

    await migrate(database)

    assert await find_differences(database) == []
    assert await current_migration(database) == newest_migration()
    await database.close()


def test_the_names_of_files_give_the_revisions_that_alembic_finds():
    scripts = ScriptDirectory.from_config(alembic_config())

    assert known_migrations() == {script.revision for script in scripts.walk_revisions()}
    assert newest_migration() == scripts.get_current_head()


@pytest.mark.thorough
async def test_processes_that_start_at_once_migrate_and_seed_once(database_url: str):
    stores = await asyncio.gather(*(Store.open(database_url) for _ in range(4)))

    assert len({store.snapshot.revision for store in stores}) == 1
    assert {len(store.snapshot.strategies) for store in stores} == {8}
    for store in stores:
        await store.close()


async def test_a_database_is_opened_again_as_it_was_left(own_url: str):
    first = await Store.open(own_url)
    await first.close()

    second = await Store.open(own_url)

    assert second.snapshot.environments == first.snapshot.environments
    await second.close()


def _downgrade(connection: sa.Connection, revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


async def test_all_migrations_can_be_undone_and_made_again(own_url: str):
    await (await Store.open(own_url)).close()
    database = Database(own_url)

    async with database.begin_write() as connection:
        await connection.run_sync(_downgrade, "base")
    async with database.begin_read() as connection:
        left = await connection.run_sync(
            lambda connection: sa.inspect(connection).get_table_names()
        )
    await migrate(database)
    missing = await find_differences(database)
    await database.close()

    assert left == ["alembic_version"]
    assert missing == []


_ALL_BUT_SUNSET = "DELETE FROM toggle_type WHERE name = 'sunset'"
_SUNSET = (
    "INSERT INTO toggle_type (name, title, description, sort_order, declared, revision) "
    "VALUES ('sunset', {title}, '', 9, {declared}, 4)"
)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("statements", "title", "lifetime_days"),
    [
        ((), "Sunset", 90),
        ((_SUNSET.format(title="'sunset'", declared="false"),), "Sunset", 90),
        ((_SUNSET.format(title="'Evening'", declared="true"),), "Evening", None),
    ],
    ids=["new", "named by a toggle", "declared before"],
)
async def test_installations_get_the_toggle_type_sunset(
    own_url: str, statements: tuple[str, ...], title: str, lifetime_days: int | None
):
    await (await Store.open(own_url)).close()
    database = Database(own_url)
    async with database.begin_write() as connection:
        for statement in (_ALL_BUT_SUNSET, *statements):
            await connection.exec_driver_sql(statement)
        await connection.run_sync(_downgrade, "0002")
    await database.close()

    store = await Store.open(own_url)

    sunset = store.snapshot.toggle_types["sunset"]
    assert (sunset.title, sunset.lifetime_days, sunset.declared) == (title, lifetime_days, True)
    await store.close()


@pytest.mark.thorough
async def test_unknown_names_that_installations_have_count_towards_the_limit(own_url: str):
    store = await Store.open(own_url)
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="known")
    counts = {name: ToggleCounts(1) for name in ("known", "b", "a")}
    await store.journal.add(usage_report(counts), usage_report(counts, environment="staging"))
    await store.close()
    database = Database(own_url)
    async with database.begin_write() as connection:
        await connection.run_sync(_downgrade, "0003")
    await database.close()

    store = await Store.open(own_url)

    assert await rows(store, table_of(UnknownNameRow), "app_name", "toggle_name") == [
        ("shop", "a"),
        ("shop", "b"),
    ]
    await store.close()


async def test_change_sets_of_earlier_releases_are_applied(own_url: str):
    store = await Store.open(own_url)
    async with store.write(SYSTEM) as work:
        start_change_set(work, comment="Before.")
        await create_toggle(work, name="a")
        finish_change_set(work)
    await store.close()
    database = Database(own_url)
    async with database.begin_write() as connection:
        await connection.run_sync(_downgrade, "0006")
    await database.close()

    store = await Store.open(own_url)

    async with store.read() as connection:
        (found,) = (await list_change_sets(connection, ChangeSetFilter(), Window(2))).items
    assert (found.comment, found.state, found.apply_at) == ("Before.", "applied", None)
    await store.close()


async def test_the_schema_of_a_newer_release_is_left_unchanged(own_url: str):
    database = Database(own_url)
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    await database.close()

    store = await Store.open(own_url)

    assert await store.migration() == "9999"
    await store.close()


async def _foreign_keys(url: str, table: str) -> dict[str, str | None]:
    """The foreign keys of a table, each with its action when the other row is deleted."""
    database = Database(url)
    async with database.begin_read() as connection:
        found = await connection.run_sync(
            lambda connection: sa.inspect(connection).get_foreign_keys(table)
        )
    await database.close()
    return {str(key["name"]): key.get("options", {}).get("ondelete") for key in found}


async def test_a_database_of_the_release_before_the_fewer_checks_keeps_its_data(
    own_url: str, database: str
):
    """SQLite databases keep their foreign keys, because dropping them means copying the tables."""
    store = await Store.open(own_url)
    toggles = [{"name": "parent"}, {"name": "a", "dependencies": [{"toggle": "parent"}]}]
    change_set = (await take(store, state(toggles=toggles))).change_set
    await store.close()
    assert change_set is not None
    downgraded = Database(own_url)
    async with downgraded.begin_write() as connection:
        await connection.run_sync(_downgrade, "0008")
    await downgraded.close()
    before = await _foreign_keys(own_url, "event") | await _foreign_keys(
        own_url, "toggle_dependency"
    )

    opened = await Store.open(own_url)
    await carry_out(opened, revert_change_set, change_set.id)
    await opened.close()

    after = await _foreign_keys(own_url, "event") | await _foreign_keys(
        own_url, "toggle_dependency"
    )
    assert before == {
        "fk_event_change_set_id": None,
        "fk_toggle_dependency_toggle_id": "CASCADE",
        "fk_toggle_dependency_depends_on": None,
    }
    if database == "sqlite":
        assert after == before
    else:
        assert after == {
            "fk_toggle_dependency_toggle_id": "RESTRICT",
            "fk_toggle_dependency_depends_on": "RESTRICT",
        }
    assert opened.snapshot.toggles == {}
