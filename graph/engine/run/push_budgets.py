"""Limit the cost of subscription results per token and second."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from time import monotonic

# Computing more results at a time would not be faster, and results could exceed their timeout.
MAX_CONCURRENT_RESULTS = 5


class PushBudget:
    """The budget of one token. Unused budget accumulates up to the budget of one second.

    `workers` limits how many results are computed at a time after their costs were deducted.
    """

    def __init__(self, per_second: int, clock: Callable[[], float] = monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._available = float(per_second)
        self._updated_at = clock()
        self._queue = asyncio.Lock()
        self.workers = asyncio.Semaphore(MAX_CONCURRENT_RESULTS)

    async def pay(self, cost: int, *, unless: Callable[[], bool] = lambda: False) -> None:
        """Wait until the budget covers a cost, then deduct the cost. Callers are served in order.

        A cost above the budget of one second is reduced to that budget. If `unless` returns true,
        the wait ends without a deduction.
        """
        cost = min(cost, self._per_second)
        async with self._queue:
            while not unless():
                self._accumulate()
                if self._available >= cost:
                    self._available -= cost
                    return
                await asyncio.sleep((cost - self._available) / self._per_second)

    def _accumulate(self) -> None:
        now = self._clock()
        accumulated = self._available + (now - self._updated_at) * self._per_second
        self._available, self._updated_at = min(accumulated, self._per_second), now


class PushBudgets:
    """The budgets of all tokens; all callers without tokens share one budget."""

    def __init__(self, per_second: int) -> None:
        self._budgets: defaultdict[str, PushBudget] = defaultdict(lambda: PushBudget(per_second))

    def of(self, holder: str) -> PushBudget:
        """Return the budget of a token."""
        return self._budgets[holder]
