"""Automatic persisted queries: documents cached by their SHA-256."""

from collections import OrderedDict
from hashlib import sha256

MAX_CACHED_DOCUMENTS = 1_000
MAX_CACHED_CHARACTERS = 4_000_000


class PersistedDocuments:
    """The texts of the documents that clients most recently sent with a hash."""

    def __init__(self) -> None:
        self._cached: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def text_of(self, digest: str) -> str | None:
        """Return the document with this SHA-256 in hex; None if the document is not cached."""
        text = self._cached.get(digest)
        if text is not None:
            self._cached.move_to_end(digest)
        return text

    def cache(self, digest: str, text: str) -> None:
        """Cache a document under its digest."""
        if digest in self._cached:
            return
        self._cached[digest] = text
        self._characters += len(text)
        while len(self._cached) > MAX_CACHED_DOCUMENTS or self._characters > MAX_CACHED_CHARACTERS:
            _, forgotten = self._cached.popitem(last=False)
            self._characters -= len(forgotten)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a document's text, in hex."""
    return sha256(text.encode()).hexdigest()
