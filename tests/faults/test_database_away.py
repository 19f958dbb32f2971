"""If the database cannot be written, writes are refused soon and clearly. Later writes succeed."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from store import Store
from store.errors import StoreUnavailableError
from store.model import SYSTEM
from store.waiting import WRITE_BUDGET_S
from tests.store.test_write_path import put_toggle


async def create(store: Store, name: str) -> None:
    async with store.write(SYSTEM) as work:
        put_toggle(work, name)


async def outcomes_of_creating(store: Store, count: int) -> list[type]:
    """Create toggles concurrently. Return the type of each error, and None for each success."""
    found = await asyncio.gather(
        *(create(store, f"t{number}") for number in range(count)), return_exceptions=True
    )
    return [type(item) for item in found]


@pytest.mark.thorough
@pytest.mark.slow
async def test_writers_locked_out_by_another_process_all_give_up_together(tmp_path: Path):
    store = await Store.open(f"sqlite:///{tmp_path / 'flagstaff.db'}")
    other = sqlite3.connect(tmp_path / "flagstaff.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    timeouts_ms: list[int] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        name, _, timeout_ms = statement.partition("=")
        if name == "PRAGMA busy_timeout":
            timeouts_ms.append(int(timeout_ms))

    engine = store._database._writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    found = await outcomes_of_creating(store, 5)
    event.remove(engine, "before_cursor_execute", note)
    other.execute("ROLLBACK")
    other.close()
    await create(store, "after")

    assert found == [StoreUnavailableError] * 5
    # Separate waits would take five times as long.
    assert WRITE_BUDGET_S * 1000 / 2 < sum(timeouts_ms) < 2 * WRITE_BUDGET_S * 1000
    assert set(store.snapshot.toggles) == {"after"}
    await store.close()


@pytest.mark.postgres
async def test_a_read_only_postgresql_is_unavailable_for_writes_only(
    store: Store, prepared_url: str
):
    connection = await asyncpg.connect(prepared_url)
    name = prepared_url.rpartition("/")[2]
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    found = await outcomes_of_creating(store, 2)
    async with store.read() as session:
        readable = (await session.execute(sa.text("SELECT 1"))).scalar_one()
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = off")
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    await create(store, "after")

    assert found == [StoreUnavailableError] * 2
    assert readable == 1
    assert set(store.snapshot.toggles) == {"after"}
