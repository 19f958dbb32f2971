"""The bytes of JSON strings are checked for values that cannot be stored."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.json_checks import MAX_NESTING, find_violation

NUL = "holds the character NUL, which cannot be stored"
LONG = "holds an integer of more than 64 bits"
DEEP = f"is nested deeper than {MAX_NESTING} levels"

# Strings full of the characters that the checks look for.
TEXTS = st.text(alphabet='"\\\0[]{}u0912:,', max_size=30)
VALUES = st.recursive(
    st.none() | st.integers(-(2**65), 2**65) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=30,
)


def rules_broken_by(value: Any, depth: int = 0) -> set[str]:
    """Return the rules that a value breaks, computed by a simple recursion."""
    match value:
        case str():
            return {NUL} if "\0" in value else set()
        case int() if not -(2**63) <= value < 2**63:
            return {LONG}
        case dict() | list():
            contents = [*value, *value.values()] if isinstance(value, dict) else value
            below = set[str]().union(*(rules_broken_by(content, depth + 1) for content in contents))
            return below | ({DEEP} if depth >= MAX_NESTING else set())
        case _:
            return set()


@given(value=VALUES, wraps=st.integers(0, MAX_NESTING + 3), ascii=st.booleans())
def test_scanning_bytes_finds_what_walking_the_values_finds(
    value: Any, wraps: int, ascii: bool
) -> None:
    for number in range(wraps):
        value = [value] if number % 2 else {"a": value}
    text = json.dumps(value, ensure_ascii=ascii).encode()

    violation = find_violation(text)

    broken = rules_broken_by(value)
    assert violation in broken if broken else violation is None


@pytest.mark.parametrize(
    ("text", "violation"),
    [
        (b'"' + rb"\\" * 3 + b'u0000"', None),
        (b'"' + rb"\\" * 3 + rb"\u0000" + b'"', NUL),
        (b"[" * 64 + b"]" * 64, None),
        (b"[" * 65 + b"]" * 65, DEEP),
        (b'{"a":[' * 32 + b"]}" * 32, None),
        (b'{"a":[' * 32 + b"{}" + b"]}" * 32, DEEP),
        (b'["' + b"[" * 100 + b'"]', None),
        (b'["\\"' + b"[" * 100 + b'"]', None),
        (b"[" + b"[]," * 100_000 + b"[]]", None),
        (b"-9223372036854775808", None),
        (b"-9223372036854775809", LONG),
        (b"9223372036854775808", LONG),
        (b"9" * 10_000, LONG),
        (b"1e300", None),
    ],
)
def test_the_rules_at_their_limits(text: bytes, violation: str | None) -> None:
    assert find_violation(text) == violation


def test_a_text_too_large_for_the_memory_that_is_left_is_no_malformed_one() -> None:
    # The code runs in a separate process. The parser may use ten megabytes, but needs a hundred.
    code = """
import resource
from pathlib import Path
from store.json_checks import parse_json

text = b"[" + b"1," * 5_000_000 + b"1]"
pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + 30_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    parse_json(text)
except MemoryError:
    print("out of memory")
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert result.stdout == "out of memory\n", result.stderr
