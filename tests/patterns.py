"""Records the compiled regular expressions, and the thread that compiled each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from store.constraints import patterns

# Its program is some 440,000 instructions long, which takes a tenth of a second to compile.
LARGE = r"[\pL\pN\pS]{300}"


@contextmanager
def note_compiled() -> Iterator[list[tuple[str, bool]]]:
    """Yield the patterns compiled in the context, and whether this thread waited for each.

    The cache is empty at first.
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
    """The patterns that were compiled, all of them in other threads."""
    assert not [pattern for pattern, here in compiled if here]
    return [pattern for pattern, _ in compiled]
