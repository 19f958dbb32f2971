"""Evaluating for the event loop: in slices of time, and in a thread where one toggle takes long."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter
from typing import TypeVar

from store import pacing
from store.model import Toggle
from store.pacing import Turns
from store.threads import HeavyWorkError, Worker, try_at_once

T = TypeVar("T")

# How long the evaluations of one context may take, waiting included.
DEADLINE_S = 10.0
# After how many light toggles the time is looked at.
_TOGGLES_AT_A_TIME = 10

WORKER = Worker()


class EvaluationTimeoutError(Exception):
    """Evaluating took longer than it may."""


async def evaluate_each(
    toggles: Iterable[Toggle], evaluate: Callable[[Toggle], T], turns: Turns
) -> list[T]:
    """The evaluations of toggles, in their order.

    Raises: EvaluationTimeoutError.
    """
    left = list(toggles)
    left.reverse()
    evaluated: list[T] = []

    def evaluate_until(is_over: Callable[[], bool], *, at_a_time: int) -> None:
        while left:
            evaluated.append(evaluate(left[-1]))
            left.pop()
            if not len(left) % at_a_time and is_over():
                return

    here = partial(evaluate_until, turns.is_over, at_a_time=_TOGGLES_AT_A_TIME)

    try:
        async with asyncio.timeout(DEADLINE_S):
            while left:
                try:
                    try_at_once(here)
                except HeavyWorkError:
                    await WORKER.run(lambda: evaluate_until(_after_a_slice(), at_a_time=1))
                if left and turns.is_over():
                    await turns.take()
    except TimeoutError:
        raise EvaluationTimeoutError(
            f"Evaluating for this context took longer than {DEADLINE_S:g} seconds."
        ) from None
    return evaluated


def _after_a_slice() -> Callable[[], bool]:
    """Whether a slice of time has gone by from now on."""
    end = perf_counter() + pacing.SLICE_S
    return lambda: perf_counter() > end
