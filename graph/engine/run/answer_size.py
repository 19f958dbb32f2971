"""How large an answer is so far: one that grows too large is given up while it is made."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import NoReturn

import orjson

# The escapes of shorter texts are not counted.
LONG_TEXT = 500
# About what a number or a truth value takes.
NUMBER_BYTES = 4


class AnswerTooLargeError(Exception):
    """An answer has more bytes than it may; `size` counts those up to the one too many."""

    def __init__(self, size: int, maximum: int) -> None:
        super().__init__(size, maximum)
        self.size = size
        self.maximum = maximum


class AnswerSize:
    """Counts the bytes of an answer: the same text may stand in it, though not in memory, often."""

    __slots__ = ("bytes", "give_up", "maximum", "refusal")

    def __init__(self) -> None:
        self.bytes = 0
        self.maximum = sys.maxsize
        self.refusal: AnswerTooLargeError | None = None
        self.give_up: Callable[[], None] | None = None

    def refuse(self) -> NoReturn:
        """Give up what makes the answer, for it has more bytes than it may.

        Raises: AnswerTooLargeError.
        """
        if self.refusal is None:
            self.refusal = AnswerTooLargeError(self.bytes, self.maximum)
            if self.give_up is not None:
                self.give_up()
        raise AnswerTooLargeError(self.bytes, self.maximum)

    def allow(self, maximum: int) -> None:
        """Let the answer have so many bytes if it might have fewer so far."""
        self.maximum = max(self.maximum, maximum)


def size_of_text(text: str) -> int:
    """The bytes of a text as JSON, to the byte only for long ones."""
    return len(orjson.dumps(text)) if len(text) > LONG_TEXT else len(text.encode()) + 2


def size_of_names(names: list[str]) -> int:
    """The bytes of an object as JSON with fields of these names, less those of their values."""
    return sum(len(name) + 4 for name in names) + 1


@asynccontextmanager
async def given_up_beyond(answer: AnswerSize, timeout_s: float) -> AsyncGenerator[None, None]:
    """Give up what is done in the context when it takes too long or its answer grows too large.

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
