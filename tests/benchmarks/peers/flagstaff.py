"""Flagstaff's servers and commands with tokens and with the default settings."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tests.benchmarks.peers.measuring import pin
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.processes import peak_memory_mb
from tests.server import ADMIN_TOKEN, FRONTEND_TOKEN, ROOT, TOKENS, Server, without_settings

_START_DEADLINE_S = 180
_LOOK_S = 0.01


class Ended(Struct, frozen=True):
    """The CPU time of a command in seconds, and its highest memory in megabytes."""

    cpu_s: float
    peak_mb: float


class _Started(Server):
    start_deadline_s = _START_DEADLINE_S


@contextmanager
def running_flagstaff(
    folder: Path,
    database_url: str,
    *,
    pinned: bool = True,
    variables: Mapping[str, str] = {},
) -> Iterator[Peer]:
    """Run `flagstaff serve` on a database."""
    folder.mkdir(exist_ok=True)
    with _Started(
        folder,
        FLAGSTAFF_DATABASE_URL=database_url,
        FLAGSTAFF_INIT_FRONTEND_TOKENS=FRONTEND_TOKEN,
        **TOKENS,
        **variables,
    ) as server:
        if pinned:
            pin(server.pid)
        yield Peer(server.url, (server.pid,), ADMIN_TOKEN)


def run_command(arguments: Sequence[str], database_url: str = "") -> Ended:
    """Run `flagstaff` until it ends.

    Raises:
        RuntimeError: the command fails.
    """
    variables = {"PYTHONPATH": str(ROOT), "FLAGSTAFF_DATABASE_URL": database_url}
    environment = {**without_settings(os.environ), **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "flagstaff", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    peak_mb = 0.0
    try:
        ended, status, used = 0, 0, None
        while not ended:
            # `ru_maxrss` includes the memory of this process, which starts the command.
            peak_mb = max(peak_mb, peak_memory_mb(process.pid))
            time.sleep(_LOOK_S)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"flagstaff {' '.join(arguments)} ended with {process.returncode}")
    assert used is not None
    return Ended(used.ru_utime + used.ru_stime, peak_mb)
