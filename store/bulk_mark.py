"""Signal to other processes that this process is writing a large change to an SQLite file.

PostgreSQL needs no signal: there a large change blocks only other changes of configuration.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

# The suffix of the locked file, which is next to the database file and stays empty.
_SUFFIX = "-bulk"


class BulkMark:
    """A file lock that no process waits for.

    The lock is released when its process ends, even by a crash. On file systems without locks the
    mark has no effect.
    """

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}{_SUFFIX}")

    @contextmanager
    def held(self) -> Generator[None]:
        """Hold the mark until the context exits."""
        descriptor = self._open()
        try:
            if descriptor is not None:
                # This waits only for `is_held`, which holds the lock for microseconds.
                _lock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def is_held(self) -> bool:
        """Whether any process, or another store of this one, holds the mark."""
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
    """Lock a file; return True if that succeeds or if the file system does not support locks."""
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
