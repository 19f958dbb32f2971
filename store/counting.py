"""Count values in plain integers; monitoring reads them later."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence


class Distribution:
    """The number of recorded values by size, and the sum of all values.

    `bounds` are the upper bounds of the buckets in ascending order, without infinity.
    """

    __slots__ = ("_counts", "bounds", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.total = 0.0
        self._counts = [0] * (len(bounds) + 1)

    @property
    def count(self) -> int:
        """The number of recorded values."""
        return sum(self._counts)

    def record(self, value: float) -> None:
        """Record a value."""
        self._counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def cumulative(self) -> Iterator[tuple[float, int]]:
        """Yield each bound, and infinity, with the number of values up to the bound."""
        sum_so_far = 0
        for bound, count in zip((*self.bounds, float("inf")), self._counts, strict=True):
            sum_so_far += count
            yield bound, sum_so_far
