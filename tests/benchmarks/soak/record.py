"""The measurements of a soak: durations, faults, acknowledged work and memory."""

import time
from collections import Counter, defaultdict

# For this time after a restart, clients may still find broken connections.
SETTLE_S = 5.0


class Record:
    """Durations and faults of all clients, and the work that servers acknowledged."""

    def __init__(self) -> None:
        self.took_ms: dict[str, list[float]] = defaultdict(list)
        self.faults: Counter[str] = Counter()
        self.excused: Counter[str] = Counter()
        # The yes and no counts of each toggle in acknowledged reports.
        self.yes: Counter[str] = Counter()
        self.no: Counter[str] = Counter()
        self.reports = 0
        # Acknowledged changes by toggle and type of event.
        self.changes: Counter[tuple[str, str]] = Counter()
        # Work with an unknown outcome, because the client gave up without an answer.
        self.unknown = 0
        self._excused_until = 0.0

    @property
    def excused_now(self) -> bool:
        """Whether a server restarts or has recently restarted."""
        return time.monotonic() < self._excused_until

    def begin_restart(self) -> None:
        """Excuse failures from now on."""
        self._excused_until = float("inf")

    def end_restart(self) -> None:
        """Stop excusing failures after a short time."""
        self._excused_until = time.monotonic() + SETTLE_S

    def took(self, kind: str, seconds: float) -> None:
        """Record the duration of an answer. While a server restarts, record nothing."""
        if not self.excused_now:
            self.took_ms[kind].append(seconds * 1000)

    def fault(self, kind: str, what: object) -> None:
        """Record a failure."""
        (self.excused if self.excused_now else self.faults)[f"{kind}: {what}"] += 1


def percentile(values: list[float], share: float) -> float:
    """Return the value that a share of all values does not exceed. Without values, return 0."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Memory:
    """Samples of the memory of a process. The first sample is taken at its start."""

    def __init__(self) -> None:
        self._samples: list[float] = []

    def add(self, megabytes: float) -> None:
        """Add a sample. Samples are taken at equal intervals."""
        self._samples.append(megabytes)

    def growth(self) -> tuple[float, float]:
        """Return two medians: of the tenth after the first third, and of the last tenth."""
        tenth = max(len(self._samples) // 10, 1)
        third = len(self._samples) // 3
        return (
            percentile(self._samples[third : third + tenth], 0.5),
            percentile(self._samples[-tenth:], 0.5),
        )
