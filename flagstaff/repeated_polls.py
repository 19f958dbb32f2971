"""If an SDK repeats an earlier poll byte for byte, answer the poll without parsing it.

An SDK sends the same request every few seconds and gets the same response until the configuration
changes. The protocol class looks up each request among the recorded answers. If an answer is found,
no parser, task or middleware runs.
"""

import math
from collections import defaultdict
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeAlias

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flagstaff.answers import Header
from flagstaff.middleware import new_id
from flagstaff.settings import Settings
from rest_compat.http.repeating import POLL_KEY, Poll
from store import Store
from store.identity import AUTH_OFF
from store.model import ApiToken

# These limits apply to the answers at one snapshot. If a limit is exceeded, all answers are
# dropped.
MAX_ANSWERS = 20_000
MAX_BYTES = 32_000_000
# Larger bodies are not cached, because sending a large body takes much longer than all other work
# on its request.
MAX_BODY_BYTES = 4_000_000

# An answer takes this much memory in addition to its own bytes.
_OVERHEAD_BYTES = 400
_FEATURES, _DELTA = "/api/client/features", "/api/client/delta"
_HEAD_END = b"\r\n\r\n"
# Requests with these headers are not recorded. The first four headers change the framing of
# messages. The last two headers differ in each request.
_UNREPEATABLE = frozenset(
    {
        b"content-length",
        b"transfer-encoding",
        b"expect",
        b"upgrade",
        b"x-request-id",
        b"traceparent",
    }
)
_ID_NAME = b"x-request-id"
_STATUS_LINES = {
    status: b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode())
    for status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
}

Headers: TypeAlias = Iterable[Header]


class Answer(Struct, gc=False):
    """A response without the server's own headers and its request ID.

    `lines` contains the other header lines, followed by the name of the header for the request ID.
    `body` contains the pieces of the body. Several answers may share a piece. Before the time
    `next_use_at` of the event loop, uses of the token need not be recorded. `uses` counts the
    polls with the same path and status.
    """

    status_line: bytes
    lines: bytes
    body: Sequence[bytes]
    token: ApiToken | None
    uses: "Uses"
    next_use_at: float = -math.inf


class Uses:
    """The number of polls that were answered without parsing.

    Each poll writes the slot. Writing a field of a msgspec struct costs twice as much.
    """

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class Answers:
    """The answers at one snapshot. The key of an answer is the request in bytes."""

    def __init__(self) -> None:
        self.by_request: dict[bytes, Answer] = {}
        # The total size of all answers. A piece that several answers share is counted once.
        self._size = 0
        self._piece_ids: set[int] = set()

    def add(self, request: bytes, answer: Answer) -> None:
        """Add an answer. If the limits are exceeded, drop all earlier answers."""
        size = self._size_of(request, answer)
        if len(self.by_request) >= MAX_ANSWERS or self._size + size > MAX_BYTES:
            self.by_request.clear()
            self._piece_ids.clear()
            self._size = 0
            size = self._size_of(request, answer)
        if request not in self.by_request:
            self.by_request[request] = answer
            self._piece_ids.update(map(id, answer.body))
            self._size += size

    def _size_of(self, request: bytes, answer: Answer) -> int:
        new = (piece for piece in answer.body if id(piece) not in self._piece_ids)
        return len(request) + len(answer.lines) + _OVERHEAD_BYTES + sum(map(len, new))


