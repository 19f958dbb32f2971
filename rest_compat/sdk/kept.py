"""Messages about changes, made once for all clients that see the same."""

from collections import OrderedDict
from collections.abc import Callable

from rest_compat.sdk.deltas import delta, gone_in
from rest_compat.sdk.payload import PayloadScope
from store.changes import Commit

MOST_KEPT = 64
# One message may hold all toggles of a large installation.
MOST_BYTES = 32_000_000


class KeptMessages:
    """The messages made last, by what they were made of; the last one is kept whatever its size."""

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[object, ...], bytes | None] = OrderedDict()
        self._size = 0

    def of(self, commit: Commit, scope: PayloadScope) -> bytes | None:
        """The message for a commit, None where it changes nothing in the scope."""
        before, after = commit.before, commit.after
        return self.message(
            (scope, before.revision, after.revision),
            lambda: delta(before, after, scope, gone_in(commit.events), since=before.revision),
        )

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
