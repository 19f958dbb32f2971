"""What a connection may send before the application sees a request, through raw sockets."""

import asyncio
import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import uvicorn
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from flagstaff.middleware import RequestIds
from flagstaff.protocol import LimitedProtocol
from tests.server import Server

HEAD_BYTES = 2_000
HEAD_DEADLINE_S = 0.15
IDLE_S = 0.6
PATIENCE_S = 1.5  # for slow machines; what drips would take ten seconds
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class Hasty(LimitedProtocol):
    """Limits that tests reach soon."""

    max_head_bytes = HEAD_BYTES
    head_deadline_s = HEAD_DEADLINE_S
    linger_s = 10


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the number of bytes in the body; /early at once, /late later than a head may."""
    size = 0
    if scope["path"] == "/late":
        await asyncio.sleep(1.5 * HEAD_DEADLINE_S)
    elif scope["path"] != "/early":
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message["body"])
            more = message["more_body"]
    body = b"%d" % size
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def served(
    app: ASGIApp, protocol: type[LimitedProtocol], *, idle_s: float = IDLE_S
) -> Iterator[int]:
    """Serves on the loop that is used in production, in a thread; gives the port."""
    config = uvicorn.Config(app, http=protocol, ws="none", lifespan="off", log_config=None)
    config.timeout_keep_alive = idle_s  # pyright: ignore[reportAttributeAccessIssue] # seconds like any other
    ports: list[int] = []
    started = threading.Event()
    stop: list[Callable[[], Any]] = []

    async def serve() -> None:
        state, loop, ended = ServerState(), asyncio.get_running_loop(), asyncio.Event()
        server = await loop.create_server(
            lambda: protocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        ports.append(server.sockets[0].getsockname()[1])
        stop.append(lambda: loop.call_soon_threadsafe(ended.set))
        started.set()
        await ended.wait()
        server.close()

    thread = threading.Thread(target=lambda: uvloop.run(serve()))
    thread.start()
    assert started.wait(5)
    try:
        yield ports[0]
    finally:
        stop[0]()
        thread.join(5)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(RequestIds(echo), Hasty) as port:
        yield port


@pytest.fixture
def client(port: int) -> Iterator[socket.socket]:
    with connected(port) as connection:
        yield connection


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def name(self) -> str:
        """The name of the error in the body."""
        return json.loads(self.body)["name"]


def read_all(client: socket.socket) -> list[Answer]:
    """The answers until the server has closed the connection."""
    received = bytearray()
    while data := client.recv(65_536):
        received += data
    answers: list[Answer] = []
    while received:
        head, _, rest = bytes(received).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        length = int(headers["content-length"])
        answers.append(Answer(int(first.split()[1]), headers, rest[:length]))
        received = bytearray(rest[length:])
    return answers


def read_one(client: socket.socket) -> bytes:
    """The body of an answer after which the connection stays open."""
    received = client.recv(65_536)
    assert received.startswith(b"HTTP/1.1 200 ")
    return received.partition(b"\r\n\r\n")[2]


def refusal(client: socket.socket) -> Answer:
    """The one answer before the end, in the form of our errors."""
    (answer,) = read_all(client)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["connection"] == "close"
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-f]+", answer.headers["x-request-id"])
    assert json.loads(answer.body).keys() == {"id", "name", "message", "details"}
    return answer


def drip(client: socket.socket, data: bytes) -> float:
    """Send byte after byte until the server hangs up; the seconds that took."""
    start = time.monotonic()
    client.settimeout(0.02)
    for byte in data:
        try:
            client.sendall(bytes([byte]))
            client.recv(1, socket.MSG_PEEK)
            break
        except TimeoutError:
            continue
        except OSError:
            break
    client.settimeout(5)
    return time.monotonic() - start


def drip_on(client: socket.socket) -> None:
    """Send byte after byte, up to two seconds long, whatever the server says."""
    for _ in range(100):
        client.sendall(b"x")
        time.sleep(0.02)


def get_of(size: int) -> bytes:
    """A request whose head has a size."""
    frame = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n"
    return frame % (b"a" * (size - len(frame) + 2))


@pytest.mark.parametrize("part", [10_000, 700, 100])
def test_a_head_of_the_largest_size_is_taken(client: socket.socket, part: int) -> None:
    request = get_of(HEAD_BYTES)

    for begin in range(0, len(request), part):
        client.sendall(request[begin : begin + part])

    assert read_one(client) == b"0"


HEADS_TOO_LARGE = {
    "one byte": get_of(HEAD_BYTES + 1),
    "a long value": get_of(150_000),
    "a long path": b"GET /%s HTTP/1.1\r\n\r\n" % (b"a" * HEAD_BYTES),
    "a long name": b"GET / HTTP/1.1\r\n%s: x\r\n\r\n" % (b"a" * HEAD_BYTES),
    "many headers": b"GET / HTTP/1.1\r\n%s\r\n" % (b"A: b\r\n" * 1_000),
    "blanks": b"GET / HTTP/1.1\r\nA:%sb\r\n\r\n" % (b" " * HEAD_BYTES),
    "without an end": b"GET / HTTP/1.1\r\nA: " + b"b" * HEAD_BYTES,
    "trailers": CHUNKED + b"1\r\nx\r\n0\r\nA: " + b"b" * 2 * HEAD_BYTES,
    "the extension of a chunk": CHUNKED + b"1;" + b"b" * 2 * HEAD_BYTES,
}


@pytest.mark.parametrize("request_", HEADS_TOO_LARGE.values(), ids=HEADS_TOO_LARGE)
@pytest.mark.parametrize("part", [1_000_000, 500])
def test_a_head_beyond_the_limit_is_431(client: socket.socket, request_: bytes, part: int) -> None:
    for begin in range(0, len(request_), part):
        client.sendall(request_[begin : begin + part])

    answer = refusal(client)
    assert (answer.status, answer.name) == (431, "HeaderFieldsTooLargeError")


def test_the_limit_holds_for_later_requests_of_a_connection(client: socket.socket) -> None:
    for _ in range(3):
        client.sendall(get_of(HEAD_BYTES))
        assert read_one(client) == b"0"

    client.sendall(get_of(HEAD_BYTES + 1))

    assert refusal(client).status == 431


def test_who_sends_60_mb_of_header_sees_the_answer(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nA: " + b"b" * 60_000_000

    with connected(port) as client:
        client.sendall(request)

        assert refusal(client).status == 431


def test_a_refused_client_that_goes_on_is_cut_off() -> None:
    class Brief(Hasty):
        linger_s = 0.1

    with served(echo, Brief) as port, connected(port) as client:
        client.sendall(get_of(HEAD_BYTES + 1))
        refusal(client)
        with pytest.raises(ConnectionError):
            drip_on(client)


def test_a_body_is_no_head(client: socket.socket) -> None:
    size = 100 * HEAD_BYTES
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size

    client.sendall(head + b"x" * size)
    declared = read_one(client)
    client.sendall(CHUNKED + b"1\r\nx\r\n" * size + b"0\r\nSome: trailer\r\n\r\n")
    chunked = read_one(client)

    assert declared == chunked == b"%d" % size


def test_pipelined_requests_are_no_long_head(client: socket.socket) -> None:
    count = 10 * HEAD_BYTES // len(GET)

    client.sendall(GET * count + b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert [answer.status for answer in read_all(client)] == [200] * (count + 1)


def test_a_head_that_drips_is_408_at_the_deadline(client: socket.socket) -> None:
    spent = drip(client, get_of(500))

    answer = refusal(client)
    assert (answer.status, answer.name) == (408, "RequestTimeoutError")
    assert 0.9 * HEAD_DEADLINE_S < spent < PATIENCE_S


def test_a_later_head_has_a_deadline_of_its_own(client: socket.socket) -> None:
    client.sendall(GET)
    read_one(client)
    time.sleep(1.5 * HEAD_DEADLINE_S)

    spent = drip(client, get_of(500))

    assert refusal(client).status == 408
    assert 0.9 * HEAD_DEADLINE_S < spent < PATIENCE_S


@pytest.mark.parametrize("sent", [b"", b"\r\n" * 500], ids=["nothing", "empty lines"])
def test_a_connection_without_a_request_is_closed_at_the_deadline(
    client: socket.socket, sent: bytes
) -> None:
    spent = drip(client, sent)

    assert read_all(client) == []
    assert spent < PATIENCE_S


def test_a_head_in_parts_that_comes_in_time_is_taken(client: socket.socket) -> None:
    for part in (GET[:5], GET[5:20], GET[20:]):
        time.sleep(0.01)
        client.sendall(part)

    assert read_one(client) == b"0"
    time.sleep(1.5 * HEAD_DEADLINE_S)
    client.sendall(GET)
    assert read_one(client) == b"0"


def test_an_idle_connection_may_stay_as_long_as_uvicorn_says(client: socket.socket) -> None:
    client.sendall(GET)
    read_one(client)
    start = time.monotonic()

    rest = read_all(client)

    assert rest == []
    assert 0.9 * IDLE_S < time.monotonic() - start < PATIENCE_S


def test_the_deadline_of_a_head_does_not_hurry_answers(client: socket.socket) -> None:
    late = GET.replace(b"/", b"/late", 1)

    client.sendall(late + GET[:10])
    first = read_one(client)
    client.sendall(GET[10:])

    assert first == b"0"
    assert read_one(client) == b"0"


def test_the_time_to_be_idle_does_not_cut_a_pipelined_request() -> None:
    late = GET.replace(b"/", b"/late", 1)

    with served(echo, Hasty, idle_s=0.5 * HEAD_DEADLINE_S) as port, connected(port) as client:
        client.sendall(late + late[:10])
        first = read_one(client)
        client.sendall(late[10:])
        second = read_one(client)

    assert first == second == b"0"


def test_a_body_that_drips_after_its_answer_does_not_keep_the_connection(
    client: socket.socket,
) -> None:
    client.sendall(b"POST /early HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")
    read_one(client)

    spent = drip(client, b"x" * 500)

    assert 0.5 * IDLE_S < spent < PATIENCE_S


NO_HTTP = {
    "garbage": b"garbage\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "length and chunks": CHUNKED[:-2] + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "a chunk without a size": CHUNKED + b"xyz\r\n",
    "an address that is none": b"GET http://a:99999/ HTTP/1.1\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n",
}


@pytest.mark.parametrize("sent", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_http_is_400_and_logged_for_debugging_only(
    client: socket.socket, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    client.sendall(sent)

    answer = refusal(client)
    assert (answer.status, answer.name) == (400, "BadDataError")
    (record,) = [record for record in caplog.records if record.name != "asyncio"]
    assert (record.name, record.levelname) == ("flagstaff.protocol", "DEBUG")


def test_a_broken_body_ends_its_request(
    client: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    chunk = b"%x\r\n%s\r\n" % (70_000, b"x" * 70_000)

    client.sendall(CHUNKED.replace(b"/", b"/late", 1) + chunk + b"xyz\r\n" + 100 * chunk)

    assert refusal(client).status == 400
    time.sleep(2 * HEAD_DEADLINE_S)
    assert caplog.records == []


def test_a_refused_request_keeps_its_own_sane_id(client: socket.socket) -> None:
    client.sendall(b"GET / HTTP/1.1\r\nX-Request-Id: trace-7\r\nHost: x\r\nBad header\r\n\r\n")

    (answer,) = read_all(client)
    assert (answer.status, answer.headers["x-request-id"]) == (400, "trace-7")


def test_earlier_requests_are_answered_before_a_refused_one_ends_the_connection(
    client: socket.socket,
) -> None:
    client.sendall(GET.replace(b"/", b"/late", 1) + GET + b"garbage\r\n\r\n")

    answers = read_all(client)
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"0"), (200, b"0")]


def test_an_answered_request_is_not_answered_again(client: socket.socket) -> None:
    client.sendall(CHUNKED.replace(b"/", b"/early", 1))
    first = read_one(client)

    client.sendall(b"xyz\r\n")

    assert first == b"0"
    assert read_all(client) == []


def test_an_upgrade_that_is_not_known_is_ignored_in_silence(
    client: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    client.sendall(GET[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")

    assert read_one(client) == b"0"
    assert caplog.records == []


@pytest.mark.slow
def test_the_server_is_limited_as_its_settings_say(serve: Callable[..., Server]) -> None:
    server = serve(FLAGSTAFF_MAX_HEAD_BYTES="5000", FLAGSTAFF_LOG_LEVEL="debug")
    address = urlsplit(server.url)

    def ask(request: bytes) -> Answer:
        with connected(address.port or 80) as client:
            client.sendall(request)
            return refusal(client)

    too_large = ask(get_of(5_001))
    malformed = ask(b"garbage\r\n\r\n")

    assert (too_large.status, malformed.status) == (431, 400)
    server.stop()
    log = server.log
    assert "WARNING" not in log
    assert f"[{malformed.headers['x-request-id']}] flagstaff.protocol" in log
