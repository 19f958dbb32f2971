"""Detect writes to a file, with Linux's inotify."""

import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, Self

# Flags from <sys/inotify.h>. With _WRITTEN, the file was written to. With _GONE, the file was
# deleted, moved or linked elsewhere.
_WRITTEN = 0x2
_GONE = 0x4 | 0x400 | 0x800
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC
_BUFFER_BYTES = 65_536


class FileWrites:
    """Watches one file by its inode; `descriptor` is readable after a write to the file."""

    def __init__(self, descriptor: int, path: str, inode: int) -> None:
        self.descriptor = descriptor
        self._path = path
        self._inode = inode

    @classmethod
    def of(cls, path: str) -> Self | None:
        """Begin to watch a file; return None if the file or inotify is missing."""
        functions = _functions()
        if functions is None:
            return None
        begin, add = functions
        descriptor = begin(_FLAGS)
        if descriptor < 0:
            return None
        try:
            if add(descriptor, os.fsencode(path), _WRITTEN | _GONE) < 0:
                raise FileNotFoundError(path)
            # The file may have been replaced meanwhile; `is_current` checks for a replacement.
            return cls(descriptor, path, os.stat(path).st_ino)  # noqa: PTH116
        except OSError:
            os.close(descriptor)
            return None

    @property
    def is_current(self) -> bool:
        """Whether the watched file is still at its path."""
        try:
            return os.stat(self._path).st_ino == self._inode  # noqa: PTH116
        except OSError:
            return False

    def forget(self) -> None:
        """Ignore all writes so far: only later writes make the descriptor readable."""
        with suppress(BlockingIOError):
            while len(os.read(self.descriptor, _BUFFER_BYTES)) > _BUFFER_BYTES // 2:
                pass

    def close(self) -> None:
        """Stop watching."""
        os.close(self.descriptor)


@cache
def _functions() -> tuple[Callable[[int], int], Callable[[int, bytes, int], int]] | None:
    """Return `inotify_init1` and `inotify_add_watch` of the C library; None if they are missing."""
    try:
        library: Any = ctypes.CDLL(None)
        return library.inotify_init1, library.inotify_add_watch
    except (OSError, AttributeError):
        return None
