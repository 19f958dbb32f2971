"""Keep the answers of a server in a file, so that an interrupted import goes on where it stopped.

Each line of the file is a JSON array with the path of a request and the body of the answer. The
first line has the URL of the server and the time of the first request.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import orjson

from store.json_checks import parse_json

# Older answers are read again, because the server may have changed since.
MAX_AGE = timedelta(hours=1)


class Spool:
    """The answers of one server. Use it as a context manager."""

    def __init__(self, file: Path, url: str, now: datetime) -> None:
        """Read the answers in the file, if they are of the same server and recent enough.

        Raises: OSError: the file cannot be read or written.
        """
        self.file = file
        self.began_at = now
        self._answers = self._read(url, now)
        self.resumed = len(self._answers)
        # The answers may be confidential.
        self._output = os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._write([url, self.began_at.isoformat()])
        for path, body in self._answers.items():
            self._write([path, body])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._output.close()

    def __len__(self) -> int:
        return len(self._answers)

    def __contains__(self, path: str) -> bool:
        return path in self._answers

    def __getitem__(self, path: str) -> Any:
        return self._answers[path]

    def add(self, path: str, body: Any) -> None:
        """Append an answer to the file."""
        self._answers[path] = body
        self._write([path, body])

    def delete(self) -> None:
        """Remove the file after a complete import."""
        self.file.unlink(missing_ok=True)

    def _write(self, line: list[Any]) -> None:
        self._output.write(orjson.dumps(line) + b"\n")
        self._output.flush()

    def _read(self, url: str, now: datetime) -> dict[str, Any]:
        """Return the answers in the file.

        If an interrupted write has cut off a line, this line is ignored.
        """
        if not self.file.exists():
            return {}
        answers: dict[str, Any] = {}
        with self.file.open("rb") as lines:
            try:
                known_url, began = parse_json(next(lines, b""))
                began_at = datetime.fromisoformat(began).astimezone(UTC)
            except (ValueError, TypeError):
                return {}
            if known_url != url or not timedelta() <= now - began_at <= MAX_AGE:
                return {}
            for line in lines:
                try:
                    path, body = parse_json(line)
                except (ValueError, TypeError):
                    break
                answers[path] = body
        self.began_at = began_at
        return answers
