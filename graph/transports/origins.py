"""Web origins: which pages belong to this server, and which others may call it."""

from collections.abc import Collection
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from msgspec import Struct
from starlette.datastructures import Headers

ANY_ORIGIN = "*"

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Origin(Struct, frozen=True):
    """A scheme, a host in lower case, and a port, as RFC 6454 compares them."""

    scheme: str
    host: str
    port: int | None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.port == _DEFAULT_PORTS.get(self.scheme):
            return f"{self.scheme}://{host}"
        return f"{self.scheme}://{host}:{self.port}"


def parse_origin(text: str) -> Origin | None:
    """The origin in a text such as `https://example.com`, None for anything else.

    A port that is left out is the default port of the scheme.
    """
    scheme, separator, authority = text.strip().partition("://")
    if not separator or not scheme or set(authority) & set("/?#@* \\"):
        return None
    scheme = scheme.lower()
    place = _parse_authority(authority)
    if place is None:
        return None
    host, port = place
    return Origin(scheme, host, _DEFAULT_PORTS.get(scheme) if port is None else port)


def is_foreign(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a request comes from a page of neither this server nor one of some origins.

    Requests without the header `Origin` come from no page of another origin.
    """
    header = headers.get("origin")
    if header is None or ANY_ORIGIN in origins:
        return False
    origin = parse_origin(header)
    if origin is None:  # `null`, as sandboxed pages and local files send it
        return True
    if origin in (parse_origin(it) for it in origins):
        return False
    # The scheme of a request says nothing here: a proxy may end TLS. The browser chose the port of
    # `Host` by the scheme of its page, so a port that is left out is the default of that scheme.
    return origin != parse_origin(f"{origin.scheme}://{headers.get('host', '')}")


def _parse_authority(authority: str) -> tuple[str, int | None] | None:
    """The host, without brackets, and the port of `host:port`."""
    try:
        parts = urlsplit(f"//{authority}")
        host, port = parts.hostname, parts.port
        if not host:
            return None
        if ":" in host:
            return str(IPv6Address(host)), port
        # Browsers send international names in this form.
        return host if host.isascii() else host.encode("idna").decode(), port
    except ValueError:
        return None
