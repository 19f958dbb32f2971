"""Evaluate toggles in slices of time, so that the event loop is not blocked.

Slow toggles are evaluated in a thread.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from time import perf_counter
from typing import TypeVar

from store import pacing
from store.pacing import Turns
from store.threads import HeavyWorkError, Worker, try_at_once

S = TypeVar("S")
T = TypeVar("T")

# Evaluations of one context block the event loop for at most this time before other tasks run.
SLICE_S = 0.005
# All evaluations of one context take at most this time, including the time spent waiting.
DEADLINE_S = 10.0
# On the event loop, the clock is checked after this many items.
_ITEMS_PER_CHECK = 10

WORKER = Worker()


class EvaluationTimeoutError(Exception):
    """Evaluating took longer than DEADLINE_S."""


@asynccontextmanager
async def limit_evaluation() -> AsyncGenerator[None, None]:
    """Limit the time of all evaluations of one context.

    Raises: EvaluationTimeoutError.
    """
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield
    except TimeoutError:
        raise EvaluationTimeoutError(
            f"Evaluating for this context took longer than {DEADLINE_S:g} seconds."
        ) from None


async def evaluate_each(items: Iterable[S], evaluate: Callable[[S], T], turns: Turns) -> list[T]:
    """Call `evaluate` with each item, such as a toggle.

    The results are in the order of the items.

    Raises: EvaluationTimeoutError.
    """
    async with limit_evaluation():
        return await map_in_slices(evaluate, list(items), turns)


async def map_in_slices(function: Callable[[S], T], items: Sequence[S], turns: Turns) -> list[T]:
    """Call a function for each item; return the results in the order of the items.

    The function may require a thread (`require_thread`).
    """
    results: list[T] = []
    count, add = len(items), results.append

    def call_until(is_over: Callable[[], bool], *, items_per_check: int) -> None:
        while (start := len(results)) < count:
            # A call that requires a thread adds no result. The call is then repeated in a thread.
            for item in items[start : start + items_per_check]:
                add(function(item))
            if is_over():
                return

    def is_over() -> bool:
        return turns.is_over(SLICE_S)

    call_slice = partial(call_until, is_over, items_per_check=_ITEMS_PER_CHECK)

    while len(results) < count:
        try:
            try_at_once(call_slice)
        except HeavyWorkError:
            await WORKER.run(lambda: call_until(_slice_timer(), items_per_check=1))
        if len(results) < count and is_over():
            await turns.take()
    return results


def _slice_timer() -> Callable[[], bool]:
    """Return a function that returns whether a slice of time has passed since this call."""
    end = perf_counter() + pacing.SLICE_S
    return lambda: perf_counter() > end
