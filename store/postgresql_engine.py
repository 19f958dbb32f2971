"""Engines for PostgreSQL, whose pools replace unresponsive connections."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.event import listens_for
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from store.postgresql import Connector, answers
from store.waiting import PATIENCE, Patience

# The server ends a transaction that is idle for this long, and releases its locks.
IDLE_TRANSACTION_S = 5.0
IDLE_BULK_TRANSACTION_S = 60.0
# The key in a connection record's `info` for connections that were used before.
_CHECKED = "checked"


def postgresql_engine(connector: Connector, **options: Any) -> AsyncEngine:
    """Create an engine whose connections the connector opens."""
    engine = create_async_engine(
        # The connector has the address, so SQLAlchemy does not parse the URL's options.
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
            # A named prepared statement belongs to one server connection.
            options["prepared_statement_cache_size"] = 0
            options["prepared_statement_name_func"] = str

    @listens_for(engine.sync_engine, "checkout")
    def replace_if_silent(connection: Any, record: Any, _fairy: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if not record.info.get(_CHECKED):
            record.info[_CHECKED] = True  # a new connection needs no check
        elif not await_only(answers(connection.driver_connection)):
            raise DisconnectionError

    return engine


def _count_waits(engine: AsyncEngine) -> None:
    """Count the time of statements as waiting in the connection's patience.

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
    """Set the limits on the server too, so that it ends transactions which this process abandons.

    The settings apply to the transaction, because poolers refuse them for a session.
    """
    lock_s = max((patience.left_s or 0) * 0.9, 0.05)
    idle_s = IDLE_BULK_TRANSACTION_S if bulk else IDLE_TRANSACTION_S
    await connection.execute(
        sa.select(
            sa.func.set_config("lock_timeout", f"{lock_s * 1000:.0f}", sa.true()),
            sa.func.set_config(
                "idle_in_transaction_session_timeout", f"{idle_s * 1000:.0f}", sa.true()
            ),
        )
    )
