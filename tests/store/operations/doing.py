"""Carrying out an operation in a unit of its own, and seeing what came of it."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
import pytest

from store import Store
from store.errors import DomainError, Problems, Refusal
from store.events import Event, document_of
from store.events_log import EventFilter, list_events
from store.model import SYSTEM, Actor
from store.paging import Window

T = TypeVar("T")


async def carry_out(
    store: Store,
    operation: Callable[..., Awaitable[T]],
    *arguments: Any,
    actor: Actor = SYSTEM,
    **options: Any,
) -> T:
    """Commit one operation."""
    async with store.write(actor) as work:
        return await operation(work, *arguments, **options)


async def refused(
    store: Store, operation: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any
) -> list[DomainError]:
    """The errors that an operation refuses with, having stored nothing and left no event."""
    before, events = store.snapshot, len(await log(store))
    with pytest.raises(Refusal) as caught:
        await carry_out(store, operation, *arguments, **options)
    assert store.snapshot is before
    assert len(await log(store)) == events
    return list(caught.value.errors)


async def places(
    store: Store, operation: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any
) -> list[tuple[str, tuple[str, ...]]]:
    """Rule, or code where there is none, and path of each error that an operation refuses with."""
    return summed_up(await refused(store, operation, *arguments, **options))


async def log(store: Store) -> list[Event]:
    """All events, oldest first."""
    async with store.read() as session:
        page = await list_events(session, EventFilter(), Window(500))
    return [*reversed(page.items)]


async def last_event(store: Store) -> Event:
    """The newest event."""
    return (await log(store))[-1]


def summed_up(errors: list[DomainError]) -> list[tuple[str, tuple[str, ...]]]:
    """Rule, or code where there is none, and path of each error."""
    return [(getattr(error, "rule", error.code), error.path) for error in errors]


def noted(check: Callable[..., Any], *arguments: Any, **options: Any) -> list[Any]:
    """The same of what a check notes, with an empty path to begin with."""
    problems = Problems()
    check(*arguments, path=(), problems=problems, **options)
    return summed_up(problems.errors)


def document(subject: Any) -> Any:
    """How an event shows an object."""
    return msgspec.json.decode(msgspec.json.encode(document_of(subject)))
