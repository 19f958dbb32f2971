"""Count the SQL statements of some code."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from store import bulk
from store.sqlite_driver import Statement

# The counting task and the tasks that it starts see this variable. The store's background tasks do
# not see it.
_counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@contextmanager
def counted_statements(*, of_all_tasks: bool = False) -> Iterator[list[str]]:
    """Yield the statements that run in the context.

    Statements that begin or end transactions are omitted. If `of_all_tasks` is true, the statements
    of background tasks of the store are included.
    """
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted = statements if of_all_tasks else _counted.get()
        if counted is not None and not statement.startswith(
            ("BEGIN", "PRAGMA", "SELECT set_config")
        ):
            counted.append(statement)

    execute_together = bulk.execute_together

    async def note_together(
        connection: AsyncConnection, together: Sequence[Statement]
    ) -> list[int]:
        counted = statements if of_all_tasks else _counted.get()
        if counted is not None:
            counted.extend(statement for statement, _ in together)
        return await execute_together(connection, together)

    execute_insert = bulk.execute_insert

    async def note_insert(connection: AsyncConnection, statement: Statement) -> int:
        counted = statements if of_all_tasks else _counted.get()
        if counted is not None:
            counted.append(statement[0])
        return await execute_insert(connection, statement)

    token = _counted.set(statements)
    event.listen(Engine, "before_cursor_execute", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "execute_together", note_together)
        patch.setattr(bulk, "execute_insert", note_insert)
        try:
            yield statements
        finally:
            event.remove(Engine, "before_cursor_execute", note)
            _counted.reset(token)
