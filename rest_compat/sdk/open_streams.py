"""Limit the number of open event streams in this process.

GraphQL limits WebSocket connections separately. It counts connections by address, because a client
sends its token only after the connection is open.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable

from rest_compat.http.refusals import TooManyStreamsError
from rest_compat.http.request import Request
from rest_compat.http.response import INSTALLATION_HEADER, StreamResponse
from rest_compat.sdk.following import STREAM_HEADERS
from store.identity import Principal
from store.spreading import DEFAULT_MAX_STREAM_AGE_S, stream_life_s

# A stream uses about 40 kB of memory. Each change uses 0.15 ms of CPU per stream.
MAX_STREAMS = 5_000
# All instances of an application may share a token. Still, one token must not use all streams.
MAX_STREAMS_PER_TOKEN = 4_000


class OpenStreams:
    """Counts the open streams of all paths.

    The total number of streams and the number per token are limited.

    All streams without a token share one limit. There is no limit per address, because many
    instances of an application may share the address of a proxy.
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

    @property
    def total(self) -> int:
        """The number of open streams."""
        return self._by_token.total()

    def end_of_life(self) -> float:
        """Return the event loop time at which a new stream should end. The time is random."""
        return asyncio.get_running_loop().time() + stream_life_s(self._max_age_s)

    def answer(self, request: Request, pieces: AsyncGenerator[bytes, None]) -> StreamResponse:
        """Return a response that streams the pieces. The stream is counted until it ends.

        Raises: TooManyStreamsError.
        """
        installation = (INSTALLATION_HEADER, request.store.installation_id.encode())
        return StreamResponse(
            200,
            b"",
            [*STREAM_HEADERS, installation],
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
        if self.total >= self._max_streams:
            raise TooManyStreamsError(
                f"The server may have at most {self._max_streams:,} open streams"
            )
        self._by_token[holder] += 1

        def release() -> None:
            self._by_token[holder] -= 1
            if not self._by_token[holder]:
                del self._by_token[holder]

        return release
