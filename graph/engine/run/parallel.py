"""The limit on operations that one token runs at a time."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from graph.engine.codes import ErrorCode
from graph.engine.run.request import RequestError


class Parallel:
    """Counts running operations by token; all callers without tokens count as one."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._running: Counter[str] = Counter()

    @contextmanager
    def one_of(self, holder: str) -> Generator[None, None, None]:
        """Count one more operation for the duration of the context.

        Raises: RequestError: RATE_LIMITED, the limit is reached.
        """
        if self._running[holder] >= self._maximum:
            raise RequestError(
                f"{self._maximum} operations of this token run already, and no more may.",
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
