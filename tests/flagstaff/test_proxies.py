"""Only trusted proxies may set the address of a client."""

import logging
import re
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from select import select
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from flagstaff.app import compose
from flagstaff.proxies import Client, ProxyHeaders, TrustedProxies
from flagstaff.server import configure_uvicorn
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError, load_settings
from store import Store
from tests.flagstaff.protocol.connections import HANDSHAKE, connected, refusal
from tests.flagstaff.protocol.serving import Hasty, echo, served
from tests.server import ForkedServer
from tests.waiting import wait_until

PEER = ("10.0.0.1", 5000)
SCOPE: Mapping[str, Any] = {"type": "http", "scheme": "http", "client": PEER, "headers": []}


def client_of(
    forwarded: str, *, trusted: str = "10.0.0.0/8", peer: Client | None = PEER
) -> Client | None:
    """Return the client according to the headers of a proxy. Each string is a header line."""
    lines = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded.split("\n")]
    return TrustedProxies(trusted.split(",")).client(peer, [(b"host", b"x"), *lines])


async def seen(headers: list[tuple[bytes, bytes]], trusted: str, **scope: Any) -> Scope:
    """The scope that an application behind the layer receives."""
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)

    async def nothing(*_: Any) -> Any:
        raise AssertionError("nothing is sent or received")

    layer = ProxyHeaders(app, TrustedProxies(trusted.split(",")))
    await layer({**SCOPE, "headers": headers, **scope}, nothing, nothing)
    return scopes[0]


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.7", ("203.0.113.7", 0)),
        ("198.51.100.1, 203.0.113.7", ("203.0.113.7", 0)),
        ("203.0.113.7, 10.9.9.9, 10.0.0.2", ("203.0.113.7", 0)),
        ("198.51.100.1\n203.0.113.7\n10.0.0.2", ("203.0.113.7", 0)),
        ("198.51.100.1,203.0.113.7 ,, \t10.0.0.2,", ("203.0.113.7", 0)),
        ("10.1.1.1, 10.2.2.2", ("10.1.1.1", 0)),
        ("203.0.113.7:5678", ("203.0.113.7", 5678)),
        ("203.0.113.7:5678, 10.0.0.2:80", ("203.0.113.7", 5678)),
        ("2001:DB8::0:1", ("2001:db8::1", 0)),
        ("[2001:db8::1]", ("2001:db8::1", 0)),
        ("[2001:db8::1]:443", ("2001:db8::1", 443)),
        ("::ffff:203.0.113.7", ("203.0.113.7", 0)),
        ("203.0.113.7, ::ffff:10.0.0.2", ("203.0.113.7", 0)),
        ("203.0.113.7, [::ffff:a00:2]:80", ("203.0.113.7", 0)),
        ("", PEER),
        (" , ,", PEER),
    ],
)
def test_the_rightmost_address_that_is_not_trusted_is_the_client(
    forwarded: str, client: Client
) -> None:
    assert client_of(forwarded) == client


@pytest.mark.parametrize(
    "garbage",
    [
        *("unknown", "_hidden", "example.com", "<script>", "ü", "1.2.3", "1.2.3.256", "1.2.3.4.5"),
        *("1.2.3.4:", "1.2.3.4:x", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:123456", "1.2.3.4/32"),
        *("[::1", "::1]", "[::1]80", "[::1]:", "[]", "[]:80", "1:2", ":::", "fe80::1%eth0"),
        *('"203.0.113.7"', "for=203.0.113.7", "1.2.3.4 5.6.7.8", "٣.1.1.1", "9" * 30_000),
    ],
)
def test_what_is_no_address_makes_the_proxy_that_passed_it_on_the_client(garbage: str) -> None:
    text = garbage.encode().decode("latin-1")

    assert client_of(text) == PEER
    assert client_of(f"203.0.113.7, {text}") == PEER
    assert client_of(f"203.0.113.7, {text}, 10.0.0.2") == ("10.0.0.2", 0)
    assert client_of(f"{text}, 203.0.113.7") == ("203.0.113.7", 0)


@pytest.mark.parametrize(
    ("trusted", "peer"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.0/24,fd00::/8", "10.0.0.77"),
        ("10.0.0.0/24,fd00::/8", "fd12::9"),
        ("::1", "0:0::1"),
        ("127.0.0.0/8", "::ffff:127.0.0.1"),
        ("fe80::/10", "fe80::1%2"),
        ("0.0.0.0/0", "198.51.100.200"),
    ],
)
def test_proxies_are_trusted_by_address_and_by_network(trusted: str, peer: str) -> None:
    assert TrustedProxies(trusted.split(",")).trusts((peer, 80))


@pytest.mark.parametrize(
    ("trusted", "peer"),
    [
        ("10.0.0.1", "10.0.0.2"),
        ("10.0.0.0/24", "10.0.1.1"),
        ("10.0.0.0/24", "::1"),
        ("unix", "127.0.0.1"),
        ("unix", "unix"),
        ("10.0.0.0/8", "testclient"),
        ("10.0.0.0/8", ""),
    ],
)
def test_nobody_else_chooses_an_address(trusted: str, peer: str) -> None:
    assert client_of("203.0.113.7", trusted=trusted, peer=(peer, 80)) == (peer, 80)


def test_peers_on_a_unix_socket_are_trusted_by_that_word_only() -> None:
    assert client_of("203.0.113.7", trusted="unix", peer=None) == ("203.0.113.7", 0)
    assert client_of("203.0.113.7", trusted="0.0.0.0/0,::/0", peer=None) is None


@pytest.mark.parametrize(
    ("protos", "type", "scheme"),
    [
        ([], "http", "http"),
        ([b"https"], "http", "https"),
        ([b"HTTPS"], "http", "https"),
        ([b"http, https"], "http", "https"),
        ([b"http", b"https"], "http", "https"),
        ([b"https", b"gopher"], "http", "http"),
        ([b""], "http", "http"),
        ([b"https"], "websocket", "wss"),
        ([b"wss"], "websocket", "wss"),
        ([b"wss"], "http", "https"),
    ],
)
async def test_the_scheme_is_what_the_nearest_trusted_proxy_reports(
    protos: list[bytes], type: str, scheme: str
) -> None:
    headers = [(b"x-forwarded-proto", proto) for proto in protos]
    given = "ws" if type == "websocket" else "http"

    trusted = await seen(headers, "10.0.0.1", type=type, scheme=given)
    foreign = await seen(headers, "10.0.0.2", type=type, scheme=given)

    assert trusted["scheme"] == scheme
    assert foreign["scheme"] == given


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("10.0.0.300", "neither an address such as"),
        ("proxy.example.com", "neither an address such as"),
        ("*", "neither an address such as"),
        ("Unix", "neither an address such as"),
        ("10.0.0.1:80", "neither an address such as"),
        ("10.0.0.0/33", "neither an address such as"),
        ("10.0.0.1/8", "the network is 10.0.0.0/8"),
        ("fd00::1/8", "the network is fd00::/8"),
    ],
)
def test_a_name_that_is_no_proxy_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, rule: str
) -> None:
    monkeypatch.setenv("FLAGSTAFF_TRUSTED_PROXIES", f"127.0.0.1, {name}")

    with pytest.raises(
        SettingsError, match=re.escape(f"FLAGSTAFF_TRUSTED_PROXIES: '{name}' is ")
    ) as error:
        load_settings()

    assert rule in str(error.value)


