"""Create engines for PostgreSQL, whose pools replace connections that do not respond."""

import math
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.event import listens_for
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from store.errors import StoreUnavailableError
from store.postgresql import Connector, Driver, answers
from store.waiting import PATIENCE, Patience

# The server ends a transaction that is idle for this long, and releases its locks.
IDLE_TRANSACTION_S = 5.0
IDLE_BULK_TRANSACTION_S = 60.0
LOCK_TIMEOUT_STEP_MS = 100
# Under this key, a connection's `info` contains the limits of the session.
_LIMITS = "limits"
# This key in a connection record's `info` marks connections that were used before.
_USED = "used"


def postgresql_engine(connector: Connector, **options: Any) -> AsyncEngine:
    """Create an engine whose connections the connector opens."""
    engine = create_async_engine(
        # The connector has the address, so SQLAlchemy gets a URL without options.
        "postgresql+asyncpg://",
        # Keep the data of users and SDKs out of logged errors.
        hide_parameters=True,
        connect_args={"async_creator_fn": connector.connect},
        **options,
    )
    _count_waits(engine)

    @listens_for(engine.sync_engine, "do_connect")
    def choose_statements(  # pyright: ignore[reportUnusedFunction] (registered)
        _dialect: Any, _record: Any, _positional: Any, options: dict[str, Any]
    ) -> None:
        if connector.pooled:
            # Behind a pooler, use unnamed statements without a cache: a named statement belongs to
            # one connection of the server.
            options["prepared_statement_cache_size"] = 0
            options["prepared_statement_name_func"] = str

    @listens_for(engine.sync_engine, "checkout")
    def replace_if_silent(connection: Any, record: Any, _fairy: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        # Each reused connection is checked, however recently it was used. The server may have
        # closed the connection since, and the next write must not fail.
        if not record.info.get(_USED):
            record.info[_USED] = True  # a new connection needs no check
        elif not await_only(answers(connection.driver_connection)):
            raise DisconnectionError

    return engine


def _count_waits(engine: AsyncEngine) -> None:
    """Deduct the time of statements from the connection's patience.

    SQLite does not need this, because it waits for other writers only when a transaction begins.
    """

    @listens_for(engine.sync_engine, "before_cursor_execute")
    @listens_for(engine.sync_engine, "rollback")
    def resume(connection: sa.Connection, *_: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if (patience := connection.info.get(PATIENCE)) is not None:
            patience.resume()

    @listens_for(engine.sync_engine, "after_cursor_execute")
    def pause(connection: sa.Connection, *_: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if (patience := connection.info.get(PATIENCE)) is not None:
            patience.pause()


async def limit_server(connection: AsyncConnection, patience: Patience, *, bulk: bool) -> None:
    """Set the limits of a transaction on the server too.

    The server then ends transactions that this process abandons. With an unlimited `patience`, no
    limits are set.
    """
    if patience.left_s is None:
        return
    lock_ms, idle_ms = _limits(patience, bulk=bulk)
    await connection.execute(
        sa.select(
            sa.func.set_config("lock_timeout", str(lock_ms), sa.true()),
            sa.func.set_config("idle_in_transaction_session_timeout", str(idle_ms), sa.true()),
        )
    )


async def limit_session(connection: AsyncConnection, patience: Patience) -> None:
    """Set the limits of `limit_server` for all later transactions, if they are not set already.

    An unlimited `patience` resets the limits. Do not call this in a transaction, or behind a
    pooler, which refuses the statement.

    Raises: StoreUnavailableError: the connection was lost.
    """
    limits = None if patience.left_s is None else _limits(patience, bulk=False)
    if connection.info.get(_LIMITS) == limits:
        return
    values = ("DEFAULT", "DEFAULT") if limits is None else limits
    driver = cast("Driver", (await connection.get_raw_connection()).driver_connection)
    try:
        with patience.waiting():
            await driver.execute(
                f"SET lock_timeout = {values[0]}; "
                f"SET idle_in_transaction_session_timeout = {values[1]}"
            )
    except Exception as error:
        driver.terminate()
        raise StoreUnavailableError("The database cannot be reached at the moment.") from error
    connection.info[_LIMITS] = limits


def _limits(patience: Patience, *, bulk: bool) -> tuple[int, int]:
    """Return the maximum times to wait for a lock and to be idle, in milliseconds."""
    # Round the limits, so that transactions that did not wait in the queue have equal limits.
    steps = math.ceil((patience.left_s or 0) * 900 / LOCK_TIMEOUT_STEP_MS)
    idle_s = IDLE_BULK_TRANSACTION_S if bulk else IDLE_TRANSACTION_S
    return max(steps, 1) * LOCK_TIMEOUT_STEP_MS, round(idle_s * 1000)
