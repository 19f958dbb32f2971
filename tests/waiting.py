"""Wait for effects of other processes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_S = 0.1


def wait_until(condition: Callable[[], T], *, seconds: float = 30) -> T:
    """Check a condition repeatedly, and return the first true result.

    Raises: AssertionError: the condition was false until the timeout.
    """
    for _ in range(round(seconds / PAUSE_S)):
        if outcome := condition():
            return outcome
        time.sleep(PAUSE_S)
    raise AssertionError(f"the condition did not come true within {seconds:g} seconds")
