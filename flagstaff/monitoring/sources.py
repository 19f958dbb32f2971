"""The counts of a process that monitoring reads."""

from collections.abc import Callable
from typing import NamedTuple

from flagstaff.monitoring.traffic import Traffic
from flagstaff.repeated_polls import RepeatedPolls
from graph.engine.run.counting import OperationCounts
from rest_compat.http.primary import Primary
from store import Store


class Sources(NamedTuple):
    """The store and the counts of a process.

    `polls` is None if each request is parsed. `count_streams` returns the number of open event
    streams. Readers have a `primary`.
    """

    store: Store
    traffic: Traffic
    operations: OperationCounts
    polls: RepeatedPolls | None
    count_streams: Callable[[], int]
    primary: Primary | None = None

    def count_repeated_polls(self) -> dict[tuple[str, int], int]:
        """Return the number of repeated polls by path and status."""
        if self.polls is None:
            return {}
        return {key: uses.count for key, uses in self.polls.uses.items()}
