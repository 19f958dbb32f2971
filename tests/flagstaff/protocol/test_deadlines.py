"""The time limits for receiving a request, and for idle connections."""

import socket
import time

import pytest

from tests.flagstaff.protocol.connections import (
    GET,
    connected,
    drip,
    get_of,
    read_all,
    read_one,
    refusal,
)
from tests.flagstaff.protocol.serving import HEAD_DEADLINE_S, Hasty, echo, served

# Sending this number of bytes one by one takes ten seconds.
LONG = 500


def test_a_head_that_drips_is_408_at_the_deadline(client: socket.socket) -> None:
    sent = drip(client, get_of(LONG))

    answer = refusal(client)
    assert (answer.status, answer.name) == (408, "RequestTimeoutError")
    assert 1 < sent < LONG


def test_a_later_head_has_a_deadline_of_its_own(client: socket.socket) -> None:
    client.sendall(GET)
    read_one(client)
    time.sleep(1.5 * HEAD_DEADLINE_S)

    sent = drip(client, get_of(LONG))

    assert refusal(client).status == 408
    assert 1 < sent < LONG


@pytest.mark.parametrize("data", [b"", b"\r\n" * LONG], ids=["nothing", "empty lines"])
def test_a_connection_without_a_request_is_closed_at_the_deadline(
    client: socket.socket, data: bytes
) -> None:
    sent = drip(client, data)

    assert read_all(client) == []
    assert sent < LONG


def test_a_head_in_parts_that_comes_in_time_is_taken(client: socket.socket) -> None:
    for part in (GET[:5], GET[5:20], GET[20:]):
        time.sleep(0.01)
        client.sendall(part)

    assert read_one(client) == b"0"
    time.sleep(1.5 * HEAD_DEADLINE_S)
    client.sendall(GET)
    assert read_one(client) == b"0"


@pytest.mark.thorough
def test_an_idle_connection_may_stay_as_long_as_uvicorn_says() -> None:
    with served(echo, Hasty) as port, connected(port) as idle:
        idle.sendall(GET)
        read_one(idle)
        with connected(port) as silent:
            assert read_all(silent) == []

        # This connection is open for longer than a newer connection that sent nothing.
        idle.sendall(GET)
        assert read_one(idle) == b"0"
        assert read_all(idle) == []


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


@pytest.mark.thorough
def test_a_body_that_drips_after_its_answer_does_not_keep_the_connection(
    client: socket.socket,
) -> None:
    client.sendall(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
    read_one(client)

    sent = drip(client, b"x" * LONG)

    assert 1 < sent < LONG
