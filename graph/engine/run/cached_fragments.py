"""Fragments: the encoded selections on objects, cached across requests within a limit on bytes.

Each cached selection of a plan has a `SelectionCache`. A fragment encodes the selection on one
object. If other data that the selection reads changes, all fragments of the cache become invalid. A
change of an object replaces the object, so no request finds the fragment of the old object.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

from graph.engine.run.context import RequestContext
from graph.engine.run.reads import CurrentState, Reads

MAX_BYTES = 16_000_000
# In addition to the encoded bytes, an entry takes about this much memory.
ENTRY_BYTES = 500


class Entry(NamedTuple):
    """The cached encoding of one object.

    `encoded` is a fragment, or a dictionary with a fragment for each field. `size` is the number of
    bytes that the entry adds to an answer. `length` is the memory of the entry in bytes.
    """

    subject: Any
    encoded: Any
    size: int
    length: int


class SelectionCache:
    """The fragments of one selection. The key of an object identifies its fragment."""

    __slots__ = (
        "_closed",
        "_entries",
        "_epoch",
        "_fragments",
        "_key_of",
        "_reads",
        "_versions",
        "bytes",
        "used",
    )

    def __init__(self, fragments: "Fragments", key_of: Callable[[Any], Any], reads: Reads) -> None:
        self.bytes = 0
        # Whether an entry was found since the limit on bytes was last exceeded.
        self.used = False
        self._fragments = fragments
        self._key_of = key_of
        self._reads = tuple(sorted(reads))
        self._entries: dict[Any, Entry] = {}
        self._epoch = -1
        self._versions: tuple[int, ...] = ()
        self._closed = False

    def find(self, subject: Any, context: RequestContext) -> Entry | None:
        """Return the entry of an object.

        Return None if the object has no entry that the request may read.
        """
        current = self._fragments.current
        state = context.cached_state
        if state is None or state is not current.state:
            return None
        if self._epoch != current.epoch:
            self._renew(current, context)
        entry = self._entries.get(self._key_of(subject))
        if entry is None or entry.subject is not subject:
            return None
        self.used = True
        return entry

    def add(
        self, subject: Any, encoded: Any, size: int, length: int, context: RequestContext
    ) -> None:
        """Cache the encoding of an object if the encoding belongs to the current state."""
        current = self._fragments.current
        if self._closed or self._epoch != current.epoch or not current.is_current(context):
            return
        length += ENTRY_BYTES
        key = self._key_of(subject)
        replaced = self._entries.get(key)
        self._entries[key] = Entry(subject, encoded, size, length)
        self._fragments.count(self, length - (0 if replaced is None else replaced.length))

    def clear(self) -> None:
        """Drop all entries."""
        self._entries.clear()
        self._fragments.count(self, -self.bytes)

    def close(self) -> None:
        """Drop all entries, and ignore entries that are added later."""
        self._closed = True
        self.clear()

    def _renew(self, current: CurrentState, context: RequestContext) -> None:
        """Drop the entries if any part of the state that the selection reads has changed."""
        versions = current.versions(self._reads, context)
        if versions != self._versions:
            self.clear()
            self._versions = versions
        self._epoch = current.epoch


class Fragments:
    """All caches of one server that have entries. A limit applies to the bytes of all entries."""

    def __init__(self, current: CurrentState, max_bytes: int = MAX_BYTES) -> None:
        self.current = current
        self.bytes = 0
        self._max_bytes = max_bytes
        self._caches: OrderedDict[SelectionCache, None] = OrderedDict()

    def count(self, cache: SelectionCache, length: int) -> None:
        """Add `length` to the bytes of a cache.

        If the limit is exceeded, drop the entries of the oldest caches that were not used recently.
        """
        cache.bytes += length
        self.bytes += length
        if cache.bytes:
            self._caches[cache] = None
        else:
            self._caches.pop(cache, None)
        while self.bytes > self._max_bytes and self._caches:
            oldest, _ = self._caches.popitem(last=False)
            if oldest.used:
                oldest.used = False
                self._caches[oldest] = None
            else:
                oldest.clear()
