"""The Python counterpart of javascript/sdk.js, with UnleashClient: `python -m
tests.faults.rolling.sdk`.
"""

import json
import logging
import os
import sys
import tempfile
from threading import Event, Thread
from typing import Any

from UnleashClient.clients.unleash_client import UnleashClient

ASK_INTERVAL_S = 0.1


def say(**value: Any) -> None:
    """Print a JSON document with one write."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


class _Complaints(logging.Handler):
    """Prints the warnings and errors that the SDK logs, because it has no events for errors."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = "error" if record.levelno >= logging.ERROR else "warning"
        say(**{kind: record.getMessage()})


class _Evaluating(Thread):
    """Evaluates a toggle until `ended` is set, and prints each change of the result."""

    def __init__(self, client: UnleashClient, toggle: str) -> None:
        super().__init__(daemon=True)
        self.evaluations = 0
        self.ended = Event()
        self._client = client
        self._toggle = toggle

    def run(self) -> None:
        last: bool | None = None
        while not self.ended.wait(ASK_INTERVAL_S):
            enabled = self._client.is_enabled(self._toggle)
            self.evaluations += 1
            if enabled != last:
                say(enabled=enabled)
            last = enabled


def main() -> None:
    """Evaluate until standard input has a line. Print the count, and end after the next line."""
    with tempfile.TemporaryDirectory() as folder:
        client = UnleashClient(
            url=f"{os.environ['SERVER_URL']}/api",
            app_name=os.environ["APP_NAME"],
            instance_id=os.environ["INSTANCE_ID"],
            refresh_interval=1,
            metrics_interval=2,
            custom_headers={"Authorization": os.environ["CLIENT_TOKEN"]},
            cache_directory=folder,
        )
        logging.getLogger("UnleashClient").addHandler(_Complaints(logging.WARNING))
        client.initialize_client()
        say(ready=True)
        evaluating = _Evaluating(client, os.environ["TOGGLE"])
        evaluating.start()
        sys.stdin.readline()
        evaluating.ended.set()
        evaluating.join()
        say(asked=evaluating.evaluations)
        sys.stdin.readline()
        client.destroy()


if __name__ == "__main__":
    main()
