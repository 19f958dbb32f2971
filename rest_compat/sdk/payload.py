"""The features bodies for SDKs. A body is assembled once per scope and revision."""

import asyncio
from collections import OrderedDict
from collections.abc import Generator, Iterable, Sequence
from functools import cached_property
from struct import pack
from typing import TypeAlias
from zlib import crc32

import msgspec
from msgspec import Struct

from rest_compat.sdk.assembly import Assembly, Run, assemble
from rest_compat.sdk.checksums import combine, multiples_for
from rest_compat.sdk.feature_bodies import Encoded, encode_segment
from rest_compat.sdk.scopes import PayloadScope, query_hash
from rest_compat.sdk.shards import Shard, Shards, deflate, digest_of
from store import Snapshot
from store.model import Segment

# One step builds the JSON of this many shards. Building a shard takes about 20 µs.
JOINED_PER_STEP = 100
# Bodies up to this size consist of one piece.
MAX_JOINED_BYTES = 65_536

_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_LAST_BLOCK = b"\x03\0"
_HEAD = b'{"version":2,"features":['

_encode = msgspec.json.Encoder().encode


class Payload:
    """A features body. The plain and the gzipped form are built on first use."""

    def __init__(
        self,
        scope: PayloadScope,
        *,
        digest: bytes,
        revision_id: int,
        shards: Sequence[Shard],
        segments: Sequence[Encoded] | None,
    ) -> None:
        self.digest = digest
        self.revision_id = revision_id
        # The size of the plain body in bytes. The few bytes after the toggles are not counted.
        self.size = sum(shard.size for shard in shards)
        self._scope = scope
        self.shards = shards
        self._segments = segments
        self._query_hash = query_hash(scope)
        # The tag contains the revision, because the body also contains the revision. The digest is
        # a safeguard against bugs. If two different bodies had the same revision, their tags would
        # still differ.
        tag = f"{self._query_hash}:{digest.hex()}:{revision_id}"
        self.etag = f'"{tag}"'
        # The plain and the gzipped body need different strong tags (RFC 9110, 8.8.3.3).
        self.gzip_etag = f'"{tag}:gzip"'

    async def join(self) -> None:
        """Build the plain JSON of shards without cached JSON. Other tasks run between steps."""
        left = [shard for shard in self.shards if not shard.is_joined]
        for number, shard in enumerate(left):
            if number % JOINED_PER_STEP == 0:
                await asyncio.sleep(0)
            _ = shard.plain

    async def compress(self) -> None:
        """Compress the shards that are not compressed yet. Other tasks run between shards."""
        for shard in self.shards:
            if not shard.is_compressed:
                await asyncio.sleep(0)
                _ = shard.deflated

    @cached_property
    def pieces(self) -> Sequence[bytes]:
        """The plain JSON in pieces. Other payloads share most pieces. Small JSON is one piece."""
        pieces = (_HEAD, *(shard.plain for shard in self.shards), self._tail(self.etag))
        return pieces if self.size > MAX_JOINED_BYTES else (b"".join(pieces),)

    @cached_property
    def gzip_body(self) -> bytes:
        """The gzipped JSON, built from the shards. `meta.etag` is the tag of the gzipped body."""
        tail = self._tail(self.gzip_etag)
        checksum = combine(
            (
                (crc32(_HEAD), multiples_for(len(_HEAD))),
                *(shard.checksum for shard in self.shards),
                (crc32(tail), multiples_for(len(tail))),
            )
        )
        length = len(_HEAD) + sum(shard.length for shard in self.shards) + len(tail)
        return b"".join(
            (
                _GZIP_HEAD,
                deflate(_HEAD),
                *(shard.deflated for shard in self.shards),
                deflate(tail),
                _LAST_BLOCK,
                pack("<LL", checksum, length & 0xFFFFFFFF),
            )
        )

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
    assembly: Assembly
    payload: Payload


_Entries: TypeAlias = OrderedDict[PayloadScope, _Entry]


