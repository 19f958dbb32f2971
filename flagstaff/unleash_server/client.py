"""Send requests to the API of an Unleash server: paced, repeated after failures, and checked."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ssl import SSLCertVerificationError
from time import monotonic, sleep
from typing import Any, cast

import httpx
import orjson

from flagstaff.unleash_server.errors import ServerReadError
from store.json_checks import parse_json
from store.operations.strings import display

REQUESTS_PER_SECOND = 50
TIMEOUT_S = 30.0
# A request is sent at most this often, with growing delays.
MAX_ATTEMPTS = 6
FIRST_DELAY_S = 1.0
# A server that asks for a longer wait is not waited for.
MAX_DELAY_S = 300.0
MAX_BYTES = 200_000_000
# The variable that names the file with the trusted authorities.
_AUTHORITIES = "SSL_CERT_FILE"
_TRANSIENT = frozenset({429, 500, 502, 503, 504})


class ApiClient:
    """Sends GET requests with one token to one server, and to no other server."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        headers: Mapping[str, str] | None = None,
        on_wait: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Prepare to send requests. `on_wait` is called with a sentence before each long wait.

        Raises: ServerReadError: the URL or the token cannot be sent, or the certificates to trust
            cannot be read.
        """
        self.url = _base_of(url)
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ServerReadError("The token must be printable ASCII characters without spaces.")
        try:
            self._client = httpx.Client(
                headers={**(headers or {}), "Authorization": token, "Accept": "application/json"},
                timeout=TIMEOUT_S,
                follow_redirects=False,
            )
        except OSError as error:
            raise ServerReadError(
                f"The certificates that {_AUTHORITIES} names cannot be read: {error}."
            ) from error
        self._on_wait = on_wait
        self._next_at = 0.0

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, *, absent: Collection[int] = ()) -> Any:
        """Return the JSON value at a path, or None if the status of the answer is in `absent`.

        Raises: ServerReadError.
        """
        failure = ""
        for attempt in range(MAX_ATTEMPTS):
            delay = FIRST_DELAY_S * 2**attempt
            try:
                status, headers, body = self._send(path)
            except httpx.HTTPError as error:
                if (untrusted := _verification_error(error)) is not None:
                    raise ServerReadError(
                        f"The certificate of {self.url} is not trusted: "
                        f"{untrusted.verify_message.rstrip('.')}. If your own authority has "
                        f"issued it, set {_AUTHORITIES} to the file with the certificate of the "
                        "authority."
                    ) from error
                failure = f"{self.url} does not answer: {error or type(error).__name__}."
            else:
                if status not in _TRANSIENT:
                    if status in absent:
                        return None
                    return self._json(path, status, headers, body)
                failure = f"{self.url}{path} answers {status}."
                delay = _retry_after(headers) or delay
            if attempt + 1 < MAX_ATTEMPTS:
                if delay > MAX_DELAY_S:
                    failure += f" It asks to wait {delay:,.0f} seconds."
                    break
                self._on_wait(f"{failure} Trying again in {delay:g} s.")
                sleep(delay)
        raise ServerReadError(failure)

    def _send(self, path: str) -> tuple[int, httpx.Headers, bytes]:
        now = monotonic()
        if now < self._next_at:
            sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + 1 / REQUESTS_PER_SECOND
        with self._client.stream("GET", f"{self.url}{path}") as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ServerReadError(
                        f"The answer of {self.url}{path} is longer than {MAX_BYTES:,} bytes."
                    )
            return response.status_code, response.headers, bytes(body)

    def _json(self, path: str, status: int, headers: httpx.Headers, body: bytes) -> Any:
        """Return the value of an answer.

        Raises: ServerReadError.
        """
        where = f"{self.url}{path}"
        if 300 <= status < 400:
            raise ServerReadError(
                f"{where} redirects to {display(headers.get('location', 'an unknown place'))}. "
                "Name the URL of the Unleash server itself."
            )
        value: Any = None
        with suppress(orjson.JSONDecodeError):
            value = parse_json(body)
        if status in (401, 403):
            raise ServerReadError(_refusal(where, status, value))
        if status == 404:
            raise ServerReadError(f"{where} does not exist: is this the URL of an Unleash server?")
        if not isinstance(value, dict | list):
            kind = headers.get("content-type", "an unknown type").partition(";")[0]
            raise ServerReadError(
                f"{where} answers {status} with {display(kind)} instead of JSON. Name the URL of "
                "the Unleash server itself, not of a page or a proxy in front that needs a login."
            )
        if status != 200:
            raise ServerReadError(f"{where} answers {status}.{_message_of(value)}")
        return cast("Any", value)


def _base_of(url: str) -> str:
    """Return a URL without the path of the API.

    Raises: ServerReadError.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query:
        raise ServerReadError(
            f"'{display(url)}' is not the URL of a server such as http://localhost:4242."
        )
    base = str(parsed.copy_with(fragment=None)).rstrip("/")
    for suffix in ("/admin", "/client", "/api"):
        base = base.removesuffix(suffix)
    return base


def _verification_error(error: BaseException) -> SSLCertVerificationError | None:
    """Return the reason of an error, if the reason is a certificate that is not trusted."""
    reason: BaseException | None = error
    while reason is not None and not isinstance(reason, SSLCertVerificationError):
        reason = reason.__cause__ or reason.__context__
    return reason


def _refusal(where: str, status: int, value: Any) -> str:
    """Return the sentence about a request that the token does not allow."""
    kind = "an admin token" if "/api/admin/" in where else "a client token"
    what = (
        f"{where} does not accept the token (401)"
        if status == 401
        else f"The token may not read {where} (403)"
    )
    return f"{what}. It must be {kind}.{_message_of(value)}"


def _message_of(value: Any) -> str:
    """Return the server's messages, which name missing permissions, or an empty string."""
    body = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    details: Any = body.get("details") or body.get("errors")
    first: Any = cast("list[Any]", details)[0] if isinstance(details, list) and details else None
    detail = cast("dict[str, Any]", first) if isinstance(first, dict) else {}
    message = body.get("message") or detail.get("message")
    return f" The server says: {display(message)}" if isinstance(message, str) else ""


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds that a server asks to wait."""
    value = headers.get("retry-after", "")
    if value.isdecimal():
        return float(value)
    # A time without a zone cannot be compared.
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    return None
