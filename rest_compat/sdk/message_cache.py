"""A cache of messages about changes. All clients with the same scope share the messages."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

from rest_compat.sdk.deltas import delta, find_deletions, hydration
from rest_compat.sdk.feature_bodies import Encoded, encode_toggle
from rest_compat.sdk.scopes import PayloadScope
from store import Snapshot
from store.changes import Commit

# After this many toggles, other tasks can run. Encoding a toggle takes about 20 µs.
MAX_ENCODED_AT_ONCE = 250
MAX_MESSAGES = 64
# The maximum total size of the cached messages. The limit is large, because one message may contain
# all toggles of a large installation.
MAX_BYTES = 32_000_000


class MessageCache:
    """Caches messages by scope and revisions.

    The newest message is always cached, regardless of its size.
    """

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[object, ...], bytes | None] = OrderedDict()
        self._size = 0
        self._encoding = asyncio.Lock()

    async def delta(self, commit: Commit, scope: PayloadScope) -> bytes | None:
        """Return the message for a commit, or None if the commit changes nothing in the scope."""
        before, after = commit.before, commit.after
        key = (scope, before.revision, after.revision)
        if key not in self._messages:
            async with self._encoding:
                if key not in self._messages:
                    await _encode_many(after, scope, since=before.revision)
        return self.get_or_make(
            key,
            lambda: delta(
                before, after, scope, find_deletions(commit.events), since=before.revision
            ),
        )

    async def hydration(self, snapshot: Snapshot, scope: PayloadScope) -> bytes | None:
        """Return the message with all toggles in the scope."""
        key = (scope, snapshot.revision)
        # Concurrent callers wait for each other, so that toggles are encoded only once.
        if key not in self._messages:
            async with self._encoding:
                if key not in self._messages:
                    encoded = await _encode_many(snapshot, scope, since=-1)
                    return self.get_or_make(key, lambda: hydration(snapshot, encoded))
        return self._messages[key]

    def get_or_make(
        self, key: tuple[object, ...], make: Callable[[], bytes | None]
    ) -> bytes | None:
        """Return the message of a key. If it is not cached, call `make` and cache the message."""
        if key not in self._messages:
            message = self._messages[key] = make()
            self._size += len(message or b"")
            while len(self._messages) > 1 and self._is_full():
                _, oldest = self._messages.popitem(last=False)
                self._size -= len(oldest or b"")
        return self._messages[key]

    def _is_full(self) -> bool:
        return len(self._messages) > MAX_MESSAGES or self._size > MAX_BYTES


async def _encode_many(snapshot: Snapshot, scope: PayloadScope, *, since: int) -> Sequence[Encoded]:
    """Encode the toggles of a scope that changed after a revision.

    Other tasks run between batches. The toggles cache their JSON.
    """
    toggles = [toggle for toggle in scope.toggles(snapshot) if toggle.revision > since]
    encoded: list[Encoded] = []
    for number, toggle in enumerate(toggles):
        if number and number % MAX_ENCODED_AT_ONCE == 0:
            await asyncio.sleep(0)
        encoded.append(encode_toggle(toggle, scope.environment, snapshot, inline=False))
    return encoded
