"""Detect writes to a database file by other programs, such as `cp backup.db live.db`.

With a write-ahead log, SQLite writes to the file only in checkpoints. The log's index records
checkpoints: https://www.sqlite.org/walformat.html, "The WAL-Index File Format".
"""

import os
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from msgspec import Struct, structs

from store.aggregates import table_of
from store.rows import ServerStateRow, UsageStateRow

# The suffix of the log's index.
INDEX = "-shm"
# The part of the index that is read: two copies of the header, and the progress of checkpoints. The
# header has the number of frames in the log. The progress has a salt that changes when the log is
# restarted, the number of frames that were copied to the file, and the number of frames that a
# checkpoint tried to copy.
_INDEX_BYTES = 136
_FRAMES, _SALT, _DONE, _TRIED = slice(16, 20), slice(32, 40), slice(96, 100), slice(128, 132)
# If an incomplete database does not change during this many observations, nothing is writing to it.
_LOOKS_UNTIL_FINISHED = 6
# NOMEM, IOERR and CANTOPEN. Errors with these codes are caused by this process or the disk, not by
# the content of the file.
_NOT_READ = frozenset({7, 10, 14})
_STATE, _USAGE = table_of(ServerStateRow).name, table_of(UsageStateRow).name
_FIRST = f"SELECT installation_id, revision, (SELECT sequence FROM {_USAGE}) FROM {_STATE}"
_COUNTERS = "SELECT name, seq FROM sqlite_sequence ORDER BY name"
_PRAGMAS = ("PRAGMA page_count", "PRAGMA freelist_count", "PRAGMA schema_version")

# The size of a file in bytes, and the time of the last write in nanoseconds.
Stamp: TypeAlias = tuple[int, int]
# The results of the queries on the file without its log; None if the database is incomplete. The
# first result is the state of the installation, or None before the first checkpoint.
Content: TypeAlias = tuple[Any, ...] | None


class Checkpoints(Struct, frozen=True):
    """The progress of checkpoints; only a checkpoint or a new log changes this progress."""

    salt: bytes
    done: bytes
    tried: bytes

    @property
    def is_resting(self) -> bool:
        """Whether the last checkpoint is complete."""
        return self.done == self.tried

    @property
    def frames(self) -> int:
        """The number of the log's frames that were copied to the file."""
        return _number(self.done)


class Observation(Struct, frozen=True):
    """The state of a file between two checkpoints."""

    stamp: Stamp
    checkpoints: Checkpoints
    content: Content


