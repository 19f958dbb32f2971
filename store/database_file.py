"""Check that the path of an SQLite database still leads to the file that this process has open."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from store.errors import StoreUnavailableError
from store.file_content import INDEX, FileContent

# The suffix of the write-ahead log, which exists while a connection is open.
LOG = "-wal"
# The suffix given to the log of a file that was replaced.
ASIDE = ".of-replaced-file"
# The suffix of the copy that replaces an overwritten file.
COPY = ".copy"

# The device and inode of a file; None if there is no file.
Identity: TypeAlias = tuple[int, int] | None


class FileProblem(Enum):
    """A problem with the file at the path of the open database."""

    MISSING = "The database file was deleted or moved"
    REPLACED = "The database file was replaced by another one"
    OVERWRITTEN = "Another program has written to the database file"
    LOG_MISSING = "The database's write-ahead log was deleted, moved or replaced"


class DatabaseFile:
    """The file that this process has open, identified by device and inode.

    A new connection opens the file that is at the path now, but an existing connection continues to
    use the file that it opened. Writes to a deleted file are lost, so each write calls `verify`
    first.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._trusted = True
        self._connections = 0
        self._file: Identity = None
        self._log: Identity = None
        self._index: Identity = None
        self._content = FileContent(path)
        self.note()

    @property
    def uri(self) -> str:
        """The URI that opens the file without creating it."""
        return existing_file_uri(self.path)

    @property
    def problem(self) -> FileProblem | None:
        """The current problem, None if the path leads to the open file."""
        status = _status(self.path)
        if status is None:
            return FileProblem.MISSING
        if (status.st_dev, status.st_ino) != self._file or not self._trusted:
            return FileProblem.REPLACED
        if self._content.is_suspicious((status.st_size, status.st_mtime_ns)):
            return FileProblem.OVERWRITTEN
        return None if self._has_its_log() else FileProblem.LOG_MISSING

    @property
    def is_finished(self) -> bool:
        """Whether the overwritten file seems to be complete."""
        return self._content.is_finished

    @property
    def needs_checkpoint(self) -> bool:
        """Whether a checkpoint is needed to find out if the file was overwritten."""
        return self._content.needs_checkpoint

    @property
    def pages_to_copy(self) -> int | None:
        """The number of pages in the log that are not in the file yet; None if it is unknown."""
        return self._content.frames_to_copy

    def note_checkpoint(self, frames: int, copied: int) -> None:
        """Note a checkpoint, with the number of frames in the log and of copied frames."""
        self._content.note_checkpoint(frames, copied)

    def verify(self) -> None:
        """Check that the path leads to the open file, and that the file is trusted.

        Raises: StoreUnavailableError: the path does not lead to the open file.
        """
        problem = self.problem
        if problem is not None:
            raise StoreUnavailableError(f"{problem.value}.")

    def note(self) -> None:
        """From now on, treat the file at the path as the open file."""
        self._content.close()
        self._file = _identity(self.path)
        # The log is next to the file itself, even if the path is a link.
        self._target = str(Path(self.path).resolve())
        self._log = self._index = None
        self._connections = 0

    def distrust(self) -> None:
        """Make `verify` fail until `trust` is called: the data in memory is from another file."""
        self._trusted = False

    def trust(self) -> None:
        """Declare that the data in memory is from the open file."""
        self._trusted = True

    def before_connection(self) -> None:
        """Check that a new connection would reach the open file.

        Raises: sqlite3.OperationalError: the connection would reach another file.
        """
        if _identity(self.path) != self._file or not self._has_its_log():
            raise sqlite3.OperationalError("the database file was moved or replaced")

    def connected(self) -> Identity:
        """Count a connection, and return the file that it has open.

        Raises: sqlite3.OperationalError: the connection has reached another file.
        """
        if _identity(self.path) != self._file:
            raise sqlite3.OperationalError("the database file was moved or replaced")
        if not self._connections:
            self._log = self._index = None
        self._connections += 1
        return self._file

    def disconnected(self, file: Identity) -> None:
        """Count the end of a connection. When the last connection ends, SQLite removes the log."""
        if file is not None and file == self._file:
            self._connections = max(self._connections - 1, 0)

    def observe(self) -> None:
        """Inspect the file to detect writes by other programs."""
        if _identity(self.path) == self._file and self._trusted:
            self._content.observe()

    def close(self) -> None:
        """Stop inspecting the file, after all connections to it are closed."""
        self._content.close()

    def detach(self) -> None:
        """Replace the overwritten file with a copy.

        New connections open the copy, which is another file for SQLite. Existing connections
        continue to use the old file. Without the copy, SQLite would write the old log into the new
        content, at the latest when the connections are closed.

        Raises: OSError: there is no space for the copy, or the folder cannot be written to.
        """
        target = Path(self.path).resolve()
        copy = Path(f"{target}{COPY}")
        with _locked_folder(self.path):
            if _identity(self.path) != self._file:
                return  # another process has replaced the file
            try:
                shutil.copyfile(target, copy)
                shutil.copystat(target, copy)
                owner = target.stat()
                with suppress(PermissionError):
                    os.chown(copy, owner.st_uid, owner.st_gid)
                with copy.open("rb") as file:
                    os.fsync(file.fileno())
                copy.replace(target)
            finally:
                copy.unlink(missing_ok=True)

    def set_old_log_aside(self) -> None:
        """Rename the log of the previous file at the path, and remove the index of this log.

        Otherwise SQLite would apply the log to the new file at the path.
        """
        if _identity(self.path) == self._file and self._has_its_log():
            return
        target = Path(self.path).resolve()
        with _locked_folder(self.path):
            for suffix, noted in ((LOG, self._log), (INDEX, self._index)):
                file = Path(f"{target}{suffix}")
                if noted is None or _identity(str(file)) != noted:
                    continue
                with suppress(FileNotFoundError):
                    if suffix == LOG and file.stat().st_size:
                        file.rename(f"{file}{ASIDE}")
                    else:
                        file.unlink()

    def _has_its_log(self) -> bool:
        """Whether the log at the path is the log that the connections have open.

        Without connections, the result is True.
        """
        if not self._connections:
            return True
        log, index = _identity(self._target + LOG), _identity(self._target + INDEX)
        if self._log is None or self._index is None:
            # SQLite creates the log and its index with the first transaction.
            self._log, self._index = log, index
        return log == self._log and index == self._index


