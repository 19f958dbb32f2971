"""Large answers give way to others: the lists in them are completed in slices of time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from graphql import is_leaf_type
from graphql.pyutils import Path
from strawberry.dataloader import DataLoader
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from store.pacing import Turns

K = TypeVar("K")
T = TypeVar("T")

# Shorter lists give way only when the time is up already.
LONG = 25


class Pace:
    """The pace of one operation: its long lists take turns, and what they load waits for them all.

    So a list costs as many SQL statements as it would in one go.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._under_way = 0
        self._waiting: list[Callable[[], object]] = []

    def is_over(self) -> bool:
        """Whether it is time to give way."""
        return self._turns.is_over()

    def items(self, items: Iterable[T]) -> AsyncGenerator[T, None]:
        """The items of a list, which is under way from now on; each as soon as it may be completed.

        It must be run through.
        """
        self._under_way += 1
        return self._items(items)

    async def _items(self, items: Iterable[T]) -> AsyncGenerator[T, None]:
        try:
            for item in items:
                if self._turns.is_over():
                    await self._turns.take()
                yield item
        finally:
            self._end_one()

    async def take_turn(self) -> None:
        """Wait until it is the operation's turn again; until then nothing is loaded."""
        self._under_way += 1
        try:
            await self._turns.take()
        finally:
            self._end_one()

    def create_future(self) -> asyncio.Future[Any]:
        """A future of the running event loop."""
        return asyncio.get_running_loop().create_future()

    def call_soon(self, callback: Callable[[], object]) -> None:
        """Call something when the event loop comes around and no list is under way."""
        asyncio.get_running_loop().call_soon(self._call, callback)

    def _end_one(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            waiting, self._waiting = self._waiting, []
            for callback in waiting:
                self.call_soon(callback)

    def _call(self, callback: Callable[[], object]) -> None:
        if self._under_way:
            self._waiting.append(callback)
        else:
            callback()


class _SharedLoader(DataLoader[K, T]):
    """What it loads belongs to all who ask for it: that one of them gives up stops no other."""

    def load(self, key: K) -> Awaitable[T]:
        """What is loaded for a key."""
        # Where a field fails and takes along what it is part of, its siblings are cancelled.
        return asyncio.shield(super().load(key))


def paced_loader(
    pace: Pace, load: Callable[[list[K]], Awaitable[list[T]]], *, max_batch_size: int
) -> DataLoader[K, T]:
    """A DataLoader that collects keys until no list is under way."""
    # All that it needs of an event loop is what a pace has.
    return _SharedLoader(load_fn=load, max_batch_size=max_batch_size, loop=cast("Any", pace))


class PacedExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes operations whose context has a `pace`."""

    def complete_iterable_value(
        self,
        item_type: Any,
        field_details_list: Any,
        info: Any,
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> Any:
        """The completed list, or what can be awaited for it."""
        pace: Pace = self.context_value.pace
        # graphql-core leaves the generics of its executors open.
        executor: Any = super()
        if _is_of_leaves(item_type) or not (_is_long(items) or pace.is_over()):
            return executor.complete_iterable_value(
                item_type, field_details_list, info, path, items, position_context
            )
        return executor.complete_async_iterator_value(
            item_type, field_details_list, info, path, pace.items(items), position_context
        )


def _is_of_leaves(item_type: Any) -> bool:
    return is_leaf_type(getattr(item_type, "of_type", item_type))


def _is_long(items: Iterable[Any]) -> bool:
    return isinstance(items, Sequence) and len(items) >= LONG