class RepeatedPolls:
    """The recorded answers to polls at the newest snapshot of a store.

    The middleware `record` records the responses that handlers allow to be repeated
    (`Request.allow_repeating`). The answers are cached in the snapshot, which each commit replaces.
    A commit that revokes a token therefore also discards the answers.
    """

    def __init__(self, store: Store, base_path: str = "") -> None:
        self._store = store
        self._delta_start = f"GET {base_path}{_DELTA}".encode()
        self._starts = (f"GET {base_path}{_FEATURES}".encode(), self._delta_start)
        # The keys are paths and statuses.
        self.uses: defaultdict[tuple[str, int], Uses] = defaultdict(Uses)
        self._server_headers: Headers = ()
        self._server_lines = b""

    def answer(
        self, request: bytes, server_headers: Headers, loop_time: float
    ) -> Sequence[bytes] | None:
        """Return the parts of the response to a request, ending with the body.

        Return None if no answer is cached.

        `server_headers` are the headers that the server adds to each response, such as the date.
        Each list of headers is encoded once. `loop_time` is the current time of the event loop.
        This method records the use of the token.
        """
        store = self._store
        answers: Answers | None = store.snapshot.memo.get(RepeatedPolls)
        if answers is None:
            return None
        answer = answers.by_request.get(request)
        if answer is None:
            return None
        token = answer.token
        # Most uses of the token are not recorded, because reading the clock and recording a use
        # takes longer than the rest of this method.
        if token is not None and (loop_time >= answer.next_use_at or token.expires_at is not None):
            now = store.clock()
            if token.expired(now):
                return None
            left = store.token_use.mark(token.id, now)
            answer.next_use_at = loop_time + left.total_seconds()
        if server_headers is not self._server_headers:
            self._server_headers, self._server_lines = server_headers, _lines(server_headers)
        answer.uses.count += 1
        return (
            answer.status_line,
            self._server_lines,
            answer.lines,
            new_id(),
            _HEAD_END,
            *answer.body,
        )

    def mark(self, scope: Scope, request: bytes, headers: Mapping[bytes, bytes]) -> None:
        """If a request looks like a poll, mark its scope so that its response is recorded.

        `request` contains the bytes of the whole request, and `headers` its headers. The request
        must keep the connection open.
        """
        if (
            request.startswith(self._starts)
            and request.endswith(_HEAD_END)
            and _UNREPEATABLE.isdisjoint(headers)
        ):
            scope[POLL_KEY] = Poll(request)

    def record(self, app: ASGIApp) -> ASGIApp:
        """Return middleware that records the responses to requests marked by `mark`.

        The middleware must surround the middleware that adds request IDs.
        """

        def recorded(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            poll: Poll | None = scope.get(POLL_KEY)
            if poll is None:
                return app(scope, receive, send)
            return self._record(poll, app, scope, receive, send)

        return recorded

    async def _record(
        self, poll: Poll, app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Run a request. If its handler allows repetition, record the response in the snapshot."""
        messages: list[Message] = []

        def send_recorded(message: Message) -> Awaitable[None]:
            messages.append(message)
            return send(message)

        try:
            await app(scope, receive, send_recorded)
        finally:
            # Until the connection parses another request, it refers to the scope and thus to
            # `poll`. The snapshot is removed from `poll`, because it would otherwise stay in memory
            # until then.
            snapshot, token = poll.snapshot, poll.token
            poll.snapshot = poll.token = None
        if snapshot is not None and len(messages) > 1 and not messages[-1].get("more_body"):
            path = _DELTA if poll.request.startswith(self._delta_start) else _FEATURES
            uses = self.uses[path, messages[0]["status"]]
            answer = _answer_of(*messages, token=token, uses=uses)
            if answer is not None:
                answers: Answers = snapshot.memo.setdefault(RepeatedPolls, Answers())
                answers.add(poll.request, answer)


def may_repeat_polls(settings: Settings) -> bool:
    """Whether the settings permit that polls are answered without the application.

    The access log, and the checks of hosts and origins, must process each request.
    """
    return settings.auth != AUTH_OFF and not settings.access_log and not settings.cors_origins


def _answer_of(
    start: Message, *bodies: Message, token: ApiToken | None, uses: Uses
) -> Answer | None:
    """Return the answer that consists of these ASGI messages.

    Return None if the answer cannot be repeated.
    """
    status_line = _STATUS_LINES.get(start["status"])
    *headers, (last_name, _) = start["headers"]
    body = tuple([message["body"] for message in bodies])
    if status_line is None or last_name != _ID_NAME or sum(map(len, body)) > MAX_BODY_BYTES:
        return None
    return Answer(status_line, b"%s%s: " % (_lines(headers), _ID_NAME), body, token, uses)


def _lines(headers: Headers) -> bytes:
    return b"".join(b"%s: %s\r\n" % header for header in headers)
