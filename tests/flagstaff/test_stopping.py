"""Signals that end a server, whatever its clients do."""

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.server import ADMIN_TOKEN, END_DEADLINE_S, TOKENS, ForkedServer

pytestmark = pytest.mark.slow

LARGE = f"GET /schema.graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: {ADMIN_TOKEN}\r\n\r\n"
# The schema has a hundred kilobytes; kernels hold a few megabytes of what nobody reads.
MAX_REQUESTS = 500


@contextmanager
def silent_client(url: str) -> Iterator[None]:
    """A client that has sent as many requests as fit and reads one byte of the answers."""
    address = urlsplit(url)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.settimeout(END_DEADLINE_S)
        client.connect((address.hostname, address.port))
        client.sendall(LARGE.encode() * MAX_REQUESTS)
        assert client.recv(1) == b"H"
        yield


def test_sighup_ends_a_server_as_sigterm_does(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server:
        assert server.stop(signal.SIGHUP) == 0


def wait_until_stopping(url: str) -> None:
    """Return once the server takes no new connections."""
    address = urlsplit(url)
    ends = time.monotonic() + END_DEADLINE_S
    while time.monotonic() < ends:
        try:
            socket.create_connection((address.hostname or "", address.port or 0)).close()
        except ConnectionError:
            return
        time.sleep(0.05)
    raise AssertionError("the server takes connections")


def test_a_client_that_does_not_read_is_cut_off_by_a_second_ctrl_c(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server, silent_client(server.url):
        server.send(signal.SIGINT)
        wait_until_stopping(server.url)

        assert server.stop(signal.SIGINT) == 0
        assert "timeout graceful shutdown exceeded" not in server.log


def test_a_client_that_does_not_read_is_cut_off_in_the_end(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, **TOKENS) as server, silent_client(server.url):
        assert server.stop(signal.SIGINT) == 0
