"""SDKs in their own processes, and their output."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

from tests.server import CLIENT_TOKEN, ROOT

TOGGLE = "rolled"
NODE_SDKS = tuple(f"unleash-client-{major}" for major in (3, 4, 5, 6))
OF_EACH_NODE_SDK = 2
PYTHON_SDK = "UnleashClient.0"
POLL_S = 0.1


class Sdk:
    """A running SDK with its last state, errors, warnings and number of evaluations."""

    def __init__(self, command: Sequence[str], folder: Path, url: str, app_name: str) -> None:
        self.app_name = app_name
        self.ready = False
        self.enabled: bool | None = None
        self.evaluations: int | None = None
        self.errors: list[str] = []
        self.warnings: list[str] = []
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SERVER_URL": url,
            "CLIENT_TOKEN": CLIENT_TOKEN,
            "APP_NAME": app_name,
            "INSTANCE_ID": f"{app_name}-1",
            "PACKAGE": app_name.rpartition(".")[0],
            "TOGGLE": TOGGLE,
        }
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        Thread(target=self._listen, daemon=True).start()

    def send_line(self) -> None:
        """Write a line to the SDK.

        At the first line, the SDK stops polling. At the second line, the SDK ends.
        """
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """End the process unconditionally."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self.ready |= "ready" in said
            self.enabled = said.get("enabled", self.enabled)
            self.evaluations = said.get("asked", self.evaluations)
            self.errors += [said["error"]] if "error" in said else []
            self.warnings += [said["warning"]] if "warning" in said else []


@contextmanager
def running_sdks(javascript: Path, url: str) -> Iterator[list[Sdk]]:
    """Eight Node SDKs of four major versions and one Python SDK, all ready."""
    with ExitStack() as stack:
        sdks: list[Sdk] = []

        def start(command: Sequence[str], app_name: str) -> None:
            sdks.append(Sdk(command, javascript, url, app_name))
            stack.callback(sdks[-1].end)

        for package in NODE_SDKS:
            for number in range(OF_EACH_NODE_SDK):
                start(["node", "sdk.js"], f"{package}.{number}")
        start([sys.executable, "-m", "tests.faults.rolling.sdk"], PYTHON_SDK)
        assert wait_for(lambda: all(sdk.ready for sdk in sdks), 60), "an SDK is not ready"
        yield sdks


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition becomes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True
