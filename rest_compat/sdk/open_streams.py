"""Limit the number of open event streams in this process.

GraphQL counts its WebSocket connections separately, by address, because a connection sends its
token only after it has been opened.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable

from rest_compat.http.refusals import TooManyStreamsError
from rest_compat.http.request import Request
from rest_compat.http.response import StreamResponse
from rest_compat.sdk.following import STREAM_HEADERS
from store.identity import Principal
from store.spreading import DEFAULT_MAX_STREAM_AGE_S, stream_life_s

# A stream takes about 40 kB of memory, and 0.15 ms of CPU per change.
MAX_STREAMS = 5_000
# All instances of an application may share a token, but one token must not use up all streams.
MAX_STREAMS_PER_TOKEN = 4_000


class OpenStreams:
    """Counts the open streams of all paths, in total and by token.

    All streams without a token are counted together, as if they had the same token. There is no
    limit by address, because many instances of an application may share the address of a proxy.
    """

    def __init__(
        self,
        max_streams: int = MAX_STREAMS,
        max_per_token: int = MAX_STREAMS_PER_TOKEN,
        max_age_s: float = DEFAULT_MAX_STREAM_AGE_S,
    ) -> None:
        self._max_streams = max_streams
        self._max_per_token = max_per_token
        self._max_age_s = max_age_s
        self._by_token: Counter[str] = Counter()

    def end_of_life(self) -> float:
        """Return a random time, in event loop time, at which a stream opened now should end."""
        return asyncio.get_running_loop().time() + stream_life_s(self._max_age_s)

    def answer(self, request: Request, pieces: AsyncGenerator[bytes, None]) -> StreamResponse:
        """Return a response that streams the pieces; the stream is counted until it ends.

        Raises: TooManyStreamsError.
        """
        return StreamResponse(
            200,
            b"",
            STREAM_HEADERS,
            pieces=pieces,
            receive=request.receive,
            ended=self._count(request.principal),
        )

    def _count(self, principal: Principal) -> Callable[[], None]:
        holder = principal.holder
        if self._by_token[holder] >= self._max_per_token:
            raise TooManyStreamsError(
                f"A token may have at most {self._max_per_token:,} open streams"
            )
        if self._by_token.total() >= self._max_streams:
            raise TooManyStreamsError(
                f"The server may have at most {self._max_streams:,} open streams"
            )
        self._by_token[holder] += 1

        def release() -> None:
            self._by_token[holder] -= 1
            if not self._by_token[holder]:
                del self._by_token[holder]

        return release
