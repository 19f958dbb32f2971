"""Tells other processes that one of them writes a large change to an SQLite file.

On PostgreSQL nobody else waits for such a change but those who change configuration, too.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

# Beside the database file; it stays empty.
_SUFFIX = "-bulk"


class BulkMark:
    """A lock of a file that nobody waits for. It is free again when its process ends, however that
    ends; where a file system has no locks, it tells nothing."""

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}{_SUFFIX}")

    @contextmanager
    def held(self) -> Generator[None]:
        """Let other processes know for as long as the context lasts."""
        descriptor = self._open()
        try:
            if descriptor is not None:
                # Those who look hold it for microseconds.
                _lock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def is_held(self) -> bool:
        """Whether some process, or another store of this one, holds it."""
        if not self._path.exists():
            return False
        descriptor = self._open()
        if descriptor is None:
            return False
        try:
            return not _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(descriptor)

    def _open(self) -> int | None:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None


def _lock(descriptor: int, operation: int) -> bool:
    """Whether the file can be locked; where there are no locks, it can."""
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
