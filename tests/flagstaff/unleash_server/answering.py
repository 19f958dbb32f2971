"""A server on loopback that gives the recorded answers of an Unleash server."""

import json
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, Self

from msgspec import Struct

from tests.certificates import Certificate


class Reply(Struct, frozen=True):
    """An answer of the server."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({"Content-Type": "application/json"})


# Returns the answer to the request with a number, or None for the recorded answer.
Script = Callable[[int, str], Reply | None]


class _QuietServer(ThreadingHTTPServer):
    """A server that does not report connections which a client ends."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class RecordedServer:
    """Answers requests with recorded JSON by their paths. `script` may answer differently.

    With a certificate, the server speaks TLS.
    """

    def __init__(
        self,
        answers: Mapping[str, Any],
        script: Script = lambda _number, _path: None,
        certificate: Certificate | None = None,
    ) -> None:
        self.answers = dict(answers)
        self.script = script
        self.requests: list[tuple[str, str]] = []
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.file, certificate.key)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorded = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                recorded.requests.append((self.path, self.headers.get("authorization", "")))
                reply = recorded.script(len(recorded.requests), self.path) or recorded.reply(
                    self.path
                )
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *args: Any) -> None:
                """Log nothing."""

        return Handler

    def reply(self, path: str) -> Reply:
        """Return the recorded answer to a path; 404 if there is none."""
        body = self.answers.get(path)
        if body is None:
            return Reply(404, b'{"message":"Not found"}')
        return Reply(body=json.dumps(body).encode())
