"""Start a peer's process on a free port of the loopback interface, and stop it by its ID."""

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.peers.measuring import pin

START_DEADLINE_S = 90
_END_DEADLINE_S = 10
_LOOK_S = 0.05


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    folder: Path,
    log: Path,
    probe: str,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
) -> Iterator[int]:
    """Run a program. When the URL `probe` answers, yield the ID of the process.

    Raises:
        RuntimeError: the program ends or does not answer in time.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=env,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Ctrl+C interrupts only this program. Then this program stops the process.
            start_new_session=True,
        )
    try:
        _wait_for(process, probe, log)
        pin(process.pid)
        yield process.pid
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process. If it ignores the request, kill it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_END_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait(_END_DEADLINE_S)


def _wait_for(process: subprocess.Popen[bytes], probe: str, log: Path) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    with httpx.Client(verify=False, timeout=5) as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args} ended:\n{log.read_text()[-2000:]}")
            try:
                client.get(probe)
            except httpx.TransportError:
                time.sleep(_LOOK_S)
            else:
                return
    raise RuntimeError(f"{process.args} does not answer:\n{log.read_text()[-2000:]}")
