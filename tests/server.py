"""A real server process for tests. It is started on a free port and stopped by its ID."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self, TypeAlias

import httpx

from flagstaff.setting_field import variables
from flagstaff.settings import PREFIX, Settings
from tests.forking import ForkedCommand

ROOT = Path(__file__).parents[1]
ADMIN_TOKEN = "*:*.admin-secret-of-the-tests"
CLIENT_TOKEN = "*:default.client-secret-of-the-tests"
FRONTEND_TOKEN = "*:default.frontend-secret-of-the-tests"
# Without these variables, a new installation creates random tokens and prints them.
TOKENS = {"FLAGSTAFF_INIT_ADMIN_TOKENS": ADMIN_TOKEN, "FLAGSTAFF_INIT_CLIENT_TOKENS": CLIENT_TOKEN}
START_DEADLINE_S = 60
END_DEADLINE_S = 20

Process: TypeAlias = subprocess.Popen[str] | ForkedCommand


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the variables that Flagstaff reads."""
    known = {name for field in Settings.model_fields.values() for name in variables(field)}
    return {
        name: value
        for name, value in environment.items()
        if name not in known and not name.startswith(PREFIX)
    }


class Server:
    """A process that runs `flagstaff serve` in a folder.

    The process does not get the settings in the test's environment.

    The context manager stops the server at its end. The server can be stopped and started again.
    `lines` contains the output from the last start until the first answer.
    """

    # The maximum time until the server answers.
    start_deadline_s = START_DEADLINE_S

    def __init__(self, folder: Path, *options: str, **variables: str) -> None:
        self.lines = ""
        self._options = options
        self._variables = variables
        self._folder = folder
        self._log_file = folder / "server.log"
        self._tokens: dict[str, str] = {}
        self._process: Process | None = None
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The server's address."""
        found = re.search(r"Unleash SDKs +(http://\S+)/api", self.lines)
        assert found is not None, f"the server did not start:\n{self.lines}{self.log}"
        return found[1]

    @property
    def log(self) -> str:
        """The server's log so far."""
        return self._log_file.read_text()

    @property
    def admin_token(self) -> str:
        """An admin token, from the settings or created by the server."""
        return self._variables.get("FLAGSTAFF_INIT_ADMIN_TOKENS") or self._tokens["admin"]

    @property
    def client_token(self) -> str:
        """A client token, from the settings or created by the server."""
        return self._variables.get("FLAGSTAFF_INIT_CLIENT_TOKENS") or self._tokens["client"]

    def start(self) -> None:
        """Start the process. Read its output until the server answers or ends."""
        environment = {**_environment(), "PYTHONPATH": str(ROOT), **self._variables}
        process = self._run(["serve", "--port", "0", *self._options], environment)
        self._process = process
        # Trusted certificates are not loaded, because this takes long and no TLS is used.
        self._client = httpx.Client(timeout=15, verify=False)
        self.lines = _read_welcome(process, self.start_deadline_s)
        self._tokens |= dict(re.findall(r"(\w+) token +(\S+:\S+)", self.lines))

    def send(self, number: int) -> None:
        """Send a signal to the process."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process gracefully and return its exit code."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
        return self.wait()

    def kill(self) -> None:
        """End the process at once."""
        self.stop(signal.SIGKILL)

    def wait(self) -> int:
        """Wait until the process has ended. Return its exit code, or 0 if there is no process."""
        process, self._process = self._process, None
        if process is None:
            return 0
        self._client.close()
        with process:
            try:
                return process.wait(END_DEADLINE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise

    @property
    def pid(self) -> int:
        """The ID of the process."""
        assert self._process is not None
        return self._process.pid

    def memory_mb(self) -> float:
        """The current memory of the process (RSS) in megabytes. Linux only."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1000

    def graphql(self, document: str, **variables: Any) -> dict[str, Any]:
        """Run an operation with the admin token and return its data."""
        answer = self.request(
            "POST", "/graphql", json={"query": document, "variables": variables}
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def request(self, method: str, path: str, **content: Any) -> httpx.Response:
        """Send a request with the admin token. Return the answer, which must be a success."""
        headers = {"Authorization": self.admin_token}
        answer = self._client.request(method, self.url + path, headers=headers, **content)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}\n{self.log}"
        return answer

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Process:
        with self._log_file.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "flagstaff", *arguments],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )


class ForkedServer(Server):
    """A server that starts four times as fast, for tests that are not about the start."""

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Process:
        return ForkedCommand(
            *arguments, folder=self._folder, environment=environment, log=self._log_file
        )


class RetriedServer(ForkedServer):
    """A server that is started again if its database did not answer in time.

    Servers wait at most two seconds for a database. On a busy machine, this is sometimes too short.
    """

    max_starts = 10

    def start(self) -> None:
        """Start the process until it answers."""
        for _ in range(self.max_starts):
            super().start()
            if self.lines:
                return
            self.wait()


def _environment() -> dict[str, str]:
    # The server must cache compiled modules. Without this cache, its start takes twice as long.
    environment = without_settings(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _read_welcome(process: Process, deadline_s: float) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    too_late = Timer(deadline_s, process.kill)
    too_late.start()
    for line in process.stdout:
        lines.append(line)
        if "Ctrl+C" in line:
            break
    too_late.cancel()
    return "".join(lines)
