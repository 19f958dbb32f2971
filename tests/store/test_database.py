"""The database: the driver of a URL, and failures to connect."""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.event import listen
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store import Store, sqlite_engine
from store.columns import UtcDateTime
from store.database import Database
from store.database_file import DatabaseFile
from store.database_url import async_url
from store.errors import StoreUnavailableError
from store.sqlite_driver import execute_together
from store.sqlite_engine import READER_CACHE_BYTES, WRITER_CACHE_BYTES
from tests.turns import counted_turns


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("sqlite:///f.db", "sqlite+aiosqlite:///f.db"),
    ],
)
def test_a_url_gets_the_driver_that_is_meant(given: str, meant: str):
    assert async_url(given) == meant


def test_an_unknown_database_is_refused_by_name():
    with pytest.raises(ValueError, match="mysql"):
        Database("mysql://u@h/d")


async def test_a_database_that_is_not_there_is_unavailable():
    with pytest.raises(StoreUnavailableError):
        await Store.open("postgresql://nobody@127.0.0.1:1/none")


async def test_a_folder_that_does_not_exist_is_unavailable(tmp_path: Path):
    with pytest.raises(StoreUnavailableError, match="missing' for the database does not exist"):
        await Store.open(f"sqlite:///{tmp_path / 'missing' / 'flagstaff.db'}")


@pytest.mark.parametrize(("dialect", "offset"), [(sqlite, None), (postgresql, timedelta())])
def test_only_sqlite_stores_times_without_their_offset(dialect: Any, offset: timedelta | None):
    there = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))

    stored = UtcDateTime().process_bind_param(there, dialect.dialect())

    assert stored is not None
    assert (stored.hour, stored.utcoffset()) == (0, offset)


