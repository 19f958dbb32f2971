"""A store that many tests use one after another. Each test begins with the same state."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, Self

import asyncpg

from store import Store


class RewoundStore:
    """An open store. Its state is restored between tests, because opening a store is slow.

    The tables, the snapshot, the summary of usage and the last use of tokens are restored. The
    cache of documents is cleared. The store runs no background tasks. A test that closes the store,
    ends its feeds or checks background work must open another store.
    """

    def __init__(self, store: Store, tables: "_Tables") -> None:
        self.store = store
        self._tables = tables
        self._snapshot, self._mark = store.snapshot, store._state._mark

    @classmethod
    async def open(cls, url: str, clock: Callable[[], datetime]) -> Self:
        """Open the store on a database that is not open elsewhere."""
        tables = await (_SqliteTables if url.startswith("sqlite:") else _PostgresqlTables).of(url)
        store = await Store.open(url, clock=clock)
        # Background tasks could write the removed data again.
        await store._listener.close()
        # A background check of the file would regard the restored data as an older copy of the
        # file.
        await store._file_monitor.close()
        await store.scheduler.close()
        await store.webhooks.close()
        for task in (
            *store._tasks,
            *store.usage_tracker._tasks,
            store.usage_tracker.aggregator._task,
        ):
            await task.close()
        await tables.note()
        return cls(store, tables)

    async def close(self) -> None:
        """Close the store."""
        await self._tables.close()
        await self.store.close()

    async def rewind(self) -> None:
        """Restore the initial data."""
        store = self.store
        assert store.ready
        store.token_use._unwritten.clear()
        store.event_documents.clear()
        changed = await self._tables.have_changed()
        if changed:
            if store.changes._reader is not None:
                await store.changes._reader
            await self._tables.restore_parts()
            state = store._state
            state.snapshot, state._mark = self._snapshot, self._mark
            store.changes.publish(self._snapshot)
        if changed or store.token_use._last_used:
            async with store.read() as session:
                await store.usage.load(session)
                await store.token_use.load(session)
                await store.usage_tracker.limits.load(session)


class _Tables(Protocol):
    """The tables of a database, with the content at the first read."""

    @classmethod
    async def of(cls, url: str) -> Self:
        """Read and store the content of the tables."""
        ...

    async def note(self) -> None:
        """Regard the present content as unchanged."""
        ...

    async def have_changed(self) -> bool:
        """Whether the tables may have changed since `note` or the last restoration."""
        ...

    async def restore_parts(self) -> None:
        """Restore the content of the tables."""
        ...

    async def close(self) -> None:
        """Close the connection."""
        ...


class _SqliteTables:
    def __init__(self, connection: sqlite3.Connection) -> None:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (name,) in names:
            connection.execute(f"CREATE TABLE kept.kept_{name} AS SELECT * FROM main.{name}")
        self._connection = connection
        self._version = -1
        self._statements = [
            statement
            for (name,) in names
            for statement in (
                f"DELETE FROM main.{name}",
                f"INSERT INTO main.{name} SELECT * FROM kept.kept_{name}",
            )
        ]

    @classmethod
    async def of(cls, url: str) -> Self:
        connection = sqlite3.connect(
            url.removeprefix("sqlite:///"), timeout=1, isolation_level=None
        )
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("ATTACH ':memory:' AS kept")
        return cls(connection)

    async def note(self) -> None:
        self._version = self._data_version()

    async def have_changed(self) -> bool:
        return self._data_version() != self._version

    async def restore_parts(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for statement in self._statements:
            self._connection.execute(statement)
        self._connection.execute("COMMIT")
        await self.note()

    async def close(self) -> None:
        self._connection.close()

    def _data_version(self) -> int:
        """A number that changes with the commits of other connections."""
        (version,) = self._connection.execute("PRAGMA main.data_version").fetchone()
        return version


class _PostgresqlTables:
    def __init__(self, connection: asyncpg.Connection, statements: list[str]) -> None:
        self._connection = connection
        self._put_back = ";".join(statements)
        self._transaction = -1

    @classmethod
    async def of(cls, url: str) -> Self:
        connection = await asyncpg.connect(url)
        names = [
            row["tablename"]
            for row in await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        ]
        counters = await connection.fetch(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        )
        for name in names:
            await connection.execute(f"CREATE TEMPORARY TABLE kept_{name} AS TABLE {name}")
        # Rows are inserted and deleted without checks of foreign keys.
        await connection.execute("SET session_replication_role = replica")
        return cls(
            connection,
            [
                *(f"DELETE FROM {name}" for name in names),
                *(f"INSERT INTO {name} SELECT * FROM kept_{name}" for name in names),
                *(
                    f"SELECT setval('{row['sequencename']}', {row['last_value'] or 1}, "
                    f"{row['last_value'] is not None})"
                    for row in counters
                ),
            ],
        )

    async def note(self) -> None:
        self._transaction = await self._next_transaction()

    async def have_changed(self) -> bool:
        return await self._next_transaction() != self._transaction

    async def restore_parts(self) -> None:
        async with self._connection.transaction():
            await self._connection.execute(self._put_back)
        await self.note()

    async def close(self) -> None:
        await self._connection.close()

    async def _next_transaction(self) -> int:
        """A number that changes with every writing transaction."""
        statement = "SELECT txid_snapshot_xmax(txid_current_snapshot())"
        return int(await self._connection.fetchval(statement) or 0)
