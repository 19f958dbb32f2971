"""Import the history of an Unleash server, before all events of this server."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from store.aggregates import table_of
from store.bulk import write_batches
from store.model import Toggle
from store.row_changes import Batch, Kind, encoder_of
from store.rows import EventRow
from store.snapshot import Snapshot
from store.transfer.unleash.server_events import row_of_event, select_events
from store.transfer.unleash.server_parts import Copier, Part, ServerRow

PART = "events"

_EVENT = table_of(EventRow)
_COLUMNS = tuple(_EVENT.columns.keys())
# The documents of these columns are JSON texts already.
_ENCODED = frozenset({"before", "after", "wire_data"})


async def import_history(copier: Copier) -> int:
    """Import the events that are missing, in small transactions; return their number.

    Events that the server has recorded since the first import are left out, or all events if this
    installation had events of its own. If the call is interrupted, the next call continues.
    """
    through = copier.server_import.events_through
    copier.left_out.events = await copier.database.connection.fetchval(
        "SELECT count(*) FROM events WHERE id > $1", through or 0
    )
    if through is None:
        return 0
    after = copier.server_import.progress.get(PART, 0)
    async with copier.store.read() as session:
        dialect = session.dialect
    snapshot = copier.store.snapshot
    return await copier.copy(
        Part(
            name=PART,
            query=select_events(copier.database),
            arguments=(after, through),
            prepare=lambda events: _batch_of(dialect, events, copier.toggles, snapshot),
            write=_write,
            key=lambda event: event["id"],
        )
    )


def _batch_of(
    dialect: Dialect,
    events: Sequence[ServerRow],
    toggles: Mapping[str, Toggle],
    snapshot: Snapshot,
) -> Batch:
    rows = [row_of_event(event, toggles, snapshot) for event in events]
    values: list[Sequence[Any]] = []
    for name in _COLUMNS:
        encode = None if name in _ENCODED else encoder_of(dialect, _EVENT, name)
        column = [row[name] for row in rows]
        values.append(column if encode is None else [*map(encode, column)])
    return Batch(Kind.INSERT, _EVENT, _COLUMNS, values)


async def _write(connection: AsyncConnection, batch: Batch) -> None:
    await write_batches(connection, [batch])
