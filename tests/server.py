"""A real server process for tests: started on a free port, waited for, stopped by its id."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

ADMIN_TOKEN = "*:*.admin-secret-of-the-tests"
CLIENT_TOKEN = "*:default.client-secret-of-the-tests"
START_DEADLINE_S = 60


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """`flagstaff serve` on a database; a context manager that starts and stops it."""

    def __init__(self, database_url: str, *, folder: Path, arguments: tuple[str, ...] = ()) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._arguments = arguments
        self._environment = {
            **{name: value for name, value in os.environ.items() if "FLAGSTAFF" not in name},
            "FLAGSTAFF_DATABASE_URL": database_url,
            "FLAGSTAFF_INIT_ADMIN_TOKENS": ADMIN_TOKEN,
            "FLAGSTAFF_INIT_CLIENT_TOKENS": CLIENT_TOKEN,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return (self._folder / "server.log").read_text()

    def start(self) -> None:
        """Start the process and wait until it is ready."""
        command = [sys.executable, "-m", "flagstaff", "serve", "--port", str(self.port)]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *self._arguments],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_DEADLINE_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server did not start:\n{self.log}")
            time.sleep(0.05)

    def stop(self) -> int:
        """End the process in good order (SIGTERM) and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the process at once (SIGKILL)."""
        self._end(signal.SIGKILL)

    def memory_mb(self) -> float:
        """The memory the process holds just now (RSS), in megabytes; Linux only."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1000

    def graphql(self, document: str, **variables: Any) -> dict[str, Any]:
        """Run an operation with the admin token; answers with its data."""
        response = httpx.post(
            f"{self.url}/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": ADMIN_TOKEN},
            timeout=15,
        )
        answer = response.json()
        assert "errors" not in answer, answer
        return answer["data"]

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=20)
            raise
