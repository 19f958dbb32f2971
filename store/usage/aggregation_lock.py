"""The lock that lets one process at a time aggregate the journal of a database."""

import fcntl
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import sqlalchemy as sa

from store.database import Database

# Any number will do, as long as every Flagstaff takes the same one and nothing else does.
_POSTGRESQL_LOCK = 0x464C4148
# Beside the file of an SQLite database; it stays empty.
_SUFFIX = "-aggregation"


@asynccontextmanager
async def try_aggregation_lock(database: Database) -> AsyncGenerator[bool, None]:
    """Take the lock unless another process, or another store of this one, has it; whether it did.

    Nobody waits for it. It is free again when the context ends, and when the process ends, however
    that ends.

    Raises: StoreUnavailableError: the database is away.
    """
    if database.dialect == "sqlite":
        with _try_file_lock(f"{database.url.database}{_SUFFIX}") as taken:
            yield taken
        return
    # Held by a transaction of its own, for what is done meanwhile are several. Poolers hand
    # sessions on, so it cannot be the session's.
    async with database.begin_read() as session:
        statement = sa.select(sa.func.pg_try_advisory_xact_lock(_POSTGRESQL_LOCK))
        yield bool((await session.execute(statement)).scalar_one())


@contextmanager
def _try_file_lock(path: str) -> Generator[bool]:
    """The lock of a file; where a file system has no locks, everybody gets it."""
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
