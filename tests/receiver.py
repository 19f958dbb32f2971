"""A receiver of webhooks on loopback, which fails, hangs or redirects as a test wants."""

import hashlib
import hmac
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import msgspec

# The longest time for which the receiver hangs.
HANGING_S = 30.0


class Message(msgspec.Struct, frozen=True):
    """A request that arrived, with the status of its answer."""

    id: str
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def json(self) -> Any:
        """The decoded body."""
        return msgspec.json.decode(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Whether the signature is that of the Standard Webhooks specification."""
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        key = b64decode(secret.removeprefix("whsec_"))
        digest = hmac.new(key, signed, hashlib.sha256).digest()
        return self.headers["webhook-signature"] == f"v1,{b64encode(digest).decode()}"


class Receiver:
    """Records requests. `answer` returns the status for the number of a request; 0 hangs."""

    def __init__(self, answer: Callable[[int], int] = lambda _: 204) -> None:
        self.messages: list[Message] = []
        self._answer = answer
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The URL of the receiver."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/events?key=1"

    @property
    def accepted(self) -> list[Message]:
        """The requests that were answered with success, in order."""
        return [message for message in self.messages if message.status == 204]

    def record(self, headers: dict[str, str], body: bytes) -> int:
        """Record a request and return the status of its answer."""
        with self._lock:
            status = self._answer(len(self.messages))
            self.messages.append(Message(headers["webhook-id"], headers, body, status))
        if status == 0:
            self._released.wait(HANGING_S)
        return status

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers["content-length"]))
                status = receiver.record(headers, body)
                if status == 0:
                    self.close_connection = True
                    return
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", "/elsewhere")
                content = b"" if status == 204 else b"no, thanks"
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Write nothing."""

        return Handler
