"""Counts the SQL statements of some code."""

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

# Visible to the counting task and the tasks it starts, not to the store's own tasks.
_counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@contextmanager
def counted_statements(*, of_all_tasks: bool = False) -> Iterator[list[str]]:
    """Yield the statements run in the context, except those that begin and end transactions.

    If `of_all_tasks` is true, statements of the store's background tasks are included.
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
