"""Evaluate without blocking the event loop: in slices of time, and in a thread for slow toggles."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter
from typing import TypeVar

from store import pacing
from store.pacing import Turns
from store.threads import HeavyWorkError, Worker, try_at_once

S = TypeVar("S")
T = TypeVar("T")

# The maximum time for all evaluations of one context, including the time spent waiting.
DEADLINE_S = 10.0
# The clock is read after this many light evaluations.
_ITEMS_PER_CHECK = 10

WORKER = Worker()


class EvaluationTimeoutError(Exception):
    """Evaluating took longer than DEADLINE_S."""


async def evaluate_each(items: Iterable[S], evaluate: Callable[[S], T], turns: Turns) -> list[T]:
    """Evaluate toggles, or other items with one evaluation each; return the results in order.

    Raises: EvaluationTimeoutError.
    """
    left = list(items)
    left.reverse()
    evaluated: list[T] = []

    def evaluate_until(is_over: Callable[[], bool], *, items_per_check: int) -> None:
        while left:
            evaluated.append(evaluate(left[-1]))
            left.pop()
            if not len(left) % items_per_check and is_over():
                return

    evaluate_slice = partial(evaluate_until, turns.is_over, items_per_check=_ITEMS_PER_CHECK)

    try:
        async with asyncio.timeout(DEADLINE_S):
            while left:
                try:
                    try_at_once(evaluate_slice)
                except HeavyWorkError:
                    await WORKER.run(lambda: evaluate_until(_slice_timer(), items_per_check=1))
                if left and turns.is_over():
                    await turns.take()
    except TimeoutError:
        raise EvaluationTimeoutError(
            f"Evaluating for this context took longer than {DEADLINE_S:g} seconds."
        ) from None
    return evaluated


def _slice_timer() -> Callable[[], bool]:
    """Return a function that returns whether a slice of time has passed since this call."""
    end = perf_counter() + pacing.SLICE_S
    return lambda: perf_counter() > end