class FileContent:
    """Inspects the file at a path, and compares it with the previous observation.

    A process must have at most one instance per file. It must close its database connections before
    it closes the instance. Closing the index releases all locks of the process on the index.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._index: int | None = None
        self._last: Observation | None = None
        self._overwritten = False
        # The last stamp of an overwritten file, and the number of observations since the stamp
        # changed.
        self._stamp_then: Stamp | None = None
        self._unchanged_looks = 0
        self._complete = False
        # Whether a checkpoint is needed to find out if the file was overwritten.
        self.needs_checkpoint = False
        # The last checkpoint that has copied the whole log.
        self._whole: Checkpoints | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the overwritten file seems to be complete."""
        looks = 1 if self._complete else _LOOKS_UNTIL_FINISHED
        return self._overwritten and self._unchanged_looks >= looks

    @property
    def frames_to_copy(self) -> int | None:
        """The number of the log's frames that are not copied; None until the first observation."""
        found = self._read_index()
        return None if found is None else max(_number(found[_FRAMES]) - _number(found[_DONE]), 0)

    def is_suspicious(self, stamp: Stamp) -> bool:
        """Whether the file, now with the stamp `stamp`, was written to without a checkpoint."""
        last = self._last
        if self._overwritten or last is None:
            return self._overwritten
        return stamp != last.stamp and self._checkpoints() == last.checkpoints

    def observe(self) -> None:
        """Inspect the content of the file if the file was written to.

        The inspection takes about a millisecond.
        """
        stamp = self._stamp()
        if self._overwritten:
            self._unchanged_looks = self._unchanged_looks + 1 if stamp == self._stamp_then else 0
            self._stamp_then = stamp
            with suppress(OSError):
                self._complete = _read(self._path) is not None
            return
        self._open_index()
        checkpoints, stamp = self._checkpoints(), self._stamp()
        if checkpoints is None or stamp is None:
            return
        self.needs_checkpoint = not checkpoints.is_resting
        if self.needs_checkpoint:
            return
        last = self._last
        if last is not None and stamp == last.stamp:
            self._last = structs.replace(last, checkpoints=checkpoints)
            return
        try:
            content = _read(self._path)
        except OSError:
            return
        if (checkpoints, stamp) != (self._checkpoints(), self._stamp()):
            return
        if content is None and last is not None and self._may_be_partial(last, checkpoints):
            self.needs_checkpoint = True
            return
        now = Observation(stamp, checkpoints, content)
        if last is not None and _is_foreign(last, now):
            self._overwritten, self._stamp_then, self._unchanged_looks = True, stamp, 0
        else:
            self._last = now

    def note_checkpoint(self, frames: int, copied: int) -> None:
        """Note a checkpoint, with the number of frames in the log and of copied frames."""
        checkpoints = self._checkpoints() if frames == copied else None
        if checkpoints is not None and checkpoints.frames == copied:
            self._whole = checkpoints

    def _may_be_partial(self, last: Observation, checkpoints: Checkpoints) -> bool:
        """Whether SQLite itself, not another program, may have left the database incomplete.

        While a reader uses an older snapshot, a checkpoint copies only a part of the log's frames.
        After such a checkpoint, the file without its log is not a valid database.
        """
        return checkpoints not in (last.checkpoints, self._whole)

    def close(self) -> None:
        """Drop all observations. No connection of this process may have the file open."""
        index, self._index = self._index, None
        if index is not None:
            os.close(index)
        self._last = self._whole = None
        self._overwritten = self.needs_checkpoint = False

    def _stamp(self) -> Stamp | None:
        try:
            found = Path(self._path).stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns

    @property
    def _index_path(self) -> str:
        # This function runs for each write, so resolve the path only if the file itself is a link.
        is_link = os.path.islink(self._path)  # noqa: PTH114
        return f"{Path(self._path).resolve() if is_link else self._path}{INDEX}"

    def _open_index(self) -> None:
        """Open the log's index, if it exists and is not open yet."""
        if self._has_current_index():
            return
        self.close()
        with suppress(OSError):
            self._index = os.open(self._index_path, os.O_RDONLY)

    def _has_current_index(self) -> bool:
        if self._index is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._index), os.stat(self._index_path))  # noqa: PTH116
        except OSError:
            return False

    def _checkpoints(self) -> Checkpoints | None:
        """Return the progress of checkpoints; None while the log has no index."""
        found = self._read_index()
        return None if found is None else Checkpoints(found[_SALT], found[_DONE], found[_TRIED])

    def _read_index(self) -> bytes | None:
        if self._index is None or not self._has_current_index():
            return None
        found = os.pread(self._index, _INDEX_BYTES, 0)
        return found if len(found) == _INDEX_BYTES else None


def _number(found: bytes) -> int:
    return int.from_bytes(found, sys.byteorder)


def _is_foreign(last: Observation, now: Observation) -> bool:
    """Whether a program other than SQLite changed the content since the last observation."""
    if now.content == last.content:
        return False  # only the time of the file changed
    if now.checkpoints == last.checkpoints or now.content is None:
        return True
    return last.content is not None and _went_back(last.content[0], now.content[0])


def _went_back(last: tuple[Any, ...] | None, now: tuple[Any, ...] | None) -> bool:
    """Whether the installation differs, or its revision or usage number is lower than before."""
    if last is None or now is None:
        return last is not None
    (installation, *numbers), (last_installation, *last_numbers) = now, last
    return installation != last_installation or any(
        number < last_number for number, last_number in zip(numbers, last_numbers, strict=True)
    )


def _read(path: str) -> Content:
    """Read the content of the file without its log.

    Raises: OSError: the file cannot be read at the moment.
    """
    # With `immutable`, SQLite uses neither the log nor locks.
    uri = f"file:{quote(str(Path(path).resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            others = [connection.execute(pragma).fetchall() for pragma in _PRAGMAS]
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
            if not {_STATE, _USAGE} <= tables:
                return None, *others
            state = connection.execute(_FIRST).fetchone()
            return state, connection.execute(_COUNTERS).fetchall(), *others
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_READ:
            raise OSError(str(error)) from error
        return None
