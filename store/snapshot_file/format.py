"""The format of the file: lines of JSON.

The first line is a `Header`. Each further line has the kind of an object, a tab, and the object.
The last line has the SHA-256 of all lines before.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from store.database_url import async_url
from store.events import SubjectKind
from store.history import Mark
from store.kinds import KINDS, indexes_of
from store.snapshot import Configuration, Snapshot

FORMAT = "flagstaff-snapshot"
# Increase this number if earlier releases would misread the file.
VERSION = 1
_MAX_HEADER_BYTES = 10_000
_FILE_MODE = 0o600
# The options of a URL that decide which tables are used.
_OPTIONS = ("host", "port", "options")

# Webhooks contain secrets, and nothing is sent while the database is away.
_KINDS = tuple(kind for kind in KINDS if kind.subject is not SubjectKind.WEBHOOK)
_DECODERS: Mapping[bytes, "msgspec.json.Decoder[Any]"] = {
    kind.subject.value.encode(): msgspec.json.Decoder(kind.model) for kind in _KINDS
}


class SnapshotFileError(Exception):
    """A file cannot be used. The message is the end of a sentence about the file."""


class Header(Struct, kw_only=True, rename="camel", frozen=True):
    """The first line.

    `database` identifies the address of the database, without its user and password. `mark` and
    `newest_event` identify the history of the database.
    """

    format: str = FORMAT
    version: int = VERSION
    database: str
    installation_id: str
    revision: int
    mark: Mark | None
    newest_event: int
    saved_at: datetime


def identify_database(url: str) -> str:
    """Return a hash of the address of a database."""
    parts = sa.make_url(async_url(url))
    if parts.get_backend_name() == "sqlite":
        address = str(Path(parts.database or "").resolve())
    else:
        options = [(name, parts.query[name]) for name in _OPTIONS if name in parts.query]
        address = f"{parts.host}:{parts.port or 5432}/{parts.database}?{options}"
    return sha256(f"{parts.get_backend_name()}:{address}".encode()).hexdigest()


def read_header(path: Path) -> Header:
    """Return the header of a file.

    Raises:
        SnapshotFileError: the file has no header that this version can read.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return _decode_header(file.readline(_MAX_HEADER_BYTES))


def read_file(path: Path, database: str) -> tuple[Header, Snapshot]:
    """Return the header of a file, and its configuration.

    Raises:
        SnapshotFileError: the file is damaged, of another database, or of a newer version.
        OSError: the file cannot be read.
    """
    content = path.read_bytes()
    header = _decode_header(content.partition(b"\n")[0])
    body, _, trailer = content.rstrip(b"\n").rpartition(b"\n")
    if sha256(body + b"\n").hexdigest().encode() != trailer:
        raise SnapshotFileError("is damaged: its checksum is wrong")
    if header.database != database:
        raise SnapshotFileError("belongs to another database")
    configuration = Configuration()
    for name in Configuration.__struct_fields__:
        setattr(configuration, name, {})
    for line in body.split(b"\n")[1:]:
        kind, _, encoded = line.partition(b"\t")
        try:
            subject = _DECODERS[kind].decode(encoded)
        except (KeyError, msgspec.DecodeError):
            raise SnapshotFileError("has objects that this version cannot read") from None
        for name, key in indexes_of(subject):
            getattr(configuration, name)[key] = subject
    return header, Snapshot(header.revision, configuration)


def write_file(path: Path, header: Header, snapshot: Snapshot) -> None:
    """Replace a file in one step. The file is readable by its owner only.

    Raises: OSError: the file cannot be written. The previous file remains.
    """
    temporary = path.with_name(f"{path.name}.new")
    digest = sha256()
    try:
        temporary.unlink(missing_ok=True)
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE
        )
        with os.fdopen(descriptor, "wb") as file:
            for line in _encode(header, snapshot):
                digest.update(line)
                file.write(line)
            file.write(digest.hexdigest().encode() + b"\n")
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _encode(header: Header, snapshot: Snapshot) -> Iterator[bytes]:
    yield msgspec.json.encode(header) + b"\n"
    for kind in _KINDS:
        name = kind.subject.value.encode()
        for subject in getattr(snapshot, kind.indexes[0][0]).values():
            # Each call is short, because other threads wait while it encodes.
            yield name + b"\t" + msgspec.json.encode(subject) + b"\n"


def _decode_header(line: bytes) -> Header:
    try:
        known = msgspec.json.decode(line, type=dict[str, Any])
        if known["format"] != FORMAT:
            raise ValueError
        if known["version"] > VERSION:
            raise SnapshotFileError("was written by a newer version")
        return msgspec.convert(known, Header)
    except (msgspec.MsgspecError, LookupError, ValueError, TypeError):
        raise SnapshotFileError("is not a snapshot file of Flagstaff, or is damaged") from None


def _sync_folder(folder: Path) -> None:
    """Make the new name of a file survive a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
