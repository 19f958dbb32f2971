"""Import the history, the applications and the counts of an Unleash server."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from store.store import Store
from store.transfer.server_imports import BatchSize, ServerImport, complete_import
from store.transfer.unleash.server_applications import import_applications
from store.transfer.unleash.server_connection import open_server_database
from store.transfer.unleash.server_counts import import_counts
from store.transfer.unleash.server_history import import_history
from store.transfer.unleash.server_last_uses import import_last_uses, read_last_uses
from store.transfer.unleash.server_parts import Copier, LeftOut, toggles_by_old_name


class CopyResult(Struct, frozen=True):
    """The numbers of rows that were imported, and of those that were left out.

    `longest_s` is the longest transaction, in seconds.
    """

    events: int
    applications: int
    counts: int
    last_uses: int
    left_out: LeftOut
    longest_s: float


async def copy_server(
    store: Store,
    server_import: ServerImport,
    url: str,
    schema: str | None,
    renames: Mapping[str, str],
    on_rows: Callable[[int], None] = lambda _: None,
) -> CopyResult:
    """Import what the configuration does not contain, in small transactions.

    `renames` maps names of toggles in the database to their names here.
    If the call is interrupted, repeat it with the same import. It then continues.

    Raises: the errors of `open_server_database`.
    """
    size, left_out = BatchSize(store.dialect), LeftOut()
    toggles = toggles_by_old_name(store.snapshot, renames)
    async with open_server_database(url, schema) as database:
        copier = Copier(store, server_import, database, toggles, size, on_rows, left_out)
        events = await import_history(copier)
        applications = await import_applications(copier)
        last_uses = await read_last_uses(copier)
        counts = await import_counts(copier, last_uses)
        seen = await import_last_uses(copier, last_uses)
    await complete_import(store, server_import)
    return CopyResult(events, applications, counts, seen, left_out, size.longest_s)
