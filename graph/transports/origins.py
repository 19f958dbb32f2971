"""Whose pages may open a socket: browsers let any page try, and say which one it is."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers


def is_foreign(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a request comes from a page of neither this server nor one of some origins."""
    origin = headers.get("origin")
    if origin is None or "*" in origins or origin in origins:
        return False
    # Behind a proxy the scheme may be another one than the browser's.
    return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
