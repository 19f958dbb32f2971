"""Complete long lists in time slices, so that other operations can run in between."""

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

# Lists with fewer items yield to the event loop only at the end of a time slice.
LONG = 25


class Pace:
    """The pace of one operation. Long lists yield, and loads wait until no list is in progress.

    Because loads wait, yielding does not increase the number of SQL statements.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._in_progress = 0
        self._waiting: list[Callable[[], object]] = []

    def is_over(self) -> bool:
        """Whether the time slice is over."""
        return self._turns.is_over()

    def items(self, items: Iterable[T]) -> AsyncGenerator[T, None]:
        """Yield the items of a list, each in a turn of the operation.

        The list is in progress until the caller has exhausted the iterator.
        """
        self._in_progress += 1
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
        """Wait for the operation's next turn. Loads do not start during the wait."""
        self._in_progress += 1
        try:
            await self._turns.take()
        finally:
            self._end_one()

    def create_future(self) -> asyncio.Future[Any]:
        """Create a future of the running event loop."""
        return asyncio.get_running_loop().create_future()

    def call_soon(self, callback: Callable[[], object]) -> None:
        """Call a callback after all lists in progress are complete."""
        asyncio.get_running_loop().call_soon(self._call, callback)

    def _end_one(self) -> None:
        self._in_progress -= 1
        if not self._in_progress:
            waiting, self._waiting = self._waiting, []
            for callback in waiting:
                self.call_soon(callback)

    def _call(self, callback: Callable[[], object]) -> None:
        if self._in_progress:
            self._waiting.append(callback)
        else:
            callback()


class _SharedLoader(DataLoader[K, T]):
    """A loader whose callers share results.

    Cancelling one caller does not affect the other callers.
    """

    def load(self, key: K) -> Awaitable[T]:
        """Return the value of a key."""
        # If a field fails and its parent becomes null, the sibling fields are cancelled.
        value = asyncio.shield(super().load(key))
        value.add_done_callback(_retrieve)
        return value


def _retrieve(value: asyncio.Future[Any]) -> None:
    """Retrieve the exception of a future.

    If nothing awaits the future, for example after a timeout, asyncio would log the exception.
    """
    if not value.cancelled():
        value.exception()


def paced_loader(
    pace: Pace, load: Callable[[list[K]], Awaitable[list[T]]], *, max_batch_size: int
) -> DataLoader[K, T]:
    """Create a DataLoader that collects keys until no list is in progress."""
    # A pace has all methods of an event loop that the DataLoader uses.
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
        """Return the completed list, or an awaitable of the completed list."""
        pace: Pace = self.context_value.pace
        # graphql-core does not set the type parameters of its executors.
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
