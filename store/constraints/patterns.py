"""Compile regular expressions with RE2.

SDKs use RE2 too. RE2 matches in linear time. Validation and evaluation share the compiled patterns.
Compiling a pattern may take tens of milliseconds, so `compile_all` compiles in a thread.
"""

from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

import re2  # pyright: ignore[reportMissingTypeStubs] (the package brings no types)

from store.operations.limits import MAX_PATTERN_LENGTH
from store.threads import LIGHT_NS, Worker, require_thread

_RE2: Any = re2
# RE2 may use this much memory for one pattern's program and cached states. The largest possible
# program has about 120,000 instructions and takes 20 to 40 ms to compile.
MAX_MEMORY_BYTES = 2_000_000
# Patterns that are already stored may use this much memory, because earlier versions had a higher
# limit.
_MAX_STORED_MEMORY_BYTES = 8_000_000
_TOO_LARGE = "pattern too large"
# These constants limit the numbers of cached verdicts, compiled patterns, and instructions of
# compiled patterns. An instruction takes 16 bytes.
MAX_VERDICTS = 10_000
MAX_COMPILED = 1_000
MAX_INSTRUCTIONS = 4_000_000

# If a pattern's states do not fit into RE2's cache, RE2 may try up to `_MAX_TRIED` instructions for
# every character.
_INSTRUCTION_NS = 10
_MAX_TRIED = 10_000

# A key consists of a pattern and whether the pattern is case-sensitive.
Key: TypeAlias = tuple[str, bool]

WORKER = Worker()


class PatternError(ValueError):
    """The regular expression is invalid; the message completes "The regular expression …"."""

    rule = "constraint-regex"


class LargePatternError(PatternError):
    """The regular expression is too long, or its compiled program is too large."""

    rule = "constraint-regex-size"


class Pattern:
    """A compiled regular expression.

    `size` is the number of instructions of the compiled program. `cost` is the maximum matching
    time, in nanoseconds per character of the value. If `too_large` is true, the pattern exceeds the
    current limit. Such a pattern is still accepted, because the pattern was stored before the
    current limit existed.
    """

    def __init__(self, compiled: Any, *, too_large: bool) -> None:
        self._compiled = compiled
        self.size: int = compiled.programsize
        self.cost = _INSTRUCTION_NS * min(self.size, _MAX_TRIED)
        self.too_large = too_large
        self._max_light_characters = LIGHT_NS // self.cost

    def found_in(self, value: str) -> bool:
        """Whether the pattern matches anywhere in a value.

        Raises: HeavyWorkError, AbandonedError: see `require_thread`; the value is long.
        """
        if len(value) > self._max_light_characters:
            require_thread()
        return self._compiled.search(value) is not None


def check_pattern(pattern: str, *, case_sensitive: bool = True) -> None:
    """Check that a regular expression is not too large and that SDKs can parse the expression.

    Raises: PatternError.
    """
    error = _CACHE.verdict((pattern, case_sensitive))
    if error is not None:
        raise type(error)(*error.args)


def compile_pattern(pattern: str, *, case_sensitive: bool = True) -> Pattern:
    """Compile a stored regular expression; the expression may exceed the current limit.

    Raises:
        PatternError: SDKs cannot parse the pattern.
        HeavyWorkError, AbandonedError: see `require_thread`; the pattern is not compiled yet.
    """
    return _CACHE.pattern((pattern, case_sensitive))


async def compile_all(keys: Iterable[Key]) -> None:
    """Compile regular expressions in a thread, so that later checks need no compilation."""
    new = dict.fromkeys(key for key in keys if not _CACHE.knows(key))
    if new:
        await WORKER.run(lambda: [_CACHE.verdict(key) for key in new])


class _Cache:
    """A cache of the most recently compiled patterns and of all patterns in use."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._verdicts: OrderedDict[Key, PatternError | None] = OrderedDict()
        self._recent: OrderedDict[Key, Pattern] = OrderedDict()
        self._instructions = 0
        self._in_use: WeakValueDictionary[Key, Pattern] = WeakValueDictionary()

    def knows(self, key: Key) -> bool:
        """Whether `verdict` returns without a compilation."""
        return key in self._verdicts or len(key[0]) > MAX_PATTERN_LENGTH

    def verdict(self, key: Key) -> PatternError | None:
        """Return the error of a pattern, or None if the pattern is valid."""
        if len(key[0]) > MAX_PATTERN_LENGTH:
            return LargePatternError(
                f"has {len(key[0]):,} characters; at most {MAX_PATTERN_LENGTH:,} are allowed"
            )
        with suppress(KeyError):
            return self._verdicts[key]
        require_thread()
        with self._lock:
            return self._compile_to_check(key)

    def pattern(self, key: Key) -> Pattern:
        """Return the compiled pattern.

        Raises: PatternError.
        """
        pattern = self._in_use.get(key)
        if pattern is not None:
            return pattern
        verdict = self._verdicts.get(key)
        if verdict is not None and not isinstance(verdict, LargePatternError):
            raise type(verdict)(*verdict.args)
        require_thread()
        with self._lock:
            return self._in_use.get(key) or self._compile(key)

    def _compile_to_check(self, key: Key) -> PatternError | None:
        verdict: PatternError | None = None
        in_use = self._in_use.get(key)
        if in_use is None or in_use.too_large:
            try:
                self._remember(key, _compile(key))
            except PatternError as error:
                verdict = error.with_traceback(None)
        self._verdicts[key] = verdict
        if len(self._verdicts) > MAX_VERDICTS:
            self._verdicts.popitem(last=False)
        return verdict

    def _compile(self, key: Key) -> Pattern:
        if key not in self._verdicts or self._verdicts[key] is None:
            with suppress(LargePatternError):
                return self._remember(key, _compile(key))
        return self._remember(key, _compile(key, too_large=True))

    def _remember(self, key: Key, pattern: Pattern) -> Pattern:
        self._in_use[key] = self._recent[key] = pattern
        self._instructions += pattern.size
        while len(self._recent) > MAX_COMPILED or self._instructions > MAX_INSTRUCTIONS:
            self._instructions -= self._recent.popitem(last=False)[1].size
        return pattern


def _compile(key: Key, *, too_large: bool = False) -> Pattern:
    """Compile a pattern. During the compilation, no other thread can run Python code.

    Raises: PatternError.
    """
    pattern, case_sensitive = key
    max_memory_bytes = _MAX_STORED_MEMORY_BYTES if too_large else MAX_MEMORY_BYTES
    options = _RE2.Options()
    options.log_errors = False
    options.case_sensitive = case_sensitive
    options.max_mem = max_memory_bytes
    # Capturing groups would make matching slower.
    options.never_capture = True
    try:
        compiled: Any = _RE2.compile(pattern, options)
    except UnicodeEncodeError:
        raise PatternError("cannot be parsed: it contains a lone surrogate") from None
    except _RE2.error as refused:
        reason = _reason(refused)
        if reason.startswith(_TOO_LARGE):
            raise LargePatternError(
                f"is too large: its program needs more than {max_memory_bytes:,} bytes of memory"
            ) from None
        raise PatternError(f"cannot be parsed: {reason}") from None
    return Pattern(compiled, too_large=too_large)


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


_CACHE = _Cache()
