"""Automatic persisted queries: documents cached by their SHA-256."""

from collections import OrderedDict
from hashlib import sha256

MAX_CACHED_DOCUMENTS = 1_000
MAX_CACHED_CHARACTERS = 4_000_000


class PersistedDocuments:
    """The sources of the documents that clients most recently sent with a hash."""

    def __init__(self) -> None:
        self._cached: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def source_of(self, digest: str) -> str | None:
        """Return the source with this SHA-256 in hex; None if the source is not cached."""
        source = self._cached.get(digest)
        if source is not None:
            self._cached.move_to_end(digest)
        return source

    def cache(self, digest: str, source: str) -> None:
        """Cache the source of a document under its digest."""
        if digest in self._cached:
            return
        self._cached[digest] = source
        self._characters += len(source)
        while len(self._cached) > MAX_CACHED_DOCUMENTS or self._characters > MAX_CACHED_CHARACTERS:
            _, forgotten = self._cached.popitem(last=False)
            self._characters -= len(forgotten)


def digest_of(source: str) -> str:
    """Return the SHA-256 of a document's source, in hex."""
    return sha256(source.encode()).hexdigest()
