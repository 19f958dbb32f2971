"""The lock that allows only one process at a time to aggregate the journal of a database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import sqlalchemy as sa

from store.database import Database
from store.file_lock import try_file_lock

# All processes use this key for the advisory lock. The value is arbitrary.
_POSTGRESQL_LOCK = 0x464C4148
# The lock file of an SQLite database is an empty file next to the database, with this suffix.
_SUFFIX = "-aggregation"


@asynccontextmanager
async def try_aggregation_lock(database: Database) -> AsyncGenerator[bool, None]:
    """Try to acquire the lock without waiting; yield whether this context has the lock.

    Another process, or another store in this process, may have the lock. The lock is released when
    the context exits or the process ends.

    Raises: StoreUnavailableError: the database is unavailable.
    """
    if database.dialect == "sqlite":
        with try_file_lock(f"{database.url.database}{_SUFFIX}") as locked:
            yield locked
        return
    # An aggregation consists of several transactions, so a separate transaction holds the lock. A
    # session-level lock is unsuitable, because a connection pooler shares sessions between clients.
    async with database.begin_read() as connection:
        statement = sa.select(sa.func.pg_try_advisory_xact_lock(_POSTGRESQL_LOCK))
        yield bool((await connection.execute(statement)).scalar_one())
