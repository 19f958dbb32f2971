"""How many event streams are open in this process, and how many may be.

GraphQL counts its connections by itself: it knows their address before their token, and it is told
here when a token ends by the commits that a stream follows anyway.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable

from rest_compat.http.errors import TooManyStreamsError
from rest_compat.http.request import Request
from rest_compat.http.response import StreamResponse
from rest_compat.sdk.following import STREAM_HEADERS
from store.identity import Principal
from store.spreading import DEFAULT_MAX_STREAM_AGE_S, stream_life_s

# Each takes some 40 kB of memory, and for each change 0.15 ms of a processor.
MOST = 5_000
# All instances of an application may share a token; one token alone leaves room for others.
MOST_PER_TOKEN = 4_000


class OpenStreams:
    """Counts the streams of all paths together, in all and by token; strangers are one token.

    Not by address: many instances of an application have that of their proxy, and a token at that.
    """

    def __init__(
        self,
        most: int = MOST,
        most_per_token: int = MOST_PER_TOKEN,
        max_age_s: float = DEFAULT_MAX_STREAM_AGE_S,
    ) -> None:
        self._most = most
        self._most_per_token = most_per_token
        self._max_age_s = max_age_s
        self._by_token: Counter[str] = Counter()

    def end_of_life(self) -> float:
        """When a stream that is opened now ends, by the event loop's clock; random for each."""
        return asyncio.get_running_loop().time() + stream_life_s(self._max_age_s)

    def answer(self, request: Request, pieces: AsyncGenerator[bytes, None]) -> StreamResponse:
        """An answer that goes on with these pieces, and counts until it has ended.

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
        if self._by_token[holder] >= self._most_per_token:
            raise TooManyStreamsError(f"A token may keep {self._most_per_token:,} streams open")
        if self._by_token.total() >= self._most:
            raise TooManyStreamsError(f"The server keeps {self._most:,} streams open at most")
        self._by_token[holder] += 1

        def ended() -> None:
            self._by_token[holder] -= 1
            if not self._by_token[holder]:
                del self._by_token[holder]

        return ended
