"""The lock that allows only one process at a time to aggregate the journal of a database."""

import fcntl
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import sqlalchemy as sa

from store.database import Database

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
        with _try_file_lock(f"{database.url.database}{_SUFFIX}") as locked:
            yield locked
        return
    # An aggregation consists of several transactions, so a separate transaction holds the lock. A
    # session-level lock is unsuitable, because a connection pooler shares sessions between clients.
    async with database.begin_read() as connection:
        statement = sa.select(sa.func.pg_try_advisory_xact_lock(_POSTGRESQL_LOCK))
        yield bool((await connection.execute(statement)).scalar_one())


@contextmanager
def _try_file_lock(path: str) -> Generator[bool]:
    """Try to lock a file; yield whether the file is locked.

    If the file system does not support locks, yield True.
    """
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
