"""Copy the rows of one table of an Unleash server in small transactions."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from store.model import Toggle
from store.snapshot import Snapshot
from store.store import Store
from store.transfer.server_imports import BatchSize, ServerImport
from store.transfer.unleash.server_connection import ServerDatabase

# The cursor reads this many rows at a time. A batch is also complete when its texts have this
# length, so that the memory does not depend on the size of documents.
PREFETCH = 200
MAX_CHARACTERS = 1_000_000

ServerRow: TypeAlias = Mapping[str, Any]


class Part(Struct, frozen=True):
    """A part of an import: a query with its arguments, and how its rows are stored.

    `prepare` converts rows in a thread. `write` stores the result in a transaction. The key of the
    last row is noted in the same transaction. If `key` is None, the part can be repeated.
    """

    name: str
    query: str
    arguments: tuple[Any, ...]
    prepare: Callable[[Sequence[ServerRow]], Any]
    write: Callable[[AsyncConnection, Any], Awaitable[None]]
    key: Callable[[ServerRow], Any] | None = None


class LeftOut(Struct):
    """The numbers of rows that an import leaves out.

    `counts` and `last_uses` belong to toggles that do not exist here. Reports of applications with
    names that are too long or have control characters are refused, so `applications` with such
    names are left out, with `counts_of_applications`.
    """

    events: int = 0
    applications: int = 0
    counts: int = 0
    counts_of_applications: int = 0
    last_uses: int = 0


class Copier(Struct, frozen=True):
    """Copies parts of a database.

    `toggles` are the toggles that exist here, by their names in the database. `on_rows` is called
    with the number of rows of each batch.
    """

    store: Store
    server_import: ServerImport
    database: ServerDatabase
    toggles: Mapping[str, Toggle]
    size: BatchSize
    on_rows: Callable[[int], None]
    left_out: LeftOut

    async def copy(self, part: Part) -> int:
        """Copy the rows of a part; return their number."""
        copied = 0
        async for rows in self._batches(part):
            prepared = await asyncio.to_thread(part.prepare, rows)
            await self.size.run(
                lambda rows=rows, prepared=prepared: self._write(part, rows, prepared)
            )
            copied += len(rows)
            self.on_rows(len(rows))
        return copied

    async def _write(self, part: Part, rows: Sequence[ServerRow], prepared: Any) -> None:
        async with self.store.begin_write() as connection:
            await part.write(connection, prepared)
            if part.key is not None:
                await self.server_import.save(connection, part.name, part.key(rows[-1]))

    async def _batches(self, part: Part) -> AsyncGenerator[Sequence[ServerRow]]:
        rows: list[ServerRow] = []
        characters = 0
        cursor = self.database.connection.cursor(part.query, *part.arguments, prefetch=PREFETCH)
        async for row in cursor:
            rows.append(row)
            characters += sum(len(value) for value in row.values() if isinstance(value, str))
            if len(rows) >= self.size.rows or characters >= MAX_CHARACTERS:
                yield rows
                rows, characters = [], 0
        if rows:
            yield rows


def toggles_by_old_name(snapshot: Snapshot, renames: Mapping[str, str]) -> Mapping[str, Toggle]:
    """Return the toggles by their names before they were renamed.

    A toggle that once had the new name of another toggle was deleted, so this name is missing.
    """
    toggles = snapshot.toggles
    if not renames:
        return toggles
    new_names = set(renames.values())
    same = {name: toggle for name, toggle in toggles.items() if name not in new_names}
    return same | {old: toggles[new] for old, new in renames.items() if new in toggles}
