"""Examine a database without changing it, for `flagstaff doctor`."""

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from store.aggregates import load_reference_data, table_of
from store.clock_skew import utc_now
from store.database import Database
from store.rows import MetricsJournalRow, ServerStateRow
from store.snapshot import Configuration

_STATE = table_of(ServerStateRow)
_JOURNAL = table_of(MetricsJournalRow)
# Each limit is a number of connections, or negative if there is none. PostgreSQL before version 16
# has no `reserved_connections`.
_CONNECTION_LIMITS = sa.text(
    "SELECT current_setting('max_connections')::int"
    " - current_setting('superuser_reserved_connections')::int"
    " - coalesce(current_setting('reserved_connections', true)::int, 0),"
    " (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),"
    " (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user)"
)
_NOW = sa.select(sa.func.clock_timestamp())
# SQLite does not lock files reliably on these file systems.
_NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs"})
_MOUNTS = Path("/proc/mounts")


class Facts(Struct, frozen=True):
    """The state of a database with up-to-date tables.

    `clock_offset` is the time by which the database's clock is ahead of this machine's clock. On
    SQLite, the offset is positive if the last change has a time in the future. `oldest_report` is
    the arrival time of the oldest usage report that is not counted yet.
    """

    revision: int
    clock_offset: timedelta
    oldest_report: datetime | None
    configuration: Configuration


async def read_facts(database: Database) -> Facts | None:
    """Read the state of a database; None if no server has used the database.

    Raises: StoreUnavailableError: the database is unavailable.
    """
    async with database.begin_read() as connection:
        state = (
            await connection.execute(sa.select(_STATE.c.revision, _STATE.c.last_change_at))
        ).first()
        if state is None:
            return None
        revision, last_change_at = state
        if database.dialect == "postgresql":
            offset = (await connection.execute(_NOW)).scalar_one() - utc_now()
        else:
            offset = max(last_change_at - utc_now(), timedelta())
        oldest = await connection.scalar(sa.select(sa.func.min(_JOURNAL.c.received_at)))
        return Facts(revision, offset, oldest, await load_reference_data(connection))


async def read_connection_limit(database: Database) -> int | None:
    """Read how many connections this role can have to the database; None on SQLite.

    Behind a pooler, the result is None too, because the pooler shares its connections.

    Raises: StoreUnavailableError: the database is unavailable.
    """
    if database.connector is None:
        return None
    async with database.begin_read() as connection:
        if database.connector.pooled:
            return None
        row = (await connection.execute(_CONNECTION_LIMITS)).one()
        return min(limit for limit in row if limit is not None and limit >= 0)


def network_file_system(file: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the type of the network file system that contains a file; None for a local one.

    Where the list of mounted file systems is not available, the result is None.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    resolved, found, depth = file.resolve(), "", -1
    for line in lines:
        _, point, kind, *_ = line.split(" ")
        folder = Path(point.replace("\\040", " "))
        # A later line with the same folder is mounted over the earlier one.
        if resolved.is_relative_to(folder) and len(folder.parts) >= depth:
            found, depth = kind, len(folder.parts)
    return found if found in _NETWORK_FILE_SYSTEMS else None
