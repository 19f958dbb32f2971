"""Record the compiled regular expressions and the threads that compile them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from store.constraints import patterns

# Compiling this pattern takes a tenth of a second, because its program has 440,000 instructions.
LARGE = r"[\pL\pN\pS]{300}"


@contextmanager
def note_compiled() -> Iterator[list[tuple[str, bool]]]:
    """Yield the patterns that are compiled in the context.

    Each item states whether this thread compiled the pattern. The cache of compiled patterns is
    empty at the start.
    """
    compiled: list[tuple[str, bool]] = []
    compile = patterns._compile
    own = threading.get_ident()

    def compile_and_note(key: patterns.Key, **options: Any) -> patterns.Pattern:
        compiled.append((key[0], threading.get_ident() == own))
        return compile(key, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "_CACHE", patterns._Cache())
        patch.setattr(patterns, "_compile", compile_and_note)
        yield compiled


def only_in_threads(compiled: list[tuple[str, bool]]) -> list[str]:
    """Return the compiled patterns. All patterns must have been compiled in other threads."""
    assert not [pattern for pattern, here in compiled if here]
    return [pattern for pattern, _ in compiled]
