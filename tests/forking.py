"""Start `flagstaff` quickly by forking a process that has imported it. Imports take longest."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Self

# The fork server is a separate process, because forks can fail in processes with threads or event
# loops.
_FORKING = get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        __name__,
        "flagstaff.cli",
        "flagstaff.commands.failures",
        "flagstaff.commands.transfer",
        "flagstaff.server",
        # A server imports these modules only while it starts.
        "flagstaff.pages.app",
        "flagstaff.demo",
        "sqlalchemy.dialects.sqlite.aiosqlite",
        "uvicorn.lifespan.off",
        "uvicorn.protocols.http.httptools_impl",
    ]
)


class ForkedCommand:
    """The command `flagstaff` in a folder. The object has the methods of `subprocess.Popen`.

    The process has the given environment and no standard input. Its standard error is appended to
    the file `log`.
    """

    def __init__(
        self, *arguments: str, folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        self._arguments = arguments
        printed, output = _FORKING.Pipe(duplex=False)
        self._process = _FORKING.Process(
            target=_run, args=(arguments, folder, dict(environment), log, output), daemon=True
        )
        self._process.start()
        output.close()
        self.stdout = os.fdopen(os.dup(printed.fileno()), encoding="utf-8")
        printed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self._process.join()

    @property
    def pid(self) -> int:
        """The ID of the process."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit code, or None while the process runs."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal if the process is running."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the process."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout_s: float) -> int:
        """Wait for the end of the process and return the exit code.

        Raises: TimeoutExpired: the process is still running.
        """
        self._process.join(timeout_s)
        status = self.poll()
        if status is None:
            raise TimeoutExpired(self._arguments, timeout_s)
        return status


def _run(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    output: Connection,
) -> None:
    # Under nohup the signal is ignored. Child processes inherit the ignored signal.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(output.fileno(), 1)
    output.close()
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666), 2)
    sys.argv = ["flagstaff", *arguments]

    from flagstaff.cli import main

    if "LINES_RECORDED_IN" in os.environ:
        from tests.mutants.recording import recorded_lines

        with recorded_lines():
            main()
    else:
        main()
