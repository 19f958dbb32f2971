"""Check the machine: files and their disk, the limit of open files, and servers."""

import json
import os
import resource
import shutil
import stat
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flagstaff.doctor.findings import Finding, failed, ok, warning
from store.diagnosis import network_file_system
from store.snapshot_file.format import SnapshotFileError, identify_database, read_file

TIMEOUT_S = 5.0
# A write-ahead log may grow by this size during an import or a backup.
LOW_BYTES = 1_000_000_000
MIN_BYTES = 100_000_000
# A process with this limit can serve some hundred streams.
LOW_DESCRIPTORS = 4_096


def check_permissions(file: Path) -> Iterator[Finding]:
    """Check the permissions of an SQLite file, of the files that belong to it, and its folder."""
    folder = file.resolve().parent
    if not os.access(folder, os.W_OK | os.X_OK):
        yield failed("file", f"The folder {folder} cannot be written to; SQLite needs this.")
    files = [(path, _status(path)) for path in (file, *_companions(file))]
    existing = [(path, status) for path, status in files if status is not None]
    for path, status in existing:
        if not os.access(path, os.R_OK | os.W_OK):
            yield failed(
                "file", f"The file {path} of user {status.st_uid} cannot be read and written."
            )
    if any(status.st_mode & (stat.S_IROTH | stat.S_IWOTH) for _, status in existing):
        yield warning(
            "file",
            f"Every user of this machine can read {file}, which contains secrets of webhooks: "
            f"chmod 600 {file}*",
        )


def _status(path: Path) -> os.stat_result | None:
    """Return the status of a file; None if there is none. Running servers remove some files."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _companions(file: Path) -> Iterator[Path]:
    """The write-ahead log and its index, which another user may have created."""
    for suffix in ("-wal", "-shm"):
        yield file.with_name(file.name + suffix)


def check_disk(file: Path) -> Iterator[Finding]:
    """Check the disk of an SQLite file."""
    folder = file.resolve().parent
    if folder.is_dir():
        yield _check_space(folder)
    kind = network_file_system(file)
    if kind is not None:
        yield failed(
            "disk",
            f"The file {file} is on a network disk ({kind}), where SQLite may damage it: move it, "
            "or use PostgreSQL.",
        )


def _check_space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    message = f"{free / 1e9:,.1f} GB are free in {folder}."
    if free < MIN_BYTES:
        return failed("disk", f"Only {free / 1e6:,.0f} MB are free in {folder}.")
    return warning("disk", f"Only {message}") if free < LOW_BYTES else ok("disk", message)


def check_snapshot_file(file: Path, database_url: str) -> Finding:
    """Check that a server could start from the snapshot file."""
    try:
        header, _ = read_file(file, identify_database(database_url))
    except FileNotFoundError:
        return warning("snapshot", f"There is no snapshot file at {file} yet; `serve` writes it.")
    except OSError as error:
        return failed("snapshot", f"The snapshot file {file} cannot be read: {error.strerror}.")
    except SnapshotFileError as error:
        return failed("snapshot", f"The snapshot file {file} {error}.")
    return ok(
        "snapshot",
        f"The snapshot file has revision {header.revision}, "
        f"saved at {header.saved_at:%Y-%m-%d %H:%M:%S} UTC.",
    )


def check_descriptors() -> Finding:
    """Check the limit of open files; each connection needs one."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if limit != resource.RLIM_INFINITY and limit < LOW_DESCRIPTORS:
        return warning(
            "open files",
            f"A process may open only {limit:,} files and connections; raise the limit (ulimit -n "
            "or LimitNOFILE).",
        )
    shown = "any number of" if limit == resource.RLIM_INFINITY else f"{limit:,}"
    return ok("open files", f"A process may open {shown} files and connections.")


def check_server(url: str) -> Finding:
    """Check that the server at a URL is ready."""
    try:
        status, body = get(url, "/ready")
    except (OSError, HTTPException, ValueError) as error:
        return failed("server", f"{url} does not answer: {error}.")
    try:
        state: Any = json.loads(body)
        is_ready, problem = state["ready"], state.get("problem")
    except (ValueError, TypeError, LookupError):
        return failed("server", f"{url} is not Flagstaff: /ready answers {status}.")
    if not is_ready:
        return failed("server", f"{url} is not ready{f': {problem}' if problem else ''}.")
    if state.get("database") != "available":
        return failed(
            "server", f"{url} cannot use its database{f': {problem}' if problem else ''}."
        )
    return ok("server", f"{url} is ready, at revision {state.get('revision')}.")


def get(url: str, path: str, timeout_s: float = TIMEOUT_S) -> tuple[int, bytes]:
    """Send a GET request to a path below a URL; return the status and the body.

    Raises: OSError, HTTPException, ValueError: the URL is malformed or the server does not answer.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"'{url}' is not a URL such as http://localhost:4242")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout_s)
    try:
        connection.request("GET", parts.path.rstrip("/") + path)
        response = connection.getresponse()
        return response.status, response.read(1_000_000)
    finally:
        connection.close()
