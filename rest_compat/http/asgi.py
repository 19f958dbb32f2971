"""ASGI types, and access to the headers and the client of a scope."""

from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

# Under this key, a scope caches its headers by name.
_HEADERS_KEY = "flagstaff.headers"


def client_address(scope: Scope) -> str | None:
    """Return the client address of a request, or None if the address is unknown."""
    client = scope.get("client")
    return client[0] if client else None


def header_of(scope: Scope, name: bytes) -> str | None:
    """Return the value of a header, decoded as Latin-1; several values are joined by commas."""
    headers: Mapping[bytes, bytes] = scope.get(_HEADERS_KEY) or headers_of(scope)
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """Return the headers by name; several values are joined by a comma and a space."""
    headers: Mapping[bytes, bytes] | None = scope.get(_HEADERS_KEY)
    if headers is None:
        headers = scope[_HEADERS_KEY] = _join_headers(scope["headers"])
    return headers


def _join_headers(headers: Collection[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    joined = dict(headers)
    if len(joined) < len(headers):
        joined.clear()
        for name, value in headers:
            joined[name] = joined[name] + b", " + value if name in joined else value
    return joined
