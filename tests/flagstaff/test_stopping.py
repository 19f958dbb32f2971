"""Signals end a server regardless of its clients. Disconnected clients are logged."""

import resource
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.flagstaff.protocol.connections import connected, read_all
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, END_DEADLINE_S, TOKENS, ForkedServer
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

LARGE = f"GET /schema.graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: {ADMIN_TOKEN}\r\n\r\n"
# The schema has a hundred kilobytes. Kernels buffer a few megabytes of unread data.
MAX_REQUESTS = 500


@contextmanager
def silent_client(url: str) -> Iterator[socket.socket]:
    """A client that sends requests until all buffers are full, but reads only one byte."""
    address = urlsplit(url)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(END_DEADLINE_S)
        client.connect((address.hostname, address.port))
        client.sendall(LARGE.encode() * MAX_REQUESTS)
        assert client.recv(1) == b"H"
        yield client


def test_sighup_ends_a_server_as_sigterm_does(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server:
        assert server.stop(signal.SIGHUP) == 0


def wait_until_stopping(url: str) -> None:
    """Return as soon as the server accepts no new connections."""
    address = urlsplit(url)

    def is_refused() -> bool:
        try:
            socket.create_connection((address.hostname or "", address.port or 0)).close()
        except ConnectionError:
            return True
        return False

    wait_until(is_refused)


def test_a_client_that_does_not_read_is_cut_off_by_a_second_ctrl_c(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server, silent_client(server.url):
        server.send(signal.SIGINT)
        wait_until_stopping(server.url)

        assert server.stop(signal.SIGINT) == 0
        assert "timeout graceful shutdown exceeded" not in server.log


@pytest.mark.thorough
def test_a_client_that_does_not_read_is_cut_off_in_the_end(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server, silent_client(server.url):
        assert server.stop(signal.SIGINT) == 0
        assert "Traceback" not in server.log


@pytest.mark.thorough
def test_requests_that_arrive_before_the_end_are_answered(tmp_path: Path) -> None:
    poll = f"GET /api/client/features HTTP/1.1\r\nHost: x\r\nAuthorization: {CLIENT_TOKEN}\r\n\r\n"
    with ForkedServer(tmp_path, **TOKENS) as server:
        address = urlsplit(server.url)
        port = address.port or 0
        with connected(port) as used, connected(port) as silent:
            used.sendall(poll.encode())
            assert used.recv(65_536).startswith(b"HTTP/1.1 200 ")
            # The server has read none of the following when it learns that it should stop.
            server.send(signal.SIGSTOP)
            with connected(port) as new:
                used.sendall(poll.encode())
                new.sendall(poll.encode())
                server.send(signal.SIGTERM)
                server.send(signal.SIGCONT)
                answers = [*read_all(used), *read_all(new)]
            unused = read_all(silent)
        assert server.wait() == 0

    assert [answer.status for answer in answers] == [200, 200]
    assert unused == []


@pytest.mark.thorough
def test_a_client_that_goes_before_it_has_all_answers_is_no_incident(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server:
        for _ in range(3):
            with silent_client(server.url) as client:
                time.sleep(0.2)
                # The connection is reset instead of closed gracefully.
                linger = struct.pack("ii", 1, 0)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        time.sleep(0.2)
        server.request("GET", "/health")
        ended = server.stop()
        log = server.log

    assert ended == 0
    assert "Incident" not in log
    assert "without completing" not in log


@pytest.mark.thorough
def test_it_is_logged_that_no_descriptors_are_left(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server:
        process = server._process
        assert process is not None
        soft, hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (3, hard))
        wait_until(lambda: "connections are refused" in server.log)
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        wait_until(lambda: "accepted again" in server.log)
        log = server.log

    assert log.count("connections are refused") == 1
