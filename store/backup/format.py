"""The format of backups: JSON lines, compressed with gzip.

The first line is a `Header`. For each table, a line with a `TableHead` and a line with an array for
each row follow. The last line is a `Trailer`.
"""

import gzip
import os
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

FORMAT = "flagstaff-backup"
VERSION = 1
# A row contains at most the documents of an event, which are limited by the size of imports.
MAX_LINE_BYTES = 100_000_000
_LEVEL = 6
_FILE_MODE = 0o600

Row = Sequence[Any]


class BackupError(Exception):
    """A file is not a complete backup, or cannot be restored. The message is a sentence."""


class Header(Struct, kw_only=True, rename="camel"):
    """The first line. `migration` is the schema of the tables."""

    format: str = FORMAT
    version: int = VERSION
    server: str
    migration: str
    installation_id: str
    revision: int
    created_at: datetime


class TableHead(Struct, kw_only=True):
    """The name of a table, and the kind of each column: text, integer, boolean or time."""

    table: str
    columns: dict[str, str]


class Trailer(Struct, kw_only=True):
    """The number of rows by table, and the SHA-256 of all other lines, without compression."""

    rows: dict[str, int]
    sha256: str


class BackupWriter:
    """Writes the lines of a backup."""

    def __init__(self, file: gzip.GzipFile, header: Header) -> None:
        self._file = file
        self._digest = sha256()
        self._rows: dict[str, int] = {}
        self._table = ""
        self._write(header)

    def begin_table(self, head: TableHead) -> None:
        """Write the head of a table; the rows of the table follow."""
        self._table = head.table
        self._rows[head.table] = 0
        self._write(head)

    def write_rows(self, rows: Sequence[Row]) -> None:
        """Write rows of the current table."""
        for row in rows:
            self._write(list(row))
        self._rows[self._table] += len(rows)

    def end(self) -> dict[str, int]:
        """Write the last line, and return the number of rows by table."""
        trailer = Trailer(rows=self._rows, sha256=self._digest.hexdigest())
        self._file.write(msgspec.json.encode(trailer) + b"\n")
        return self._rows

    def _write(self, value: Any) -> None:
        line = msgspec.json.encode(value) + b"\n"
        self._digest.update(line)
        self._file.write(line)


@contextmanager
def new_backup(path: Path) -> Generator[gzip.GzipFile]:
    """Open a new file, which gets its name only when it is complete and on the disk.

    Raises: FileExistsError. OSError.
    """
    if path.exists():
        raise FileExistsError(f"The file {path} exists already.")
    partial = path.with_name(f"{path.name}.partial")
    descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with gzip.GzipFile("", "wb", _LEVEL, file) as compressed:
                yield compressed
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)


def check_backup(path: Path) -> tuple[Header, Trailer]:
    """Read a whole backup, and compare its content with its last line.

    Raises: BackupError, OSError.
    """
    digest = sha256()
    header: Header | None = None
    last = b""
    for line in _lines(path):
        if header is None:
            header = _decode_header(line, path)
        if last:
            digest.update(last)
        last = line
    if header is None:
        raise BackupError(f"{path} is empty.")
    try:
        trailer = msgspec.json.decode(last, type=Trailer)
    except msgspec.DecodeError:
        raise BackupError(f"{path} is incomplete: its last line is missing.") from None
    if digest.hexdigest() != trailer.sha256:
        raise BackupError(f"{path} is damaged: its content does not match its checksum.")
    return header, trailer


def read_tables(path: Path) -> Iterator[TableHead | Row]:
    """Yield the head of each table, and each row, of a backup that `check_backup` accepted.

    Raises: BackupError, OSError.
    """
    lines = _lines(path)
    next(lines)
    for line in lines:
        if line.startswith(b"["):
            yield msgspec.json.decode(line, type=list[Any])
        elif line.startswith(b'{"table"'):
            yield msgspec.json.decode(line, type=TableHead)


def _decode_header(line: bytes, path: Path) -> Header:
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.DecodeError:
        raise BackupError(f"{path} is not a backup of Flagstaff.") from None
    if header.format != FORMAT:
        raise BackupError(f"{path} is not a backup of Flagstaff.")
    if header.version != VERSION:
        raise BackupError(f"{path} has version {header.version}; this server reads {VERSION}.")
    return header


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            while line := file.readline(MAX_LINE_BYTES):
                yield line
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise BackupError(f"{path} is damaged or not a backup of Flagstaff.") from None