def test_uvicorn_trusts_nobody_and_keeps_connections_as_long_as_the_settings_say() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None: ...

    default = configure_uvicorn(app, Settings())
    given = configure_uvicorn(app, Settings(keep_alive_s=20, trusted_proxies=("unix",)))
    given.load()

    assert (default.timeout_keep_alive, given.timeout_keep_alive) == (75, 20)
    assert not default.proxy_headers
    assert given.loaded_app is app


@pytest.mark.parametrize(
    ("trusted", "address"), [((), "127.0.0.1"), (("127.0.0.0/8",), "203.0.113.7")]
)
async def test_everything_that_uses_an_address_agrees_on_it(
    store: Store, trusted: tuple[str, ...], address: str
) -> None:
    app = compose(store, Settings(auth="none", trusted_proxies=trusted))
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    transport = httpx.ASGITransport(app)
    constraint = {"contextName": "remoteAddress", "operator": "IN", "values": ["203.0.113.7"]}
    feature = {
        "name": "by-address",
        "strategies": [{"name": "default", "constraints": [constraint]}],
        "enabled": True,
    }
    registration = {
        "appName": "shop",
        "instanceId": "one",
        "strategies": [],
        "started": "2026-10-01T12:00:00.000Z",
        "interval": 10_000,
    }

    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", headers=headers
    ) as client:
        state = {"version": 1, "features": [feature]}
        imported = await client.post("/api/admin/state/import", json=state)
        evaluated = await client.get("/api/frontend")
        registered = await client.post("/api/client/register", json=registration)
        await store.aggregate_now()
        applications = await client.get("/api/admin/metrics/applications")
        application = await client.get("/api/admin/metrics/applications/shop")

    assert (imported.status_code, registered.status_code) == (202, 202)
    toggles = [toggle["name"] for toggle in evaluated.json()["toggles"]]
    assert toggles == (["by-address"] if trusted else [])
    assert applications.json()["applications"][0]["createdBy"] == address
    assert [instance["clientIp"] for instance in application.json()["instances"]] == [address]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("trusted", "closed"), [("", [True, True, False]), ("127.0.0.1", [False, True, False])]
)
def test_silent_sockets_are_limited_by_the_address_that_counts(
    tmp_path: Path, trusted: str, closed: list[bool]
) -> None:
    variables = {"FLAGSTAFF_MAX_SOCKETS_PER_ADDRESS": "1", "FLAGSTAFF_TRUSTED_PROXIES": trusted}
    sockets: list[socket.socket] = []

    with ForkedServer(tmp_path, **variables) as server, ExitStack() as opened:
        for address in (b"203.0.113.1", b"203.0.113.2", b"203.0.113.2"):
            client = opened.enter_context(connected(urlsplit(server.url).port or 80))
            client.sendall(
                b"GET /graphql HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Protocol: graphql-transport-ws"
                b"\r\nX-Forwarded-For: %s\r\n%s\r\n" % (address, HANDSHAKE)
            )
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += client.recv(1)
            assert head.startswith(b"HTTP/1.1 101 ")
            sockets.append(client)
        # If an address has the maximum number of sockets, it must close a socket before it can open
        # another socket.
        server.request("GET", "/health")

        def readable() -> list[bool]:
            found, _, _ = select(sockets, [], [], 0)
            return [item in found for item in sockets]

        wait_until(lambda: readable() == closed)


def test_the_log_of_refused_requests_names_the_address_that_counts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Behind(Hasty):
        proxies = TrustedProxies(("127.0.0.1",))

    caplog.set_level(logging.DEBUG, "flagstaff")

    with served(echo, Behind) as port, connected(port) as client:
        client.sendall(b"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")
        refusal(client)

    assert (
        "Refused a request from 203.0.113.7: A request must have exactly one Host header"
        in caplog.text
    )
