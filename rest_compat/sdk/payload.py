"""The features body for SDKs, assembled from cached bytes once per scope and revision."""

import asyncio
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from struct import pack
from typing import TypeAlias
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from rest_compat.sdk.feature_bodies import DIGEST_SIZE, Encoded, encode_segment, encode_toggle
from rest_compat.sdk.scopes import PayloadScope, query_hash
from store import Snapshot
from store.content_coding import GZIP_LEVEL
from store.model import Segment

# The maximum number of toggles in a shard.
MAX_SHARD_LENGTH = 256
# The maximum number of toggles to encode in one batch; a toggle takes about 20 µs. After each batch
# other tasks run on the event loop.
MAX_ENCODED_AT_ONCE = 250

_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_LAST_BLOCK = b"\x03\0"
_HEAD = b'{"version":2,"features":['

_encode = msgspec.json.Encoder().encode


class Shard:
    """A run of consecutive toggles that is compressed separately.

    Only names determine where a run ends. Therefore a change affects one shard, and the other
    shards retain their compressed bytes, which several payloads may share.
    """

    def __init__(self, parts: Sequence[bytes], *, first: bool) -> None:
        self._parts = parts
        self._start = b"" if first else b","

    @property
    def plain(self) -> bytes:
        """The JSON of the toggles, after a comma unless the shard is the first one."""
        return self._start + b",".join(self._parts)

    @cached_property
    def deflated(self) -> bytes:
        """The JSON as a piece of a deflate stream."""
        return _deflate(self.plain)


class Payload:
    """The body of one response, plain and gzipped; each is built on first use."""

    def __init__(
        self,
        scope: PayloadScope,
        *,
        digest: bytes,
        revision_id: int,
        shards: Sequence[Shard],
        segments: Sequence[Encoded] | None,
        size: int,
    ) -> None:
        self.digest = digest
        self.revision_id = revision_id
        # The size of the plain body in bytes, without the few bytes at its end.
        self.size = size
        self._scope = scope
        self.shards = shards
        self._segments = segments
        self._query_hash = query_hash(scope)
        # The tag contains the revision, because the body contains it (`meta`). The digest ensures
        # that different content has a different tag, even if the revision is wrongly the same.
        tag = f"{self._query_hash}:{digest.hex()}:{revision_id}"
        self.etag = f'"{tag}"'
        # Each coding is a representation and needs its own strong tag (RFC 9110, 8.8.3.3).
        self.gzip_etag = f'"{tag}:gzip"'

    async def compress(self) -> None:
        """Compress the shards that are not compressed yet; other tasks run between shards."""
        for shard in self.shards:
            if "deflated" not in vars(shard):
                await asyncio.sleep(0)
                _ = shard.deflated

    @cached_property
    def body(self) -> bytes:
        """The plain JSON."""
        return b"".join((_HEAD, *(shard.plain for shard in self.shards), self._tail(self.etag)))

    @cached_property
    def gzip_body(self) -> bytes:
        """The gzipped JSON, built from the shards; `meta.etag` is the tag of the gzipped body."""
        tail = self._tail(self.gzip_etag)
        pieces = [_GZIP_HEAD, _deflate(_HEAD)]
        checksum, length = zlib.crc32(_HEAD), len(_HEAD)
        for shard in self.shards:
            plain = shard.plain
            checksum, length = zlib.crc32(plain, checksum), length + len(plain)
            pieces.append(shard.deflated)
        checksum, length = zlib.crc32(tail, checksum), length + len(tail)
        pieces += (_deflate(tail), _LAST_BLOCK, pack("<LL", checksum, length & 0xFFFFFFFF))
        return b"".join(pieces)

    def _tail(self, etag: str) -> bytes:
        parts = [b'],"query":', _encode(self._scope.query())]
        if self._segments is not None:
            segments = b",".join(segment.json for segment in self._segments)
            parts += (b',"segments":[', segments, b"]")
        meta = {"revisionId": self.revision_id, "etag": etag, "queryHash": self._query_hash}
        parts += (b',"meta":', _encode(meta), b"}")
        return b"".join(parts)


class _Entry(Struct):
    revision: int
    payload: Payload


_Entries: TypeAlias = OrderedDict[PayloadScope, _Entry]


