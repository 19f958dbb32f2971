"""A server process, started and stopped by tests."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Server:
    """A running `flagstaff serve`; `lines` are what it printed before it answered."""

    def __init__(self, folder: Path, *options: str, **variables: str) -> None:
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flagstaff", "serve", "--port", "0", *options],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.lines = self._read_welcome()

    @property
    def address(self) -> str:
        found = re.search(r"GraphiQL +(http://\S+)/graphql", self.lines)
        assert found is not None, self.log.read_text() + self.lines
        return found[1]

    @property
    def admin_token(self) -> str:
        return self._token("admin")

    @property
    def client_token(self) -> str:
        return self._token("client")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        status = self.process.wait(15)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def _token(self, kind: str) -> str:
        found = re.search(rf"{kind} token +(\S+)", self.lines)
        assert found is not None
        return found[1]

    def _read_welcome(self) -> str:
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl+C" in line:
                break
        return "".join(lines)
