"""Processes of pytest, which run all tests once or some tests on request."""

import os
import resource
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from msgspec import Struct, json

# This variable passes the file descriptors of requests and replies to `tests.mutants.forks`.
PIPES = "MUTANTS_PIPES"
# Importing everything and collecting all tests may take this many seconds.
START_DEADLINE_S = 600
# After an interruption, tests have this many seconds for their cleanup.
END_DEADLINE_S = 30
# A fault may cause a loop that fills the memory. The address space is not limited, because Node
# reserves a large part of it.
MAX_MEMORY = 6_000_000_000
_COMMAND = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


class Request(Struct):
    """Tests to run in a fork until a test fails, and the file with a fault, if there is a fault.

    Each test may take at most `max_s`.
    """

    tests: Sequence[str]
    max_s: float
    file: str = ""


class Reply(Struct):
    """The first test that failed, and the first line of its error. Without a failure, the strings
    are empty.

    If `is_late` is true, the test took too long. If `is_inserted` is false, no test ran, because
    the fault could not be put into functions that are imported already.
    """

    test: str = ""
    error: str = ""
    is_late: bool = False
    is_inserted: bool = True


class StartError(Exception):
    """Pytest ended before it ran tests, for example because it could not import them."""


def run_pytest(folder: Path, arguments: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run pytest in a folder until it ends, show its output, and return its exit code."""
    command = [*_COMMAND, "-p", "tests.mutants.recording", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(folder), **variables}
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL).returncode


class TestProcess:
    """A process that has collected tests in a folder, and runs requested tests in forks.

    The folder `temporary` contains temporary files, and a file with the output of pytest.

    Raises: StartError.
    """

    __test__ = False

    def __init__(self, folder: Path, temporary: Path, arguments: Sequence[str]) -> None:
        self._temporary = temporary
        temporary.mkdir(exist_ok=True)
        # PostgreSQL runs as another user.
        temporary.chmod(0o755)
        requests, self._requests = os.pipe()
        self._replies, replies = os.pipe()
        self._log = temporary / "pytest.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [*_COMMAND, "-p", "tests.mutants.forks", *arguments],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(folder),
                    "TMPDIR": str(temporary),
                    PIPES: f"{requests} {replies}",
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(requests, replies),
                start_new_session=True,
            )
        os.close(requests)
        os.close(replies)
        limits = (MAX_MEMORY, MAX_MEMORY)
        resource.prlimit(self._process.pid, resource.RLIMIT_DATA, limits)
        self._buffer = b""
        if self._line(START_DEADLINE_S) is None:
            self.close()
            raise StartError(self._last_line())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, request: Request) -> Reply:
        """Run tests in a fork.

        Raises: StartError: the process has ended.
        """
        try:
            os.write(self._requests, json.encode(request) + b"\n")
            line = self._line(None)
        except BrokenPipeError:
            line = None
        self._remove_files()
        if line is None:
            raise StartError(self._last_line())
        return json.decode(line, type=Reply)

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            os.close(self._requests)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(OSError):
            os.close(self._replies)
        self._remove_files()

    def _line(self, timeout_s: float | None) -> bytes | None:
        """Return the next line that the process sends, or None if the process ends or takes too
        long.
        """
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._replies], [], [], timeout_s)
            received = os.read(self._replies, 65_536) if ready else b""
            if not received:
                return None
            self._buffer += received
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _last_line(self) -> str:
        lines = self._log.read_text(errors="replace").split("\n")
        errors = [line for line in lines if line.startswith("E  ")]
        return " ".join((errors or [line for line in lines if line] or [""])[-1].split())

    def _remove_files(self) -> None:
        """Remove temporary files of tests, and stop PostgreSQL clusters of killed tests."""
        for file in self._temporary.glob("flagstaff-postgresql-*/data/postmaster.pid"):
            with suppress(OSError, ValueError):
                os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)
        for path in self._temporary.iterdir():
            if path != self._log:
                shutil.rmtree(path, ignore_errors=True)
