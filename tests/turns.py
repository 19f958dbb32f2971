"""Count the calls that the threads of aiosqlite execute."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import aiosqlite
import pytest

# The counting task and the tasks that it starts see this variable. The store's background tasks do
# not see it.
_counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@contextmanager
def counted_turns() -> Iterator[list[str]]:
    """Yield a list of the functions that the threads call in the context. The list is in order."""
    turns: list[str] = []
    execute = aiosqlite.Connection._execute

    async def note(driver: aiosqlite.Connection, run: Any, *args: Any, **options: Any) -> Any:
        counted = _counted.get()
        if counted is not None:
            counted.append(getattr(run, "__name__", "run"))
        return await execute(driver, run, *args, **options)

    token = _counted.set(turns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aiosqlite.Connection, "_execute", note)
        try:
            yield turns
        finally:
            _counted.reset(token)
