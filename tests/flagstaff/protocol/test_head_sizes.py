"""Limits on the data before the body."""

import socket

import pytest

from tests.flagstaff.protocol.connections import (
    CHUNKED,
    GET,
    connected,
    drip_on,
    get_of,
    read_all,
    read_one,
    refusal,
)
from tests.flagstaff.protocol.serving import HEAD_BYTES, Hasty, echo, served


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

    client.sendall(GET * count + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert [answer.status for answer in read_all(client)] == [200] * (count + 1)
