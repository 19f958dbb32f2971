"""Large changes, and other writes during the preparation of a large change."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from store import Store
from store.model import Toggle
from store.operations.toggles import create_toggle
from store.transfer.importing import import_state
from store.unit_of_work import UnitOfWork
from tests.store.operations.doing import carry_out
from tests.store.transfer.documents import state

Prepare: TypeAlias = Callable[[UnitOfWork], Awaitable[Any]]


class Interrupted:
    """A preparation of a large change. Another write interrupts the first `times` runs."""

    def __init__(self, prepare: Prepare, other: Callable[[], Awaitable[Any]], times: int = 1):
        self._prepare = prepare
        self._other = other
        self._times = times
        self.revisions: list[int] = []

    async def __call__(self, work: UnitOfWork) -> Any:
        made = await self._prepare(work)
        self.revisions.append(work.revision)
        if len(self.revisions) <= self._times:
            async with asyncio.timeout(30):
                await self._other()
        return made


def creating(store: Store, name: str) -> Callable[[], Awaitable[Toggle]]:
    """A function that creates a toggle."""
    return lambda: carry_out(store, create_toggle, name=name)


def importing(*names: str, **options: Any) -> Prepare:
    """A function that imports toggles that are on in the environment default."""
    document = state(
        toggles=[
            {"name": name, "environments": [{"environment": "default", "enabled": True}]}
            for name in names
        ]
    )

    async def prepare(work: UnitOfWork) -> Any:
        return await import_state(work, document, **options)

    return prepare
