"""Requests for an upgrade. All upgrades except WebSocket are answered in HTTP/1.1."""

import socket

import pytest

from tests.flagstaff.protocol.connections import GET, HANDSHAKE, read_all, read_one
from tests.flagstaff.protocol.serving import HEAD_BYTES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
UPGRADES = {
    "h2c": H2C,
    "WebSocket": b"Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n",
    "several": b"Connection: upgrade\r\nUpgrade: h2c, websocket\r\nUpgrade: x/1\r\n",
    "TLS": b"Upgrade: TLS/1.0\r\nConnection: Upgrade\r\n",
}
BODIES = {
    "length": b'Content-Length: 9\r\n\r\n{"a": 12}',
    "chunks": b'Transfer-Encoding: chunked\r\n\r\n4;x=y\r\n{"a"\r\n5\r\n: 12}\r\n0\r\nA: b\r\n\r\n',
}
LAST = GET[:-2] + b"Connection: close\r\n\r\n"


def head(method: str, headers: bytes, version: bytes = b"1.1") -> bytes:
    return b"%s / HTTP/%s\r\nHost: x\r\n%s" % (method.encode(), version, headers)


def send(client: socket.socket, request: bytes, *, part: int) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for begin in range(0, len(request), part):
        client.sendall(request[begin : begin + part])


@pytest.mark.parametrize("part", [1, 7, 1_000_000], ids=["bytes", "parts", "one packet"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("upgrade", UPGRADES.values(), ids=UPGRADES)
@pytest.mark.parametrize("method", METHODS)
def test_a_body_is_read_although_an_upgrade_is_requested(
    client: socket.socket, method: str, upgrade: bytes, body: bytes, part: int
) -> None:
    request = head(method, upgrade + body)

    send(client, request + request + LAST, part=part)

    answers = [(answer.status, answer.body) for answer in read_all(client)]
    assert answers == [(200, b"9"), (200, b"9"), (200, b"0")]


@pytest.mark.parametrize("part", [1, 1_000_000], ids=["bytes", "one packet"])
@pytest.mark.parametrize("upgrade", UPGRADES.values(), ids=UPGRADES)
def test_a_request_without_a_body_may_ask_for_an_upgrade_without_effect(
    client: socket.socket, upgrade: bytes, part: int, caplog: pytest.LogCaptureFixture
) -> None:
    in_vain = head("POST", upgrade + b"\r\n")

    send(client, in_vain + in_vain + LAST, part=part)

    answers = [(answer.status, answer.body) for answer in read_all(client)]
    assert answers == [(200, b"0")] * 3
    assert caplog.records == []


@pytest.mark.parametrize("part", [1, 1_000_000], ids=["bytes", "one packet"])
@pytest.mark.parametrize("upgrade", [H2C, HANDSHAKE], ids=["h2c", "WebSocket"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_http_1_0_knows_no_upgrade(
    client: socket.socket, method: str, upgrade: bytes, part: int
) -> None:
    send(client, head(method, upgrade + BODIES["length"], b"1.0"), part=part)

    (answer,) = read_all(client)
    assert (answer.status, answer.body) == (200, b"9")


def test_a_body_that_comes_in_a_later_packet_is_no_request(client: socket.socket) -> None:
    inner = GET
    length = b"Content-Length: %d\r\n\r\n" % len(inner)

    client.sendall(head("POST", H2C + b"Expect: 100-continue\r\n" + length))
    interim = client.recv(65_536)
    client.sendall(inner)
    client.sendall(LAST)

    answers = read_all(client)
    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert [answer.body for answer in answers] == [b"%d" % len(inner), b"0"]


def test_thousands_of_upgrades_in_one_packet_are_ignored(client: socket.socket) -> None:
    request = head("POST", H2C + BODIES["length"])

    client.sendall(request * 3_000 + LAST)

    assert [answer.body for answer in read_all(client)] == [b"9"] * 3_000 + [b"0"]


def test_a_connection_is_closed_where_the_ignored_upgrade_asks_for_it(
    client: socket.socket,
) -> None:
    client.sendall(
        head("POST", b"Connection: close, upgrade\r\nUpgrade: h2c\r\n" + BODIES["length"])
    )

    (answer,) = read_all(client)
    assert (answer.body, answer.headers["connection"]) == (b"9", "close")


@pytest.mark.parametrize("part", [1, 1_000_000], ids=["bytes", "one packet"])
@pytest.mark.parametrize(
    "connection",
    [b"", b"Connection: keep-alive\r\n", b"Content-Length: 0\r\n"],
    ids=["plain", "on two lines", "an empty body"],
)
def test_a_get_without_a_body_opens_a_websocket(
    client: socket.socket, connection: bytes, part: int
) -> None:
    client.sendall(GET)
    read_one(client)

    send(client, head("GET", HANDSHAKE + connection + b"\r\n"), part=part)

    assert client.recv(12) == b"HTTP/1.1 101"


def test_data_beyond_the_limit_of_heads_does_not_refuse_a_websocket(
    client: socket.socket,
) -> None:
    client.sendall(head("GET", HANDSHAKE + b"\r\n") + b"x" * HEAD_BYTES)

    assert client.recv(12) == b"HTTP/1.1 101"


@pytest.mark.parametrize("method", ["GET", *METHODS])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_websocket_with_a_body_is_an_ordinary_request(
    client: socket.socket, method: str, body: bytes
) -> None:
    client.sendall(head(method, HANDSHAKE + body) + LAST)

    assert [answer.body for answer in read_all(client)] == [b"9", b"0"]


@pytest.mark.parametrize("method", [item for item in METHODS if item != "GET"])
def test_only_a_get_opens_a_websocket(client: socket.socket, method: str) -> None:
    client.sendall(head(method, HANDSHAKE + b"\r\n") + LAST)

    assert [answer.body for answer in read_all(client)] == [b"0", b"0"]


def test_a_websocket_does_not_overtake_the_answer_to_an_earlier_request(
    client: socket.socket,
) -> None:
    late = GET.replace(b"/", b"/late", 1)

    client.sendall(late + head("GET", HANDSHAKE + b"\r\n") + LAST)

    assert [answer.status for answer in read_all(client)] == [200, 200, 200]


@pytest.mark.parametrize("upgrade", [H2C, HANDSHAKE], ids=["h2c", "WebSocket"])
def test_what_follows_an_ignored_upgrade_may_still_be_malformed(
    client: socket.socket, upgrade: bytes
) -> None:
    client.sendall(head("POST", upgrade + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"))

    (answer,) = read_all(client)
    assert (answer.status, answer.name) == (400, "BadDataError")
