"""Connections to a PostgreSQL server, in pools that replace those that went silent."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.event import listens_for
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from store.postgresql import Connector, answers
from store.waiting import PATIENCE, Patience

# A server that no longer hears from this process ends its transaction, and frees what it locked.
IDLE_TRANSACTION_S = 5.0
IDLE_BULK_TRANSACTION_S = 60.0
# Where a connection's record notes that it was in use before.
_CHECKED = "checked"


def postgresql_engine(connector: Connector, **options: Any) -> AsyncEngine:
    """An engine whose connections the connector opens."""
    engine = create_async_engine(
        # The connector knows where; SQLAlchemy need not understand the URL's options.
        "postgresql+asyncpg://",
        # Errors are logged, and what people and SDKs send does not belong there.
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
            # A prepared statement that has a name belongs to one connection of the server.
            options["prepared_statement_cache_size"] = 0
            options["prepared_statement_name_func"] = str

    @listens_for(engine.sync_engine, "checkout")
    def replace_if_silent(connection: Any, record: Any, _fairy: Any) -> None:  # pyright: ignore[reportUnusedFunction] (registered)
        if not record.info.get(_CHECKED):
            record.info[_CHECKED] = True  # it was made just now
        elif not await_only(answers(connection.driver_connection)):
            raise DisconnectionError

    return engine


def _count_waits(engine: AsyncEngine) -> None:
    """Let the patience of a connection's user count while a statement runs.

    SQLite needs none of it: it waits for others only where a transaction begins.
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
    """Let the server, too, end what this process has given up.

    Within the transaction, since poolers refuse such settings for a session.
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
