"""Messages about changes, made once for all clients that see the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from rest_compat.sdk.deltas import delta, gone_in, hydration
from rest_compat.sdk.payload import PayloadScope, encode_many
from store import Snapshot
from store.changes import Commit

MOST_KEPT = 64
# One message may hold all toggles of a large installation.
MOST_BYTES = 32_000_000


class KeptMessages:
    """The messages made last, by what they were made of; the last one is kept whatever its size."""

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[object, ...], bytes | None] = OrderedDict()
        self._size = 0
        self._encoding = asyncio.Lock()

    async def of(self, commit: Commit, scope: PayloadScope) -> bytes | None:
        """The message for a commit, None where it changes nothing in the scope."""
        before, after = commit.before, commit.after
        key = (scope, before.revision, after.revision)
        await self._encode(key, after, scope, since=before.revision)
        return self.message(
            key, lambda: delta(before, after, scope, gone_in(commit.events), since=before.revision)
        )

    async def beginning(self, snapshot: Snapshot, scope: PayloadScope) -> bytes | None:
        """The message with everything in the scope."""
        key = (scope, snapshot.revision)
        await self._encode(key, snapshot, scope, since=-1)
        return self.message(key, lambda: hydration(snapshot, scope))

    async def _encode(
        self, key: tuple[object, ...], snapshot: Snapshot, scope: PayloadScope, *, since: int
    ) -> None:
        """Encode what a message needs unless it is kept; others get their turn meanwhile, and those
        who want the same wait."""
        if key not in self._messages:
            async with self._encoding:
                if key not in self._messages:
                    await encode_many(snapshot, scope, since=since, inline=False)

    def message(self, key: tuple[object, ...], make: Callable[[], bytes | None]) -> bytes | None:
        """The message of a key, made when it is asked for the first time."""
        if key not in self._messages:
            message = self._messages[key] = make()
            self._size += len(message or b"")
            while len(self._messages) > 1 and self._is_full():
                _, oldest = self._messages.popitem(last=False)
                self._size -= len(oldest or b"")
        return self._messages[key]

    def _is_full(self) -> bool:
        return len(self._messages) > MOST_KEPT or self._size > MOST_BYTES