class PayloadCache:
    """Caches payloads and drops the least recently used ones.

    Payloads of filtered scopes have a separate cache. Otherwise a client with many filters could
    displace the payloads that other clients poll.
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
        self._shards = Shards()
        self._assembling = asyncio.Lock()

    @property
    def size(self) -> int:
        """The total size of the plain bodies of all payloads, in bytes."""
        return sum(_total_size(cache) for cache, _ in self._caches.values())

    @property
    def shard_count(self) -> int:
        """The number of different shards in all payloads."""
        return len(self._shards)

    async def prepare(self, snapshot: Snapshot, scope: PayloadScope) -> None:
        """Assemble the payload of a scope, without blocking the event loop for long.

        Concurrent callers wait for each other, so that toggles are encoded only once.
        """
        async with self._assembling:
            if self.cached(snapshot, scope) is None:
                for _ in self._assemble(snapshot, scope):
                    await asyncio.sleep(0)

    def cached(self, snapshot: Snapshot, scope: PayloadScope) -> Payload | None:
        """Return the cached payload of a scope.

        If the cached payload is older than the snapshot, return None.
        """
        for cache, _ in self._caches.values():
            entry = cache.get(scope)
            if entry is not None and entry.revision >= snapshot.revision:
                cache.move_to_end(scope)
                return entry.payload
        return None

    def payload(self, snapshot: Snapshot, scope: PayloadScope) -> Payload:
        """Return the payload of a scope at a snapshot. An unchanged payload is the same object.

        Call `prepare` before this method. Otherwise this method assembles the payload and blocks
        the event loop.
        """
        if (payload := self.cached(snapshot, scope)) is not None:
            return payload
        for _ in self._assemble(snapshot, scope):
            pass
        cache, _ = self._caches[scope.filtered]
        return cache[scope].payload

    def _assemble(self, snapshot: Snapshot, scope: PayloadScope) -> Generator[None]:
        """Assemble and cache the payload of a scope in short steps."""
        cache, max_bytes = self._caches[scope.filtered]
        known = cache.get(scope)
        before, size = (None, 0) if known is None else (known.payload, known.payload.size)
        assembly = yield from assemble(
            snapshot, scope, None if known is None else known.assembly, self._shards
        )
        payload = _payload_of(assembly.runs, scope, snapshot, before)
        cache[scope] = _Entry(snapshot.revision, assembly, payload)
        cache.move_to_end(scope)
        if payload.size > size:
            self._shrink(cache, max_bytes)

    def _shrink(self, cache: _Entries, max_bytes: int) -> None:
        size = _total_size(cache)
        while len(cache) > 1 and (size > max_bytes or len(cache) > self._max_scopes):
            _, dropped = cache.popitem(last=False)
            size -= dropped.payload.size


def _payload_of(
    runs: Sequence[Run], scope: PayloadScope, snapshot: Snapshot, before: Payload | None
) -> Payload:
    """Return a payload that consists of the runs.

    If `before` has the same content, return `before`.
    """
    segments = None if scope.inline else [encode_segment(each) for each in _used_segments(runs)]
    run_digests = (run.shard.digest for run in runs)
    segment_digests = (segment.digest for segment in segments or ())
    digest = digest_of((*run_digests, b"segments", *segment_digests))
    if before is not None and before.digest == digest:
        return before
    return Payload(
        scope,
        digest=digest,
        revision_id=_revision_id(snapshot, scope.environment, before),
        shards=[run.shard for run in runs],
        segments=segments,
    )


def _total_size(cache: _Entries) -> int:
    return sum(entry.payload.size for entry in cache.values())


def _revision_id(snapshot: Snapshot, environment: str, before: Payload | None) -> int:
    """Return the revision of a payload whose content differs from `before`."""
    served = snapshot.environments[environment].served_revision
    # A payload with different content needs another revision, even if the environment's revision is
    # unchanged.
    return served if before is None or served > before.revision_id else snapshot.revision


def _used_segments(runs: Iterable[Run]) -> list[Segment]:
    used = {segment.id: segment for run in runs for segment in run.segments}
    return [used[number] for number in sorted(used)]
