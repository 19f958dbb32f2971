"""Stream operations in the body of an HTTP answer, as Server-Sent Events or multipart."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from msgspec import Struct
from starlette.types import Receive, Scope, Send

from graph.engine.http.sessions import Session, Sessions
from graph.engine.run.source_events import EndOfFeedError
from store.changes import SlowSubscriberError
from store.spreading import retry_field, stream_life_s

# A stream sends a keep-alive after this many seconds without a result.
KEEP_ALIVE_S = 15.0
# A stream ends if its client reads nothing for this many seconds.
STALL_S = 10.0


class StreamForm(Struct, frozen=True):
    """The framing of results in a stream."""

    media_type: str
    content_type: bytes
    opening: bytes
    before: bytes
    after: bytes
    closing: bytes
    keep_alive: bytes
    # Whether the format has the field `retry`: the delay before clients reconnect.
    retries: bool = False


# https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, "distinct connections mode"
SERVER_SENT_EVENTS = StreamForm(
    "text/event-stream",
    content_type=b"text/event-stream; charset=utf-8",
    opening=b":\n\n",
    before=b"event: next\ndata: ",
    after=b"\n\n",
    closing=b"event: complete\ndata: \n\n",
    keep_alive=b":\n\n",
    retries=True,
)
# https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
MULTIPART = StreamForm(
    "multipart/mixed",
    content_type=b'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
    opening=b"--graphql",
    before=b'\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{"payload":',
    # Clients treat a part as complete once they receive the boundary after it.
    after=b"}\r\n--graphql",
    closing=b"--\r\n",
    keep_alive=b"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{}\r\n--graphql",
)
FORMS = (SERVER_SENT_EVENTS, MULTIPART)


class StreamedAnswer:
    """An ASGI application that writes results into the body as they arrive."""

    def __init__(
        self,
        form: StreamForm,
        results: AsyncGenerator[bytes, None],
        sessions: Sessions,
        session: Session,
        *,
        max_age_s: float,
    ) -> None:
        self._form = form
        self._results = results
        self._sessions = sessions
        self._session = session
        self._max_age_s = max_age_s
        self._revoked = asyncio.Event()
        session.close = self._revoked.set
        self._too_old = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send results until they end or the client disconnects.

        The closing part is sent only after the last result. Without this part, clients reconnect. A
        stream that reaches its maximum age ends between two results, without the closing part.
        """
        aging = asyncio.get_running_loop().call_later(
            stream_life_s(self._max_age_s), self._too_old.set
        )
        gone = asyncio.ensure_future(_wait_for_disconnect(receive))
        revoked = asyncio.ensure_future(self._revoked.wait())
        too_old = asyncio.ensure_future(self._too_old.wait())
        try:
            await self._begin(send)
            completed = await self._send_results(send, gone, revoked, too_old)
            await _send(send, self._form.closing if completed else self._last_bytes(), more=False)
        except TimeoutError:
            await self._results.aclose()
            # End the response. The connection stays open until the client reads or the server
            # closes it.
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            aging.cancel()
            for waiting in (gone, revoked, too_old):
                waiting.cancel()
            await self._results.aclose()
            self._sessions.close(self._session)

    async def _begin(self, send: Send) -> None:
        headers = [
            (b"content-type", self._form.content_type),
            (b"cache-control", b"private, no-store"),
            (b"vary", b"Accept, Authorization"),
            (b"x-content-type-options", b"nosniff"),
            (b"x-accel-buffering", b"no"),  # keeps nginx from buffering results
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await _send(send, self._form.opening)

    def _last_bytes(self) -> bytes:
        """Return the last bytes of an incomplete stream: the field `retry` if it is too old."""
        return retry_field() if self._too_old.is_set() and self._form.retries else b""

    async def _send_results(
        self,
        send: Send,
        gone: asyncio.Future[Any],
        revoked: asyncio.Future[Any],
        too_old: asyncio.Future[Any],
    ) -> bool:
        """Send results; return whether all results were sent."""
        while True:
            result = asyncio.ensure_future(anext(self._results, None))
            try:
                while not result.done():
                    await asyncio.wait(
                        (result, gone, revoked, too_old),
                        timeout=KEEP_ALIVE_S,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    if gone.done() or revoked.done():
                        return False
                    if result.done():
                        break
                    if too_old.done():
                        return False
                    await _send(send, self._form.keep_alive)
                encoded = result.result()
            except (EndOfFeedError, SlowSubscriberError):
                return False
            finally:
                if not result.done():
                    result.cancel()
                    await asyncio.gather(result, return_exceptions=True)
            if encoded is None:
                return True
            await _send(send, self._form.before + encoded + self._form.after)
            # Free the memory of this result, because the next result may take long to arrive.
            del result, encoded


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    """Send a part of the body.

    Raises: TimeoutError: the client does not read for `STALL_S`.
    """
    async with asyncio.timeout(STALL_S):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
