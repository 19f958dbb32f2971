"""Connect to SQLite with aiosqlite, and execute each statement in one call to aiosqlite's thread.

aiosqlite runs each connection in its own thread. For one statement, SQLAlchemy's adapter makes four
calls to the thread: open a cursor, execute, fetch and close. Each call wakes the thread and then
the event loop. Waking takes longer than most statements.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar, cast

import aiosqlite
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_only

T = TypeVar("T")
Statement: TypeAlias = tuple[str, Sequence[Any]]
# The description, the number of rows, the ID of the last row, and the rows of a statement.
_Outcome: TypeAlias = tuple[Any, int, int | None, list[Any] | None]

# The number of rows that aiosqlite fetches in one call when a program iterates over a cursor.
_ROWS_PER_TURN = 64


class Driver(aiosqlite.Connection):
    """A connection of aiosqlite that can run a function in one call to its thread."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connect, _ROWS_PER_TURN)
        # As a daemon thread, the connection's thread lets the process exit even if the connection
        # was not closed.
        self._thread.daemon = True
        # Whether any statement ran since the last commit or rollback, even for a cancelled task.
        self.is_used = False

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.is_used = True
        return await super()._execute(fn, *args, **kwargs)  # pyright: ignore[reportUnknownMemberType]

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Call `work` with the connection of `sqlite3`, in the thread, and return its result."""
        return cast("T", await self._execute(work, self._conn))


class Cursor:
    """The cursor for SQLAlchemy. Each execution fetches all rows and closes SQLite's cursor."""

    server_side = False

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: deque[Any] = deque()
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, operation: str, parameters: Sequence[Any] | None = None) -> None:
        """Execute a statement, and fetch its rows."""
        self._take(self._connection.run(partial(_execute, operation, parameters or ())))

    def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Execute a statement with each of several sequences of parameters."""
        self._take(self._connection.run(partial(_execute_many, operation, parameters)))

    def fetchone(self) -> Any:
        """Return the next row; None after the last row."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next `size` rows, by default `arraysize` rows."""
        count = min(self.arraysize if size is None else size, len(self._rows))
        return [self._rows.popleft() for _ in range(count)]

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def __iter__(self) -> Iterator[Any]:
        while self._rows:
            yield self._rows.popleft()

    def close(self) -> None:
        """Drop the rows that were not fetched."""
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Do nothing: SQLite's cursor is closed."""

    def _take(self, outcome: _Outcome) -> None:
        self.description, self.rowcount, self.lastrowid, rows = outcome
        self._rows = deque(rows or ())


class Connection(AsyncAdapt_aiosqlite_connection):
    """The connection for SQLAlchemy; a transaction begins together with the first statement."""

    __slots__ = ("_begin",)

    def __init__(self, dbapi: Any, driver: Driver) -> None:
        super().__init__(dbapi, driver)  # pyright: ignore[reportUnknownMemberType, reportArgumentType]
        # The statement that begins the transaction, until SQLite has executed it.
        self._begin: str | None = None

    @property
    def driver(self) -> Driver:
        """The connection of aiosqlite."""
        return cast("Driver", self._connection)

    def begin_with_next(self, statement: str) -> None:
        """Begin a transaction with `statement` just before the next statement is executed.

        The two statements are executed in one call to the thread. If `statement` fails, the next
        statement fails with the same error and is not executed.
        """
        self._begin = statement

    def cursor(self, server_side: bool = False) -> Any:
        """Return a cursor; with `server_side`, it fetches rows in portions."""
        if not server_side:
            return Cursor(self)
        self.run(_do_nothing)  # begins the transaction
        return super().cursor(server_side=True)

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Call `work` with the connection of `sqlite3`, in the thread, and return its result.

        Raises: sqlite3.Error: the work failed, or the transaction cannot begin.
        """
        try:
            return await_only(self.driver.run(partial(self._begin_and_run, work)))
        except Exception as error:
            self._handle_exception(error)

    def commit(self) -> None:
        """Commit the transaction; do nothing if it has no statement."""
        if self.driver.is_used:
            super().commit()
        self._has_ended()

    def rollback(self) -> None:
        """Roll the transaction back; do nothing if it has no statement."""
        if self.driver.is_used:
            super().rollback()
        self._has_ended()

    def _has_ended(self) -> None:
        self._begin, self.driver.is_used = None, False

    def _begin_and_run(self, work: Callable[[sqlite3.Connection], T], own: sqlite3.Connection) -> T:
        if self._begin is not None:
            own.execute(self._begin).close()
            # Do this last, so that no statement runs outside of the transaction.
            self._begin = None
        return work(own)


class Module(AsyncAdapt_aiosqlite_dbapi):
    """The module for SQLAlchemy, which opens connections of this driver."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arguments: Any, **options: Any) -> Connection:
        """Open a connection; the arguments are passed to `sqlite3.connect`."""
        driver = Driver(partial(sqlite3.connect, *arguments, **options))
        await_only(driver)
        return Connection(self, driver)


async def execute_together(
    connection: AsyncConnection, statements: Sequence[Statement]
) -> list[int]:
    """Execute statements in one call to the thread; return the number of rows of each statement.

    Raises: DBAPIError: a statement failed. Later statements were not executed.
    """
    counts: list[int] = []
    work = partial(_execute_all, statements, counts)
    await connection.run_sync(_run, work, lambda: statements[len(counts)][0])
    return counts


async def execute_insert(connection: AsyncConnection, statement: Statement) -> int:
    """Insert one row in one call to the thread; return the generated key of the row.

    Raises: DBAPIError.
    """
    work = partial(_execute, *statement)
    _, _, row_id, _ = await connection.run_sync(_run, work, lambda: statement[0])
    return row_id


def _run(
    connection: sa.Connection, work: Callable[[sqlite3.Connection], Any], failed: Callable[[], str]
) -> Any:
    """Run `work` in one call to the thread; `failed` returns the statement that failed."""
    adapted = cast("Connection", connection.connection.dbapi_connection)
    try:
        return adapted.run(work)
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            failed(), None, error, sqlite3.Error, hide_parameters=True
        ) from error


def _do_nothing(own: sqlite3.Connection) -> None: ...


def _execute(operation: str, parameters: Sequence[Any], own: sqlite3.Connection) -> _Outcome:
    cursor = own.execute(operation, parameters)
    try:
        rows = cursor.fetchall() if cursor.description else None
        return cursor.description, cursor.rowcount, cursor.lastrowid, rows
    finally:
        cursor.close()


def _execute_many(
    operation: str, parameters: Sequence[Sequence[Any]], own: sqlite3.Connection
) -> _Outcome:
    cursor = own.executemany(operation, parameters)
    try:
        return cursor.description, cursor.rowcount, cursor.lastrowid, None
    finally:
        cursor.close()


def _execute_all(
    statements: Sequence[Statement], counts: list[int], own: sqlite3.Connection
) -> None:
    for statement, parameters in statements:
        cursor = own.execute(statement, parameters)
        counts.append(cursor.rowcount)
        cursor.close()
