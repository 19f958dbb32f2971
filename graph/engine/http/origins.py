"""Check whether the origin of a page is this server's, or may call this server."""

import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.types import Scope

ANY_ORIGIN = "*"

_OTHER_SITES = frozenset({"cross-site", "same-site"})
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::[0-9]{1,5})?", re.ASCII)
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


@lru_cache(maxsize=256)
def parse_origin(value: str) -> Origin | None:
    """Parse an origin such as `https://example.com`; return None if the string is not an origin.

    A missing port becomes the default port of the scheme.
    """
    scheme, separator, authority = value.strip().partition("://")
    if not separator or not scheme or set(authority) & set("/?#@* \\"):
        return None
    scheme = scheme.lower()
    host_and_port = _parse_authority(authority)
    if host_and_port is None:
        return None
    host, port = host_and_port
    return Origin(scheme, host, _DEFAULT_PORTS.get(scheme) if port is None else port)


def parse_host(value: str) -> tuple[str, int | None] | None:
    """Return the host, in lower case and without brackets, and the port of a Host header.

    Return None if the header is not a name or an address with an optional port. IPv6 addresses must
    be in brackets.
    """
    return _parse_authority(value) if _HOST.fullmatch(value) else None


def is_listed(origin: str, origins: Collection[str]) -> bool:
    """Whether a list contains an origin; `*` matches all origins, including `null`."""
    if ANY_ORIGIN in origins:
        return True
    parsed = parse_origin(origin)
    return parsed is not None and any(parsed == parse_origin(listed) for listed in origins)


def is_foreign(scope: Scope, origins: Collection[str]) -> bool:
    """Whether a request comes from a page whose origin is not the server's and not in `origins`.

    Requests with neither `Origin` nor `Sec-Fetch-Site` do not come from a page. Scripts cannot set
    `Sec-Fetch-Site`, so its value `same-origin` is reliable even if a proxy changes `Host`.
    """
    if ANY_ORIGIN in origins:
        return False
    headers = Headers(scope=scope)
    sent, site = headers.getlist("origin"), headers.get("sec-fetch-site")
    if not sent:
        return site in _OTHER_SITES
    origin = parse_origin(sent[0])
    if len(sent) > 1 or origin is None:  # `null`, sent by sandboxed pages and local files
        return True
    own = site == "same-origin" or _is_own(origin, headers.get("host", ""), scope["scheme"])
    return not own and not is_listed(sent[0], origins)


def _is_own(origin: Origin, host: str, scheme: str) -> bool:
    """Whether an origin is the server's own; `host` is the request's Host header.

    The scheme of the request is certain only if a trusted proxy reports the scheme, or if the
    scheme is HTTPS. Otherwise the origin may be HTTP or HTTPS, because a proxy may terminate TLS. A
    port missing in `Host` is the default port of the origin's scheme.
    """
    if origin.scheme not in ("http", "https"):
        return False
    if scheme in ("https", "wss") and origin.scheme != "https":
        return False
    return origin == parse_origin(f"{origin.scheme}://{host}")


def _parse_authority(authority: str) -> tuple[str, int | None] | None:
    """Return the host, without brackets, and the port of `host:port`."""
    try:
        parts = urlsplit(f"//{authority}")
        host, port = parts.hostname, parts.port
        if not host:
            return None
        if ":" in host:
            return str(IPv6Address(host)), port
        # Browsers send international names in IDNA encoding.
        return host if host.isascii() else host.encode("idna").decode(), port
    except ValueError:
        return None