async def test_sqlite_writes_ahead_and_syncs_every_commit(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")

    async with database.begin_write() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    await database.close()


async def test_a_connection_to_a_file_that_was_moved_meanwhile_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    first = Database(url)
    async with first.begin_write():
        pass
    await first.close()
    database = Database(url)

    def refuse(_: DatabaseFile) -> None:
        raise StoreUnavailableError("The file was moved.")

    with monkeypatch.context() as patches:
        patches.setattr(DatabaseFile, "connected", refuse)
        with pytest.raises(StoreUnavailableError, match="moved"):
            async with database.begin_read():
                pass
    await database.close()


async def test_no_connection_is_opened_while_the_log_of_another_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # In tests, engines share a dialect, and such engines do not check the file before they open it.
    monkeypatch.setattr(sqlite_engine, "create_async_engine", create_async_engine)
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    log = tmp_path / "a.db-wal"
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")
    assert database.file is not None
    assert database.file.problem is None
    log.unlink()

    with pytest.raises(StoreUnavailableError):
        async with database.begin_read():
            pass

    assert not log.exists()
    await database.close()


async def test_sqlite_connections_cache_few_pages(tmp_path: Path):
    """Over time each connection fills its cache, so the caches must be small."""
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    async with database.begin_write() as connection:
        writer: int = (await connection.exec_driver_sql("PRAGMA cache_size")).scalar_one()
    async with database.begin_read() as connection:
        reader: int = (await connection.exec_driver_sql("PRAGMA cache_size")).scalar_one()
    await database.close()

    # A negative number is in units of 1,024 bytes.
    assert 0 < -1024 * writer <= WRITER_CACHE_BYTES
    assert 0 < -1024 * reader <= READER_CACHE_BYTES


async def test_sqlite_readers_that_take_turns_share_one_connection(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    async with database.begin_write():
        pass
    async with database.begin_read() as one, database.begin_read() as other:
        used = [await connection_of(session) for session in (one, other)]
    async with database.begin_read() as first:
        last_returned = await connection_of(first)
    async with database.begin_read() as second:
        again = await connection_of(second)
    await database.close()

    assert used[0] is not used[1]
    assert again is last_returned


async def connection_of(connection: AsyncConnection) -> Any:
    """Return the driver's connection below a connection of SQLAlchemy."""
    return (await connection.get_raw_connection()).driver_connection


async def test_each_statement_takes_one_turn_of_the_drivers_thread(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")

    with counted_turns() as turns:
        async with database.begin_write() as connection:
            await connection.exec_driver_sql("INSERT INTO t VALUES (1)")
            inserted = await connection.exec_driver_sql("INSERT INTO t VALUES (2) RETURNING a")
            assert inserted.scalar_one() == 2
    await database.close()

    # The driver's thread begins the transaction together with the first statement.
    assert turns == ["run", "run", "commit"]


async def test_a_transaction_without_statements_takes_no_turn(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")
    async with database.begin_read() as session:
        await session.execute(sa.text("SELECT * FROM t"))

    with counted_turns() as turns:
        async with database.begin_write():
            pass
        async with database.begin_read():
            pass
    await database.close()

    assert turns == []


async def test_no_statement_runs_outside_of_a_transaction_that_cannot_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("store.database.WRITE_BUDGET_S", 0.1)
    file = tmp_path / "a.db"
    database = Database(f"sqlite:///{file}")
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async with database.begin_write() as connection:
        for _ in range(2):
            with pytest.raises(OperationalError, match="locked"):
                await connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        other.execute("ROLLBACK")
        await connection.exec_driver_sql("INSERT INTO t VALUES (2)")
        await connection.rollback()

    assert other.execute("SELECT * FROM t").fetchall() == []
    other.close()
    await database.close()


async def test_a_cancelled_statement_leaves_no_transaction(tmp_path: Path):
    """The driver's thread may begin the transaction after the task was cancelled."""
    file = tmp_path / "a.db"
    database = Database(f"sqlite:///{file}")
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")

    async def write() -> None:
        async with database.begin_write() as connection:
            await connection.exec_driver_sql("INSERT INTO t VALUES (1)")

    for turns in range(20):
        task = asyncio.create_task(write())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("DELETE FROM t")
    async with database.begin_read() as session:
        assert (await session.execute(sa.text("SELECT * FROM t"))).all() == []
    await database.close()


async def test_statements_that_run_together_stop_at_the_first_that_fails(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    insert = "INSERT INTO t VALUES (?)"

    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a UNIQUE)")
        with counted_turns() as turns:
            counts = await execute_together(connection, [(insert, [1]), ("DELETE FROM t", [])])
        with pytest.raises(IntegrityError, match="UNIQUE") as caught:
            await execute_together(connection, [(insert, [2]), (insert, [2]), (insert, [3])])
        rows = (await connection.exec_driver_sql("SELECT * FROM t")).all()
    await database.close()

    assert counts == [1, 1]
    assert turns == ["run"]
    assert caught.value.statement == insert
    assert rows == [(2,)]


async def test_rows_that_are_read_in_portions_are_all_read(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")
        await connection.exec_driver_sql("INSERT INTO t VALUES (1), (2), (3)")
    async with database.begin_read() as session:
        result = await session.stream(sa.text("SELECT a FROM t ORDER BY a"))
        portions = [list(portion) async for portion in result.partitions(2)]
    await database.close()

    assert portions == [[(1,), (2,)], [(3,)]]


async def test_a_transaction_that_a_script_leaves_open_is_rolled_back(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")

    with pytest.raises(StoreUnavailableError, match="no such table"):
        await database.run_script("BEGIN; INSERT INTO t VALUES (1); INSERT INTO u VALUES (1);")

    async with database.begin_write() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM t")).all()
    await database.close()
    assert rows == []


async def test_a_transaction_sets_the_timeout_for_locks_only_if_another_one_is_set(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    listen(database._writer.sync_engine, "before_cursor_execute", note)
    for _ in range(2):
        async with database.begin_write():
            pass
    await database.empty_log()
    async with database.begin_write(endless=True) as connection:
        timeout_ms = (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar_one()
    await database.close()

    timeouts = [item for item in statements if item.startswith("PRAGMA busy_timeout=")]
    assert timeouts == ["PRAGMA busy_timeout=2000", "PRAGMA busy_timeout=60000"]
    assert timeout_ms == 60_000


async def test_a_new_sqlite_file_and_its_log_are_for_their_owner_only(tmp_path: Path):
    file = tmp_path / "a.db"
    umask = os.umask(0o022)
    try:
        database = Database(f"sqlite:///{file}")
        async with database.begin_write() as connection:
            await connection.exec_driver_sql("CREATE TABLE t (a)")
    finally:
        os.umask(umask)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    await database.close()
    assert modes == {"a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}


async def test_the_mode_of_an_existing_sqlite_file_stays(tmp_path: Path):
    file = tmp_path / "a.db"
    file.touch(0o640)
    file.chmod(0o640)

    await Database(f"sqlite:///{file}").close()

    assert stat.S_IMODE(file.stat().st_mode) == 0o640


async def test_a_new_connection_to_sqlite_does_not_wait_for_a_writer(tmp_path: Path):
    file = tmp_path / "a.db"
    database = Database(f"sqlite:///{file}")
    async with database.begin_write() as connection:
        await connection.exec_driver_sql("CREATE TABLE t (a)")
    with closing(sqlite3.connect(file)) as another:
        another.execute("BEGIN IMMEDIATE")
        async with database.begin_read() as first, database.begin_read() as second:
            counts = [
                await session.scalar(sa.text("SELECT count(*) FROM t"))
                for session in (first, second)
            ]
    await database.close()

    assert counts == [0, 0]


async def test_a_connection_that_is_lost_between_statements_is_unavailability(own_store: Store):
    async def lose_connection() -> None:
        async with own_store._database.begin_write() as connection:
            await connection.invalidate()
            await connection.exec_driver_sql("SELECT 1")

    with pytest.raises(StoreUnavailableError):
        await lose_connection()

    async with own_store._database.begin_write() as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar_one() == 1
