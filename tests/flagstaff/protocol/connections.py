"""Connections without an HTTP client. They send arbitrary bytes and read the answers."""

import json
import re
import socket
import time
from typing import NamedTuple

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HANDSHAKE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


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
    """Read until the server closes the connection. Return the answers."""
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
    """Read one answer on a connection that stays open. Return the body."""
    received = client.recv(65_536)
    assert received.startswith(b"HTTP/1.1 200 ")
    return received.partition(b"\r\n\r\n")[2]


def refusal(client: socket.socket) -> Answer:
    """Read until the connection ends. The only answer must be an error in our format."""
    (answer,) = read_all(client)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["connection"] == "close"
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-f]+", answer.headers["x-request-id"])
    assert json.loads(answer.body).keys() == {"id", "name", "message", "details"}
    return answer


def drip(client: socket.socket, data: bytes) -> int:
    """Send single bytes until the server disconnects. Return the number of bytes."""
    client.settimeout(0.02)
    sent = 0
    for byte in data:
        sent += 1
        try:
            client.sendall(bytes([byte]))
            client.recv(1, socket.MSG_PEEK)
            break
        except TimeoutError:
            continue
        except OSError:
            break
    client.settimeout(5)
    return sent


def drip_on(client: socket.socket) -> None:
    """Send single bytes for up to two seconds, regardless of the server's answers."""
    for _ in range(100):
        client.sendall(b"x")
        time.sleep(0.02)


def get_of(size: int) -> bytes:
    """Return a request with a head of the given size."""
    frame = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n"
    return frame % (b"a" * (size - len(frame) + 2))
