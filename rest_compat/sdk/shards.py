"""Shards, which are pieces of features bodies. Several bodies can share a shard."""

import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from weakref import WeakValueDictionary

from rest_compat.sdk.checksums import Multiples, multiples_for
from rest_compat.sdk.feature_bodies import DIGEST_SIZE, Encoded
from store.content_coding import GZIP_LEVEL


class Shard:
    """The JSON of consecutive toggles. Each shard is compressed separately.

    Only the names of toggles determine where a shard ends. If a toggle changes, only the shard of
    the toggle must be compressed again.
    """

    def __init__(self, parts: Sequence[bytes], digest: bytes, *, first: bool) -> None:
        self.digest = digest
        self.first = first
        # The size of the toggles in bytes. Commas are not counted.
        self.size = sum(map(len, parts))
        # The size of the JSON in bytes.
        self.length = self.size + len(parts) - first
        self._parts = parts

    @cached_property
    def plain(self) -> bytes:
        """The JSON of the toggles. All shards except the first begin with a comma."""
        return self._join()

    @cached_property
    def _compressed(self) -> tuple[bytes, tuple[int, Multiples]]:
        # The plain JSON is not cached, because most clients request the compressed JSON.
        plain = self._join()
        return deflate(plain), (zlib.crc32(plain), multiples_for(len(plain)))

    @property
    def deflated(self) -> bytes:
        """The JSON as a piece of a deflate stream."""
        return self._compressed[0]

    @property
    def checksum(self) -> tuple[int, Multiples]:
        """The CRC-32 of the JSON and the multiples for its length, as `combine` expects them."""
        return self._compressed[1]

    @property
    def is_joined(self) -> bool:
        """Whether `plain` is cached."""
        return "plain" in vars(self)

    @property
    def is_compressed(self) -> bool:
        """Whether `deflated` and `checksum` are cached."""
        return "_compressed" in vars(self)

    def _join(self) -> bytes:
        return (b"" if self.first else b",") + b",".join(self._parts)


class Shards:
    """Creates shards. Equal shards in use are the same object."""

    def __init__(self) -> None:
        self._known: WeakValueDictionary[tuple[bytes, bool], Shard] = WeakValueDictionary()

    def __len__(self) -> int:
        """The number of shards in use."""
        return len(self._known)

    def shard_of(self, toggles: Sequence[Encoded], *, first: bool) -> Shard:
        """Return the shard of some toggles. `first` is true if a body begins with the shard."""
        key = digest_of(toggle.digest for toggle in toggles), first
        shard = self._known.get(key)
        if shard is None:
            shard = Shard([toggle.json for toggle in toggles], key[0], first=first)
            self._known[key] = shard
        return shard


def digest_of(digests: Iterable[bytes]) -> bytes:
    """Return one digest for a sequence of digests."""
    return blake2b(b"".join(digests), digest_size=DIGEST_SIZE).digest()


def deflate(plain: bytes) -> bytes:
    """Compress bytes to a piece of a deflate stream. Other pieces can be appended to the piece."""
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)
