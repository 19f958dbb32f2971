"""Limit running operations: their number per token, their duration, and the size of answers."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import NoReturn

import orjson

from graph.engine.codes import ErrorCode
from graph.engine.run.request import RequestError


class Parallel:
    """Counts running operations per token; all callers without tokens share one count."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._running: Counter[str] = Counter()

    @contextmanager
    def one_of(self, holder: str) -> Generator[None, None, None]:
        """Count one more operation for the duration of the context.

        Raises: RequestError: RATE_LIMITED: the limit is reached.
        """
        if self._running[holder] >= self._maximum:
            raise RequestError(
                f"This token already runs {self._maximum} operations, the maximum.",
                ErrorCode.RATE_LIMITED,
                status=429,
            )
        self._running[holder] += 1
        try:
            yield
        finally:
            self._running[holder] -= 1
            if not self._running[holder]:
                del self._running[holder]


# The sizes of shorter strings are estimated, without counting escaped characters.
LONG_STRING = 500
# A number or boolean is counted with this approximate size.
NUMBER_BYTES = 4


class AnswerTooLargeError(Exception):
    """An answer exceeds the maximum size. `size` is the size when the limit was exceeded."""

    def __init__(self, size: int, maximum: int) -> None:
        super().__init__(size, maximum)
        self.size = size
        self.maximum = maximum


class AnswerSize:
    """Counts the bytes of an answer, which may repeat one string in memory many times."""

    __slots__ = ("bytes", "give_up", "maximum", "refusal")

    def __init__(self) -> None:
        self.bytes = 0
        self.maximum = sys.maxsize
        self.refusal: AnswerTooLargeError | None = None
        self.give_up: Callable[[], None] | None = None

    def refuse(self) -> NoReturn:
        """Cancel the operation because its answer exceeds the maximum.

        Raises: AnswerTooLargeError.
        """
        if self.refusal is None:
            self.refusal = AnswerTooLargeError(self.bytes, self.maximum)
            if self.give_up is not None:
                self.give_up()
        raise AnswerTooLargeError(self.bytes, self.maximum)

    def allow(self, maximum: int) -> None:
        """If the current maximum is lower, raise the maximum to this many bytes."""
        self.maximum = max(self.maximum, maximum)


def size_of_string(string: str) -> int:
    """Return the size of a string in JSON, in bytes. The size is exact only for long strings."""
    return len(orjson.dumps(string)) if len(string) > LONG_STRING else len(string.encode()) + 2


def size_of_names(names: list[str]) -> int:
    """Return the size in bytes of a JSON object with these field names, without the values."""
    return sum(len(name) + 4 for name in names) + 1


@asynccontextmanager
async def enforce_limits(answer: AnswerSize, timeout_s: float) -> AsyncGenerator[None, None]:
    """Cancel the body of the context if the body takes too long or the answer becomes too large.

    Raises: TimeoutError, AnswerTooLargeError.
    """
    try:
        async with asyncio.timeout(timeout_s) as deadline:
            answer.give_up = partial(deadline.reschedule, 0.0)
            yield
    except TimeoutError:
        if answer.refusal is None:
            raise
    finally:
        answer.give_up = None
    if answer.refusal is not None:
        raise answer.refusal
