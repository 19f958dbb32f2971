"""What the results pushed to subscribers may cost, by token and second."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from time import monotonic

# More at a time would take no less time altogether, and each of them longer than it may.
MAX_AT_A_TIME = 5


class Purse:
    """What one token may spend; as much as a second's worth is saved up.

    `workers` is held while a result that was paid for is worked out.
    """

    def __init__(self, per_second: int, clock: Callable[[], float] = monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._left = float(per_second)
        self._at = clock()
        self._line = asyncio.Lock()
        self.workers = asyncio.Semaphore(MAX_AT_A_TIME)

    async def pay(self, cost: int, *, unless: Callable[[], bool] = lambda: False) -> None:
        """Pay a cost once there is enough, one after the other in the order of coming.

        A cost above a second's worth takes all of that. Nothing is paid if `unless` holds by then.
        """
        cost = min(cost, self._per_second)
        async with self._line:
            while not unless():
                self._save_up()
                if self._left >= cost:
                    self._left -= cost
                    return
                await asyncio.sleep((cost - self._left) / self._per_second)

    def _save_up(self) -> None:
        now = self._clock()
        saved = self._left + (now - self._at) * self._per_second
        self._left, self._at = min(saved, self._per_second), now


class Purses:
    """The purses of all tokens, each made when it is first used; who need no token share one."""

    def __init__(self, per_second: int) -> None:
        self._purses: defaultdict[str, Purse] = defaultdict(lambda: Purse(per_second))

    def of(self, holder: str) -> Purse:
        """The purse of a token."""
        return self._purses[holder]
