"""Run an operation in a separate unit of work, and inspect the result."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, get_type_hints

import msgspec
import pytest
import sqlalchemy as sa

from store import Store
from store.aggregates import table_of
from store.errors import DomainError, Problems, Refusal
from store.events import Event, document_of
from store.events_log import EventFilter, list_events
from store.model import SYSTEM, Actor
from store.paging import Window
from store.rows import EventRow
from store.unit_of_work import UnitOfWork

T = TypeVar("T")

_EVENT = table_of(EventRow)


def call(
    operation: Callable[..., Awaitable[T]], work: UnitOfWork, *arguments: Any, **options: Any
) -> Awaitable[T]:
    """Call an operation. If the operation accepts a struct of fields, pass matching options in the
    struct.
    """
    kind = get_type_hints(operation).get("fields")
    if kind is not None and not any(
        isinstance(item, kind) for item in (*arguments, *options.values())
    ):
        names = [name for name in kind.__struct_fields__ if name in options]
        values = [options.pop(name) for name in names]
        given = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in zip(names, values, strict=True)
        }
        options["fields"] = kind(**given)
    return operation(work, *arguments, **options)


async def carry_out(
    store: Store,
    operation: Callable[..., Awaitable[T]],
    *arguments: Any,
    actor: Actor = SYSTEM,
    **options: Any,
) -> T:
    """Commit one operation."""
    async with store.write(actor) as work:
        return await call(operation, work, *arguments, **options)


async def refused(
    store: Store, operation: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any
) -> list[DomainError]:
    """Return the errors of a refused operation, which must store neither objects nor events."""
    before = store.snapshot
    with pytest.raises(Refusal) as caught:
        await carry_out(store, operation, *arguments, **options)
    assert store.snapshot is before
    assert await number_of_events(store, since=before.revision) == 0
    return list(caught.value.errors)


async def error_paths(
    store: Store, operation: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the rule, or else the code, and the path of each error of a refused operation."""
    return summed_up(await refused(store, operation, *arguments, **options))


async def log(store: Store) -> list[Event]:
    """All events, oldest first."""
    async with store.read() as session:
        page = await list_events(session, EventFilter(), Window(500))
    return [*reversed(page.items)]


async def last_event(store: Store) -> Event:
    """The newest event."""
    async with store.read() as session:
        page = await list_events(session, EventFilter(), Window(1))
    return page.items[0]


async def number_of_events(store: Store, *, since: int) -> int:
    """Return the number of events after a revision."""
    counted = sa.select(sa.func.count()).where(_EVENT.c.revision > since)
    async with store.read() as session:
        return await session.scalar(counted) or 0


def summed_up(errors: list[DomainError]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the rule, or else the code, and the path of each error."""
    return [(getattr(error, "rule", error.code), error.path) for error in errors]


def noted(check: Callable[..., Any], *arguments: Any, **options: Any) -> list[Any]:
    """Run a check with an empty path, and return its errors like `summed_up`."""
    problems = Problems()
    check(*arguments, path=(), problems=problems, **options)
    return summed_up(problems.errors)


def document(subject: Any) -> Any:
    """The document that an event stores for an object."""
    return msgspec.json.decode(msgspec.json.encode(document_of(subject)))
