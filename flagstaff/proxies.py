"""Find the address of a client behind trusted proxies."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

# This name represents all peers on Unix sockets, because these peers have no address.
UNIX = "unix"

Headers: TypeAlias = Iterable[tuple[bytes, bytes]]
# An address and a port. The port is 0 if the proxy does not report a port.
Client: TypeAlias = tuple[str, int]

_FORWARDED_FOR = b"x-forwarded-for"
_FORWARDED_PROTO = b"x-forwarded-proto"
# Maps each value that proxies send to the scheme of an HTTP scope in ASGI.
_SCHEMES = {b"http": "http", b"https": "https", b"ws": "http", b"wss": "https"}
# Matches `ADDRESS`, `IPV4:PORT`, `[IPV6]` or `[IPV6]:PORT`.
_ENTRY = re.compile(
    r"(?:\[(?P<bracketed>[0-9A-Fa-f:.]+)\]|(?P<ipv4>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?"
    r"|(?P<ipv6>[0-9A-Fa-f:.]+)"
)
_MAX_PORT = 65_535


class TrustedProxies:
    """The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` headers are trusted.

    `names` are addresses, networks or the word `unix`, which `check_proxy` has accepted.
    """

    def __init__(self, names: Iterable[str]) -> None:
        names = frozenset(names)
        self._unix = UNIX in names
        self._networks = tuple(ip_network(name) for name in names if name != UNIX)
        self._trusts_address = lru_cache(maxsize=1024)(self._is_in_a_network)

    def __bool__(self) -> bool:
        return self._unix or bool(self._networks)

    def trusts(self, peer: Client | None) -> bool:
        """Whether the headers of a peer are trusted.

        A peer on a Unix socket has the address None.
        """
        return self._unix if peer is None else self._trusts_address(peer[0])

    def client(self, peer: Client | None, headers: Headers) -> Client | None:
        """Return the client of a request that arrived from a peer.

        The client is the rightmost untrusted address in `X-Forwarded-For`. If all addresses are
        trusted, the client is the leftmost address. If an entry is not an address, the client is
        the proxy that added this entry.
        """
        if not self.trusts(peer):
            return peer
        client = peer
        for address in _parse_forwarded(headers):
            if address is None:
                break
            client = address
            if not self._trusts_address(address[0]):
                break
        return client

    def _is_in_a_network(self, name: str) -> bool:
        try:
            address = _unmap(ip_address(name))
        except ValueError:
            return False
        return any(address in network for network in self._networks)


class ProxyHeaders:
    """Gives each request the address and the scheme that trusted proxies report."""

    def __init__(self, app: ASGIApp, proxies: TrustedProxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request."""
        if scope["type"] in ("http", "websocket"):
            peer: Client | None = scope.get("client")
            if self._proxies.trusts(peer):
                client = self._proxies.client(peer, scope["headers"])
                scope = {**scope, "client": client, "scheme": _scheme(scope)}
        await self._app(scope, receive, send)


def check_proxy(name: str) -> None:
    """Check that a string is an address, a network or the word `unix`.

    Raises: ValueError: the message names the broken rule.
    """
    if name == UNIX:
        return
    try:
        ip_network(name)
    except ValueError:
        pass
    else:
        return
    try:
        network = ip_network(name, strict=False)
    except ValueError:
        raise ValueError(
            f"'{name}' is neither an address such as 10.0.0.7 or fd00::7, nor a network such as "
            f"10.0.0.0/8, nor the word {UNIX}"
        ) from None
    raise ValueError(f"'{name}' is an address inside a network; the network is {network}")


def _parse_forwarded(headers: Headers) -> Iterable[Client | None]:
    """Yield the addresses in `X-Forwarded-For`, newest first; None for an invalid entry."""
    lines = [value for name, value in headers if name == _FORWARDED_FOR]
    for line in reversed(lines):
        for part in reversed(line.decode("latin-1").split(",")):
            if entry := part.strip():
                yield _parse_entry(entry)


def _parse_entry(entry: str) -> Client | None:
    """Parse an entry of `X-Forwarded-For`. Return None if the entry is not an address."""
    found = _ENTRY.fullmatch(entry)
    if found is None:
        return None
    port = int(found["port"] or 0)
    if port > _MAX_PORT:
        return None
    try:
        address = ip_address(found["bracketed"] or found["ipv4"] or found["ipv6"])
    except ValueError:
        return None
    return str(_unmap(address)), port


def _unmap(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _scheme(scope: Scope) -> str:
    """Return the scheme that the nearest proxy reports; by default the connection's scheme."""
    given: str = scope.get("scheme", "http")
    lines = [value for name, value in scope["headers"] if name == _FORWARDED_PROTO]
    if not lines:
        return given
    reported = _SCHEMES.get(lines[-1].rpartition(b",")[2].strip().lower())
    if reported is None:
        return given
    return reported.replace("http", "ws") if scope["type"] == "websocket" else reported
