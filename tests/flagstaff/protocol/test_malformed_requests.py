"""Requests that are invalid HTTP or end early."""

import logging
import socket
import time

import pytest

from tests.flagstaff.protocol.connections import (
    CHUNKED,
    GET,
    read_all,
    read_one,
    refusal,
)
from tests.flagstaff.protocol.serving import (
    HEAD_DEADLINE_S,
)

NO_HTTP = {
    "garbage": b"garbage\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "length and chunks": CHUNKED[:-2] + b"Content-Length: 5\r\n\r\n0\r\n\r\n",
    "a chunk without a size": CHUNKED + b"xyz\r\n",
    "an address that is none": b"GET http://a:99999/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n",
    "a tunnel": b"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/0.9 by name": b"GET / HTTP/0.9\r\nHost: x\r\n\r\n",
    "HTTP/2.0 by name": b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "no host and a body": b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "the same host twice": b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
    "two hosts in HTTP/1.0": b"GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n",
    "a host with a path": b"GET / HTTP/1.1\r\nHost: x/y\r\n\r\n",
    "a host with a space": b"GET / HTTP/1.1\r\nHost: x y\r\n\r\n",
    "a host with a user": b"GET / HTTP/1.1\r\nHost: a@x\r\n\r\n",
    "a host with a port that is none": b"GET / HTTP/1.1\r\nHost: x:http\r\n\r\n",
    "a host in open brackets": b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
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
    assert not record.getMessage().endswith("(None)")


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


@pytest.mark.parametrize(
    "host",
    [
        "x",
        "x:80",
        "x:",
        "",
        "my_app.example.com:4242",
        "127.0.0.1:1",
        "[::1]",
        "[fe80::1%25eth0]:80",
    ],
)
def test_a_host_may_be_a_name_or_an_address_with_or_without_a_port(
    client: socket.socket, host: str
) -> None:
    client.sendall(GET.replace(b"x", host.encode()))

    assert read_one(client) == b"0"


def test_a_request_of_http_1_0_needs_no_host(client: socket.socket) -> None:
    client.sendall(b"GET / HTTP/1.0\r\n\r\n")

    (answer,) = read_all(client)
    assert (answer.status, answer.body) == (200, b"0")
