"""Counts the SQL statements of some code."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

# Visible to the counting task and the tasks it starts, not to the store's own tasks.
_counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Yield the statements run in the context, except those that begin and end transactions."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted = _counted.get()
        if counted is not None and not statement.startswith(("BEGIN", "PRAGMA")):
            counted.append(statement)

    token = _counted.set(statements)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        _counted.reset(token)
