"""Automatic persisted queries: texts remembered under their SHA-256, sent once by each client."""

from collections import OrderedDict
from hashlib import sha256

MAX_KEPT_TEXTS = 1_000
MAX_KEPT_CHARACTERS = 4_000_000


class PersistedTexts:
    """The texts that were sent last together with their hashes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def text_of(self, digest: str) -> str | None:
        """The text with a SHA-256 in hex, None if it was never sent or is forgotten."""
        text = self._kept.get(digest)
        if text is not None:
            self._kept.move_to_end(digest)
        return text

    def keep(self, digest: str, text: str) -> None:
        """Remember a text under its digest."""
        if digest in self._kept:
            return
        self._kept[digest] = text
        self._characters += len(text)
        while len(self._kept) > MAX_KEPT_TEXTS or self._characters > MAX_KEPT_CHARACTERS:
            _, forgotten = self._kept.popitem(last=False)
            self._characters -= len(forgotten)


def digest_of(text: str) -> str:
    """The SHA-256 of a text, in hex."""
    return sha256(text.encode()).hexdigest()
