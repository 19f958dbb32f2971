"""Open stores that tests borrow: copies of prepared files, reused until a test changes them."""

import shutil
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from msgspec import Struct

from store import Snapshot, Store
from store import store as store_module
from store.clock_skew import utc_now
from store.current_state import CurrentState

Fill: TypeAlias = Callable[[Store], Awaitable[object]]
Time: TypeAlias = Callable[[], datetime]

# Open stores do periodic work, so only this many unused stores remain open.
MAX_CACHED = 3


class Prepared(Struct, frozen=True):
    """A closed database file, and the data that a store on a copy of it would load."""

    file: Path
    snapshot: Snapshot
    installation_id: str


async def filled(store: Store, file: Path, fill: Fill) -> Prepared:
    """Fill a store, close it, and return its file."""
    try:
        await fill(store)
    finally:
        await store.close()
    return Prepared(file, store.snapshot, store.installation_id)


async def open_copy(prepared: Prepared, file: Path, clock: Time = utc_now) -> Store:
    """Open a store over a copy of a prepared file.

    The loaded data comes from the store that wrote the file, because migrating, filling and loading
    a database takes longer than most tests.
    """

    async def nothing(*_: object) -> None:
        pass

    async def take_over(state: CurrentState) -> None:
        state.installation_id = prepared.installation_id
        state.publish(prepared.snapshot)

    shutil.copy(prepared.file, file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "prepare", nothing)
        patch.setattr(CurrentState, "load", take_over)
        return await Store.open(f"sqlite:///{file}", clock=clock)


class _Cached:
    """An open store, and whether it is unchanged since it was opened."""

    def __init__(self, store: Store, file: Path) -> None:
        self.store = store
        self._file = file
        self._snapshot = store.snapshot
        self._clock = store.clock
        self._watcher = sqlite3.connect(file)
        self._version = self._data_version()

    def is_unchanged(self) -> bool:
        """Whether the store is open and unused: no commits, no other clock, no subscribers."""
        store = self.store
        return (
            store.ready
            and store.snapshot is self._snapshot
            and store.clock is self._clock
            and not store.changes._feeds
            and self._data_version() == self._version
        )

    def forget_use(self) -> None:
        """Remove the times of the last use of tokens before the store writes them to the
        database.
        """
        self.store.token_use._last_used.clear()
        self.store.token_use._unwritten.clear()

    async def close(self) -> None:
        self._watcher.close()
        await self.store.close()
        self._file.unlink()

    def _data_version(self) -> int:
        """A number that changes with each commit of another connection."""
        return self._watcher.execute("PRAGMA data_version").fetchone()[0]


class Stores:
    """Lends open stores that begin with the data of a `Fill`.

    Unchanged stores are used again. A changed store is closed, and the next test gets a new copy of
    the prepared file.
    """

    def __init__(self, folder: Path, base: Prepared) -> None:
        self._folder = folder
        self._base = base
        self._prepared: dict[tuple[Fill, Time], Prepared] = {}
        self._cached: dict[tuple[Fill | None, Time], _Cached] = {}
        self._number = count()

    @asynccontextmanager
    async def lent(
        self, fill: Fill | None = None, *, clock: Time = utc_now
    ) -> AsyncGenerator[Store]:
        """Lend an open store that begins with the data of `fill` and the common data."""
        cached = self._cached.pop((fill, clock), None)
        if cached is None:
            prepared = await self._prepare(fill, clock) if fill else self._base
            file = self._new_file()
            cached = _Cached(await open_copy(prepared, file, clock), file)
        yield cached.store
        cached.forget_use()
        if not cached.is_unchanged():
            await cached.close()
            return
        self._cached[fill, clock] = cached
        if len(self._cached) > MAX_CACHED:
            await self._cached.pop(next(iter(self._cached))).close()

    async def close(self) -> None:
        """Close all stores that are not in use."""
        while self._cached:
            await self._cached.popitem()[1].close()

    async def _prepare(self, fill: Fill, clock: Time) -> Prepared:
        if (fill, clock) not in self._prepared:
            file = self._new_file()
            store = await open_copy(self._base, file, clock)
            self._prepared[fill, clock] = await filled(store, file, fill)
        return self._prepared[fill, clock]

    def _new_file(self) -> Path:
        return self._folder / f"{next(self._number)}.db"
