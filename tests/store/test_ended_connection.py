"""A write that runs out of time ends, even while the driver runs a statement in several steps."""

from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from store.database import Database
from store.errors import StoreUnavailableError
from store.postgresql import PING
from store.waiting import Patience


@pytest.mark.postgres
async def test_the_database_is_unavailable_whatever_the_driver_raises(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(own_url)
    patiences: list[Patience] = []
    attach, introspect = Patience.attach, asyncpg.Connection._introspect_types

    def remember(patience: Patience, connection: Any) -> None:
        patiences.append(patience)
        attach(patience, connection)

    async def run_out_of_time(connection: Any, *arguments: Any) -> Any:
        patiences[-1]._end_connection()
        return await introspect(connection, *arguments)

    monkeypatch.setattr(Patience, "attach", remember)
    monkeypatch.setattr(asyncpg.Connection, "_introspect_types", run_out_of_time)
    try:
        with pytest.raises(StoreUnavailableError):
            async with database.begin_write() as connection:
                await connection.execute(sa.text("SELECT NULL::pg_catalog.pg_class"))
        monkeypatch.undo()

        async with database.begin_write() as connection:
            assert (await connection.execute(sa.text("SELECT 1"))).scalar_one() == 1
    finally:
        await database.close()


@pytest.mark.postgres
async def test_a_connection_that_ends_as_the_answer_arrives_is_replaced(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(own_url)
    execute = asyncpg.Connection.execute
    ended: list[Any] = []

    async def answer_and_end(connection: Any, query: str, *arguments: Any) -> Any:
        answer = await execute(connection, query, *arguments)
        if query == PING:
            ended.append(connection)
            connection.terminate()
        return answer

    try:
        async with database.begin_write():
            pass
        monkeypatch.setattr(asyncpg.Connection, "execute", answer_and_end)

        async with database.begin_write() as connection:
            assert (await connection.execute(sa.text("SELECT 1"))).scalar_one() == 1
        assert len(ended) == 1
    finally:
        await database.close()
