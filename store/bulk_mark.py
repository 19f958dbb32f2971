"""Signal to other processes that this process is writing a large change to an SQLite file.

PostgreSQL needs no signal: there a large change blocks only other changes of configuration.
"""

import fcntl
import math
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

# The suffix of the locked file, which is next to the database file and stays empty.
_SUFFIX = "-bulk"


class BulkMark:
    """A file lock that shows a large change. No process waits for this lock.

    The lock is released when its process ends, even by a crash. The modification time of the file
    is the time of the last release. On file systems without locks, only this time is available.
    """

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}{_SUFFIX}")

    @contextmanager
    def held(self) -> Generator[None]:
        """Lock the file until the context exits."""
        descriptor = self._open()
        try:
            if descriptor is not None:
                # Locking waits only for calls of `seconds_since`, which take the lock for
                # microseconds.
                _lock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            if descriptor is not None:
                with suppress(OSError):
                    os.utime(descriptor)
                os.close(descriptor)

    def seconds_since(self) -> float:
        """Return the seconds since the last release of the lock; 0 while any process has the lock.

        If the lock was never taken, the result is infinity.
        """
        if not self._path.exists():
            return math.inf
        descriptor = self._open()
        if descriptor is None:
            return math.inf
        try:
            if not _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB):
                return 0.0
            since = time.time() - os.fstat(descriptor).st_mtime
        finally:
            os.close(descriptor)
        # If the release is in the future, the clock was set back, and the time since the release is
        # unknown.
        return since if since >= 0 else math.inf

    def _open(self) -> int | None:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None


def _lock(descriptor: int, operation: int) -> bool:
    """Lock a file; return False if another process has the lock.

    If the file system does not support locks, return True.
    """
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
