"""Measure work in steps. Unlike times, steps do not depend on other processes of the machine."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any


class Steps:
    """The number of steps so far."""

    def __init__(self) -> None:
        self.count = 0


@contextmanager
def counted_steps() -> Iterator[Steps]:
    """Count the function calls of this thread in the context.

    A call of a C function is one step, regardless of its duration.
    """
    steps = Steps()

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        if event in ("call", "c_call"):
            steps.count += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield steps
    finally:
        sys.setprofile(before)


def steps_to(work: Callable[[], object]) -> int:
    """Return the number of steps of some work."""
    with counted_steps() as steps:
        work()
    return steps.count


@asynccontextmanager
async def steps_at_a_time() -> AsyncIterator[list[int]]:
    """Yield a list that receives the number of steps of each turn of the event loop."""
    turns: list[int] = []
    with counted_steps() as steps:

        async def wait_for_stop() -> None:
            while True:
                before = steps.count
                await asyncio.sleep(0)
                turns.append(steps.count - before)

        waiting = asyncio.create_task(wait_for_stop())
        await asyncio.sleep(0)
        try:
            yield turns
            await asyncio.sleep(0)
        finally:
            waiting.cancel()
