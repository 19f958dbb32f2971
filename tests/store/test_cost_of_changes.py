"""A change waits for the database only a few times."""

import asyncio
from threading import Thread
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from store import Store
from store.model import SYSTEM
from store.operations.segments import create_segment, update_segment
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle
from store.postgresql import PING
from tests.statements import counted_statements
from tests.store.operations.doing import carry_out
from tests.turns import counted_turns


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the commands without parameters that are sent to PostgreSQL."""
    executed: list[str] = []
    execute = asyncpg.Connection.execute

    async def note(driver: asyncpg.Connection, query: str, *arguments: Any, **options: Any) -> str:
        executed.append(query)
        return await execute(driver, query, *arguments, **options)

    monkeypatch.setattr(asyncpg.Connection, "execute", note)
    return executed


async def switch(store: Store, *, enabled: bool) -> None:
    await carry_out(store, set_enabled, "one", enabled=enabled)


async def test_a_change_takes_three_turns_of_sqlites_thread(store: Store, database: str):
    if database == "postgresql":
        pytest.skip("the driver of PostgreSQL has no thread")
    await carry_out(store, create_toggle, name="one")

    with counted_turns() as turns:
        await switch(store, enabled=True)

    # The first "run" begins the transaction and takes the revision. The second "run" writes all
    # rows.
    assert turns == ["run", "run", "commit"]


async def test_a_change_takes_two_statements_on_postgresql(
    store: Store, database: str, commands: list[str]
):
    if database == "sqlite":
        pytest.skip("SQLite has no statement that writes to several tables")
    await carry_out(store, create_toggle, name="one")
    await switch(store, enabled=False)
    commands.clear()

    with counted_statements() as statements:
        await switch(store, enabled=True)

    assert [statement.split()[0] for statement in statements] == ["UPDATE", "WITH"]
    # The first command checks the connection.
    assert commands == [PING, "BEGIN;", "COMMIT;"]


async def serving_process(store: Store) -> int:
    """Return the ID of the PostgreSQL process that executes the next change."""
    async with store._database.begin_write() as connection:
        return (await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()


@pytest.mark.postgres
async def test_changes_reuse_their_connection(own_store: Store):
    assert len({await serving_process(own_store) for _ in range(3)}) == 1


@pytest.mark.postgres
async def test_a_connection_that_the_server_ended_just_now_is_replaced(
    own_store: Store, own_url: str
):
    await carry_out(own_store, create_toggle, name="one")
    pid = await serving_process(own_store)

    async def end_connection() -> None:
        other = await asyncpg.connect(own_url)
        assert await other.fetchval(f"SELECT pg_terminate_backend({pid}, 10000)")
        await other.close()

    # The event loop is blocked meanwhile, so the driver does not notice that the connection has
    # ended.
    thread = Thread(target=asyncio.run, args=(end_connection(),))
    thread.start()
    thread.join()
    await switch(own_store, enabled=True)

    assert own_store.snapshot.toggles["one"].environments["default"].enabled


@pytest.mark.postgres
async def test_limits_are_set_once_and_reset_for_unlimited_transactions(
    store: Store, commands: list[str]
):
    database = store._database

    async def limits(**options: Any) -> list[str]:
        async with database.begin_write(**options) as connection:
            return [
                await connection.scalar(sa.text(f"SHOW {name}")) or ""
                for name in ("lock_timeout", "idle_in_transaction_session_timeout")
            ]

    first = await limits()
    commands.clear()
    second = await limits()
    unset = [command for command in commands if command.startswith("SET")]
    unlimited = await limits(endless=True)

    assert first == second == ["1800ms", "5s"]
    assert unset == []
    assert unlimited == ["0", "0"]


async def test_a_change_of_one_table_in_two_ways_keeps_its_order(store: Store):
    """PostgreSQL writes rows with one statement only if their order does not matter."""
    a = await carry_out(store, create_segment, name="a")
    b = await carry_out(store, create_segment, name="b")

    async with store.write(SYSTEM) as work:
        await update_segment(work, a.id, name="c")
        await update_segment(work, b.id, name="a")
        await update_segment(work, a.id, name="b")

    async with store.read() as session:
        rows = await session.execute(sa.text("SELECT id, name FROM segment"))
        assert dict(map(tuple, rows)) == {a.id: "b", b.id: "a"}


async def test_an_unchanged_file_is_not_read_for_usage(own_store: Store, database: str):
    """Background tasks skip an unchanged file. PostgreSQL does not report what has changed."""
    for task in (
        *own_store._tasks,
        *own_store.usage_tracker._tasks,
        own_store.usage_tracker.aggregator._task,
    ):
        await task.close()
    background = (
        own_store.usage_tracker.refresh,
        own_store.usage_tracker.aggregator.aggregate_and_clean,
    )
    for work in background:
        await work()

    with counted_statements() as unchanged:
        for work in background:
            await work()
    await carry_out(own_store, create_toggle, name="one")
    counts: list[int] = []
    for work in background:
        with counted_statements() as changed:
            await work()
        counts.append(len(changed))

    assert (unchanged == []) is (database == "sqlite")
    assert all(counts)