class PayloadCache:
    """Caches payloads and drops the least recently used ones.

    Payloads of filtered scopes have a separate cache, so that no client can displace the payloads
    that all other clients poll.
    """

    def __init__(
        self,
        *,
        max_scopes: int = 100,
        max_bytes: int = 256_000_000,
        max_filtered_bytes: int = 32_000_000,
    ) -> None:
        self._max_scopes = max_scopes
        self._caches: dict[bool, tuple[_Entries, int]] = {
            False: (OrderedDict(), max_bytes),
            True: (OrderedDict(), max_filtered_bytes),
        }
        self._shards: WeakValueDictionary[bytes, Shard] = WeakValueDictionary()
        self._encoding = asyncio.Lock()

    @property
    def size(self) -> int:
        """The total size of the plain bodies of all payloads, in bytes."""
        return sum(_total_size(cache) for cache, _ in self._caches.values())

    async def prepare(self, snapshot: Snapshot, scope: PayloadScope) -> None:
        """Encode toggles for `payload` in advance, without blocking the event loop for long.

        Concurrent callers wait for each other, so that toggles are encoded only once.
        """
        entry = self._caches[scope.filtered][0].get(scope)
        encoded_revision = -1 if entry is None else entry.revision
        if encoded_revision >= snapshot.revision:
            return
        async with self._encoding:
            await encode_many(snapshot, scope, since=encoded_revision, inline=scope.inline)

    def cached(self, snapshot: Snapshot, scope: PayloadScope) -> Payload | None:
        """Return the cached payload of a scope if it is up to date at a snapshot."""
        cache, _ = self._caches[scope.filtered]
        entry = cache.get(scope)
        if entry is None or entry.revision < snapshot.revision:
            return None
        cache.move_to_end(scope)
        return entry.payload

    def payload(self, snapshot: Snapshot, scope: PayloadScope) -> Payload:
        """Return the payload of a scope at a snapshot; an unchanged payload is the same object."""
        payload = self.cached(snapshot, scope)
        if payload is not None:
            return payload
        cache, max_bytes = self._caches[scope.filtered]
        entry = cache.get(scope)
        if entry is None:
            entry = _Entry(snapshot.revision, self._assemble(snapshot, scope, None))
            cache[scope] = entry
            self._shrink(cache, max_bytes)
            return entry.payload
        cache.move_to_end(scope)
        before = entry.payload
        entry.payload = self._assemble(snapshot, scope, before)
        entry.revision = snapshot.revision
        if entry.payload.size > before.size:
            self._shrink(cache, max_bytes)
        return entry.payload

    def _assemble(self, snapshot: Snapshot, scope: PayloadScope, before: Payload | None) -> Payload:
        environment, inline = scope.environment, scope.inline
        encoded = [
            encode_toggle(toggle, environment, snapshot, inline=inline)
            for toggle in scope.toggles(snapshot)
        ]
        segments = (
            None if inline else [encode_segment(segment) for segment in _used_segments(encoded)]
        )
        runs = [(_digest(toggle.digest for toggle in run), run) for run in _runs(encoded)]
        run_digests = (run_digest for run_digest, _ in runs)
        segment_digests = (segment.digest for segment in segments or ())
        digest = _digest((*run_digests, b"segments", *segment_digests))
        if before is not None and before.digest == digest:
            return before
        return Payload(
            scope,
            digest=digest,
            revision_id=_revision_id(snapshot, environment, before),
            shards=[self._shard(*run, first=position == 0) for position, run in enumerate(runs)],
            segments=segments,
            size=sum(len(toggle.json) for toggle in encoded),
        )

    def _shard(self, digest: bytes, run: Sequence[Encoded], *, first: bool) -> Shard:
        key = b"first" + digest if first else digest
        shard = self._shards.get(key)
        if shard is None:
            shard = Shard([toggle.json for toggle in run], first=first)
            self._shards[key] = shard
        return shard

    def _shrink(self, cache: _Entries, max_bytes: int) -> None:
        size = _total_size(cache)
        while len(cache) > 1 and (size > max_bytes or len(cache) > self._max_scopes):
            _, dropped = cache.popitem(last=False)
            size -= dropped.payload.size


async def encode_many(snapshot: Snapshot, scope: PayloadScope, *, since: int, inline: bool) -> None:
    """Encode the toggles of a scope that changed after a revision, if there are many.

    Other tasks run between batches. The toggles cache the results.
    """
    toggles = [toggle for toggle in scope.toggles(snapshot) if toggle.revision > since]
    if len(toggles) <= MAX_ENCODED_AT_ONCE:
        return
    for number, toggle in enumerate(toggles):
        if number % MAX_ENCODED_AT_ONCE == 0:
            await asyncio.sleep(0)
        encode_toggle(toggle, scope.environment, snapshot, inline=inline)


def _total_size(cache: _Entries) -> int:
    return sum(entry.payload.size for entry in cache.values())


def _revision_id(snapshot: Snapshot, environment: str, before: Payload | None) -> int:
    """Return the revision at which the content of a new payload last changed, if known."""
    served = snapshot.environments[environment].served_revision
    # The content has changed, even if the environment's own revision has not.
    return served if before is None or served > before.revision_id else snapshot.revision


def _digest(parts: Iterable[bytes]) -> bytes:
    return blake2b(b"".join(parts), digest_size=DIGEST_SIZE).digest()


def _runs(encoded: Sequence[Encoded]) -> Iterator[Sequence[Encoded]]:
    start = 0
    for end, toggle in enumerate(encoded, 1):
        if toggle.ends_shard or end - start == MAX_SHARD_LENGTH:
            yield encoded[start:end]
            start = end
    if start < len(encoded):
        yield encoded[start:]


def _used_segments(encoded: Iterable[Encoded]) -> list[Segment]:
    used = {segment.id: segment for toggle in encoded for segment in toggle.segments}
    return [used[number] for number in sorted(used)]


def _deflate(plain: bytes) -> bytes:
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)
