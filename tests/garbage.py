"""Finds objects that only a garbage collection would free."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType


@contextmanager
def without_collection() -> Iterator[None]:
    """A context without garbage collections. At the start, garbage is collected once."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def failures_to_collect() -> Counter[str]:
    """Collect garbage, and count the exceptions, tracebacks and frames in it.

    The keys contain the locations of frames.
    """
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    gc.set_debug(0)
    found = Counter(
        found.f_code.co_qualname if isinstance(found, FrameType) else type(found).__name__
        for found in gc.garbage
        if isinstance(found, FrameType | TracebackType | BaseException)
    )
    gc.garbage.clear()
    gc.collect()
    return found
