"""Lock files, so that only one process at a time does some work."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def try_file_lock(path: str) -> Generator[bool]:
    """Try to lock a file without waiting; yield whether the file is locked.

    The file is created if it does not exist. If the file system does not support locks, yield True.
    The lock is released when the context exits or the process ends.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield True
        return
    try:
        yield _locks(descriptor)
    finally:
        os.close(descriptor)


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
