"""The cost of requests, the cores of servers and of the load generator, and the samples."""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.benchmarks.processes import cpu_s, tree

# `cpu_when_quiet_s` checks at most this many times whether the processes use almost no CPU time.
_LOOKS = 100
_LOOK_S = 0.1


def cpu_when_quiet_s(roots: Sequence[int], *, idle_s: float) -> float:
    """Wait until processes use almost no CPU time. Return the CPU time that they have used.

    Processes use almost no CPU time if they use less than `idle_s` in a second.
    """
    looks = round(1 / _LOOK_S)
    used = [cpu_s(roots)]
    for _ in range(_LOOKS):
        time.sleep(_LOOK_S)
        used.append(cpu_s(roots))
        if len(used) > looks and used[-1] - used[-1 - looks] < idle_s:
            break
    return used[-1]


def pin(root: int) -> None:
    """Pin a process tree to all cores except the core of the load generator."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        for process in tree(root):
            for task in Path(f"/proc/{process}/task").glob("*"):
                with suppress(OSError):
                    os.sched_setaffinity(int(task.name), cores[:-1])


def load_core() -> set[int]:
    """Return the core of the load generator, which is the last core."""
    return {max(os.sched_getaffinity(0))}


class Samples:
    """The measured figures by key, in the order of the rounds."""

    def __init__(self) -> None:
        self._figures: defaultdict[str, list[float]] = defaultdict(list)

    def add(self, key: str, figure: float) -> None:
        """Add the figure of a round."""
        self._figures[key].append(figure)

    def figures(self) -> Mapping[str, Sequence[float]]:
        """All figures by key."""
        return self._figures


def cost_us(roots: Sequence[int], work: Callable[[], int]) -> float:
    """Return the CPU time per request, in µs. `work` returns the number of sent requests."""
    began = cpu_s(roots)
    sent = work()
    return (cpu_s(roots) - began) / sent * 1e6
