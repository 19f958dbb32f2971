"""CPU time and memory of processes and their descendants. Linux only."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def cpu_of_process_s(process: int) -> float:
    """Return the CPU time that a process has used, in seconds.

    The clock has a resolution of nanoseconds. It includes threads that have ended.
    """
    # The ID of the clock, as clock_getcpuclockid(3) computes it.
    return time.clock_gettime((~process << 3) | 2)


def tree(root: int) -> set[int]:
    """Return the IDs of a process and all its descendants."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = file.read_text().rpartition(")")[2].split()
            children[int(fields[1])].append(int(file.parent.name))
    found, waiting = set[int](), [root]
    while waiting:
        process = waiting.pop()
        found.add(process)
        waiting += children[process]
    return found


def cpu_s(roots: Iterable[int]) -> float:
    """Return the CPU time that processes and their descendants have used, in seconds.

    The CPU time of ended descendants has the precision of clock ticks.
    """
    used = 0.0
    for process in {process for root in roots for process in tree(root)}:
        with suppress(OSError):
            used += cpu_of_process_s(process)
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            used += (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return used


def memory_mb(root: int) -> float:
    """Return the memory (RSS) of a process and its descendants, in megabytes."""
    return sum(_kilobytes(process, "VmRSS") for process in tree(root)) / 1000


def peak_memory_mb(process: int) -> float:
    """Return the highest memory (RSS) of a process so far, in megabytes."""
    return _kilobytes(process, "VmHWM") / 1000


def _kilobytes(process: int, field: str) -> int:
    """Return a figure of a process, or 0 if the process has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1])
    return 0