def existing_file_uri(path: str) -> str:
    """Return the URI that opens an SQLite file without creating it."""
    return f"file:{quote(str(Path(path).resolve()))}?mode=rw"


def check_file(path: str, *, indexes: bool = False) -> str | None:
    """Return a one-line description of the damage that SQLite finds in a file, or None.

    With `indexes`, also compare indexes with tables. This comparison takes much longer.

    Raises: sqlite3.Error: the file cannot be read.
    """
    connection = sqlite3.connect(existing_file_uri(path), uri=True, timeout=2)
    try:
        pragma = "integrity_check" if indexes else "quick_check"
        (found,) = connection.execute(f"PRAGMA {pragma}(1)").fetchone()
    finally:
        connection.close()
    return None if found == "ok" else " ".join(str(found).split())


def _identity(path: str) -> Identity:
    status = _status(path)
    return None if status is None else (status.st_dev, status.st_ino)


def _status(path: str) -> os.stat_result | None:
    try:
        # This function runs several times for each write, and creating a Path would be slow.
        return os.stat(path)  # noqa: PTH116
    except OSError:
        return None


@contextmanager
def _locked_folder(path: str) -> Generator[None]:
    """Lock the folder of a file against other processes."""
    folder = os.open(Path(path).resolve().parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # the file system does not support locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
