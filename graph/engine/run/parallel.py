"""How many operations of one token run at a time."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from graph.engine.codes import ErrorCode
from graph.engine.run.request import RequestError


class Parallel:
    """Counts what runs for each token; those who need none count together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._running: Counter[str] = Counter()

    @contextmanager
    def one_of(self, holder: str) -> Generator[None, None, None]:
        """Count one more as long as the context lasts.

        Raises: RequestError: RATE_LIMITED, there are as many as there may be.
        """
        if self._running[holder] >= self._most:
            raise RequestError(
                f"{self._most} operations of this token run already, and no more may.",
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
