"""Remember what the import of another server's database has brought, to continue or to undo it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.history import skip_event_numbers
from store.random_ids import random_id
from store.rows import EventRow, ServerImportRow, ServerStateRow
from store.store import Store

# A transaction of an import should hold the lock of other writers for this time. The maximum is
# 0.2 seconds.
LOCK_S = 0.08
MIN_ROWS = 20
MAX_ROWS = 5_000

_IMPORT = table_of(ServerImportRow)
_STATE = table_of(ServerStateRow)
_EVENT = table_of(EventRow)


class ServerImport(Struct):
    """The import of the history and the usage of another server; see `ServerImportRow`.

    If `is_new`, this process has begun the import.
    """

    id: str
    source: str
    created_at: datetime
    events_through: int | None
    progress: dict[str, Any]
    is_new: bool = False

    async def save(self, connection: AsyncConnection, part: str, key: Any) -> None:
        """Note in the caller's transaction that the rows of a part are imported up to a key."""
        self.progress = {**self.progress, part: key}
        await connection.execute(
            sa.update(_IMPORT).where(_IMPORT.c.id == self.id).values(progress=self.progress)
        )


class BatchSize:
    """The number of rows that one transaction writes, so that others do not wait long for it.

    On SQLite, other writers only look for the lock every few milliseconds. Therefore the lock is
    free after each transaction for half the time for which the transaction has held it.
    """

    def __init__(self, dialect: str) -> None:
        """Begin with few rows. `dialect` is the kind of database."""
        self.rows = 200
        # The longest transaction so far, in seconds.
        self.longest_s = 0.0
        self._pauses = dialect == "sqlite"

    async def run(self, write: Callable[[], Awaitable[None]]) -> None:
        """Run a transaction with `rows` rows, and adapt the number to its duration."""
        started = monotonic()
        await write()
        took = monotonic() - started
        self.longest_s = max(self.longest_s, took)
        factor = min(LOCK_S / max(took, 0.001), 1.5)
        self.rows = max(MIN_ROWS, min(MAX_ROWS, int(self.rows * factor)))
        if self._pauses:
            await asyncio.sleep(took / 2)


async def begin_import(store: Store, source: str, last_event: int) -> ServerImport:
    """Begin an import, or continue the earlier import from the same source.

    `last_event` is the number of the source's last event. If this installation has no events yet,
    the numbers up to `last_event` are reserved for the events of the source.
    """
    async with store.begin_write() as connection:
        # Lock out other writers, which might record the first event.
        await connection.execute(sa.select(_STATE.c.revision).with_for_update())
        found = (
            await connection.execute(sa.select(_IMPORT).where(_IMPORT.c.source == source))
        ).first()
        if found is not None:
            return ServerImport(
                found.id, found.source, found.created_at, found.events_through, found.progress
            )
        begun = ServerImport(random_id(), source, store.clock(), None, {}, True)
        has_events = await connection.scalar(sa.select(sa.exists(sa.select(_EVENT.c.number))))
        if not has_events:
            begun.events_through = last_event
            await skip_event_numbers(connection, last_event)
        await connection.execute(
            sa.insert(_IMPORT).values(
                id=begun.id,
                source=source,
                created_at=begun.created_at,
                events_through=begun.events_through,
                progress={},
            )
        )
    return begun


async def complete_import(store: Store, server_import: ServerImport) -> None:
    """Note that everything was imported."""
    async with store.begin_write() as connection:
        await connection.execute(
            sa.update(_IMPORT)
            .where(_IMPORT.c.id == server_import.id)
            .values(completed_at=store.clock())
        )


async def forget_import(store: Store, import_id: str) -> None:
    """Remove the note of an import that has brought nothing."""
    async with store.begin_write() as connection:
        await connection.execute(sa.delete(_IMPORT).where(_IMPORT.c.id == import_id))
