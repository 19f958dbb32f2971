"""One server for all protocol tests, and a connection to it."""

import socket
from collections.abc import Iterator

import pytest

from flagstaff.middleware import RequestIds
from tests.flagstaff.protocol.connections import connected
from tests.flagstaff.protocol.serving import Hasty, echo, served


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """The server's address."""
    with served(RequestIds(echo), Hasty) as port:
        yield port


@pytest.fixture
def client(port: int) -> Iterator[socket.socket]:
    """A connection to the server."""
    with connected(port) as connection:
        yield connection
