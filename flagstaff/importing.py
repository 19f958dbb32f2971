"""Import the many modules of a server quickly."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Generator[None]:
    """Import without garbage collection, which finds no garbage and adds a third to the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
