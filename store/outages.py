"""Classify the exceptions of drivers: unavailable or damaged database, or unknown outcome."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncTransaction

from store.errors import OutcomeUnknownError
from store.waiting import Patience

# SQLite's primary result codes for temporary failures: BUSY, LOCKED, READONLY, IOERR, FULL,
# CANTOPEN.
_SQLITE_UNAVAILABLE = frozenset({5, 6, 8, 10, 13, 14})
# SQLite's result codes for damaged files: CORRUPT and NOTADB.
SQLITE_DAMAGED = frozenset({11, 26})
# PostgreSQL's codes for temporary failures: connection lost, resources exhausted, shutting down or
# starting, read-only, serialisation failure, deadlock, lock not available, idle transaction
# timeout.
_POSTGRESQL_UNAVAILABLE = ("08", "53", "57P", "25006", "25P03", "40001", "40P01", "55P03")
# The codes after which it is unknown whether the commit succeeded.
_POSTGRESQL_LOST = ("08", "57P")


async def commit(transaction: AsyncTransaction, patience: Patience) -> None:
    """Commit a transaction.

    Raises: OutcomeUnknownError: the connection was lost before the commit was confirmed.
    """
    try:
        with patience.waiting():
            await transaction.commit()
    except (DBAPIError, OSError) as error:
        cause = getattr(error, "orig", error)
        state = getattr(cause, "sqlstate", None)
        refused = state is not None and not state.startswith(_POSTGRESQL_LOST)
        if refused or getattr(cause, "sqlite_errorcode", None) is not None:
            raise
        raise OutcomeUnknownError(
            "The database connection was lost during the commit, so its outcome is unknown."
        ) from error


def sqlite_code(error: Exception) -> int | None:
    """Return SQLite's primary result code, None for other errors."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def is_unavailability(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return True
    code = sqlite_code(error)
    if code is not None:
        return code in _SQLITE_UNAVAILABLE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state.startswith(_POSTGRESQL_UNAVAILABLE)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
