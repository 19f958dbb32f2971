"""The lock that lets one process at a time aggregate the journal of a database."""

import fcntl
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import sqlalchemy as sa

from store.database import Database

# The key of the advisory lock; arbitrary, but the same for all processes.
_POSTGRESQL_LOCK = 0x464C4148
# The suffix of an empty file next to the file of an SQLite database.
_SUFFIX = "-aggregation"


@asynccontextmanager
async def try_aggregation_lock(database: Database) -> AsyncGenerator[bool, None]:
    """Try to take the lock without waiting; yield whether this succeeded.

    The lock may belong to another process, or to another store in this process. The lock is
    released when the context exits or the process ends.

    Raises: StoreUnavailableError: the database is unavailable.
    """
    if database.dialect == "sqlite":
        with _try_file_lock(f"{database.url.database}{_SUFFIX}") as locked:
            yield locked
        return
    # The aggregation takes several transactions, so a separate transaction holds the lock. A lock
    # of the session is impossible, because a pooler shares sessions between clients.
    async with database.begin_read() as connection:
        statement = sa.select(sa.func.pg_try_advisory_xact_lock(_POSTGRESQL_LOCK))
        yield bool((await connection.execute(statement)).scalar_one())


@contextmanager
def _try_file_lock(path: str) -> Generator[bool]:
    """Try to lock a file; return True also if the file system does not support locks."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield True
        return
    try:
        yield _locks(descriptor)
    finally:
        os.close(descriptor)


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
