"""Check the values of settings, and convert them to one form."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from graph.engine.http.origins import ANY_ORIGIN, parse_origin
from store.database_url import async_url

# A base path consists of segments with characters that URLs do not encode.
_PATH = re.compile(r"(?:/(?!\.\.?(?:/|$))[A-Za-z0-9._~-]+)*")


def parse_database_url(value: str) -> URL:
    """Return a database URL with its driver.

    Raises: ValueError: the value is not the URL of a supported database.
    """
    try:
        url = make_url(async_url(value))
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise ValueError("this is not a database URL such as sqlite:///flagstaff.db") from None
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"'{backend}' is not a supported database: use sqlite or postgresql")
    return url


def check_sqlite_file(file: str | None) -> None:
    """Check that a file can be created.

    Raises: ValueError: no file is named, or its folder does not exist.
    """
    if not file or file == ":memory:":
        raise ValueError("SQLite needs a file, as in sqlite:///flagstaff.db")
    folder = Path(file).parent
    if not folder.is_dir():
        raise ValueError(f"the folder '{folder}' of the SQLite file does not exist")


def canonical_origin(value: str) -> str:
    """Return an origin in the form that browsers send. Return `*` unchanged.

    Raises: ValueError.
    """
    if value == ANY_ORIGIN:
        return value
    origin = parse_origin(value)
    if origin is None:
        raise ValueError(f"'{value}' is not an origin such as https://example.com")
    return str(origin)


def canonical_url(value: str) -> str:
    """Return a URL without a slash at its end.

    Raises: ValueError.
    """
    try:
        parts = urlsplit(value)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    else:
        is_valid = is_valid and not (parts.query or parts.fragment or "@" in parts.netloc)
    if not is_valid or re.search(r"\s", value):
        raise ValueError("this is not a URL such as https://flags.example.com")
    return value.rstrip("/")


def canonical_path(value: str) -> str:
    """Return a path with a slash at its beginning and none at its end; empty for the root.

    Raises: ValueError.
    """
    path = f"/{value.strip('/')}" if value.strip("/") else ""
    if not _PATH.fullmatch(path):
        raise ValueError(
            f"'{value}' is not a path such as /flags, of letters, digits and the characters -._~"
        )
    return path
