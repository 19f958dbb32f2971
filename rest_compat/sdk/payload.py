"""The list of toggles for SDKs, assembled from kept bytes once per scope and revision."""

import asyncio
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from struct import pack
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from rest_compat.sdk.documents import DIGEST_SIZE, Encoded, encoded_segment, encoded_toggle
from store import Snapshot
from store.content_coding import GZIP_LEVEL
from store.model import Segment, Toggle

LONGEST_SHARD = 256
# How many toggles may be encoded in one go, each in some 20 µs; more are encoded in portions of so
# many, between which others get their turn on the event loop.
MAX_ENCODED_AT_ONCE = 250

_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_LAST_BLOCK = b"\x03\0"
_HEAD = b'{"version":2,"features":['

_encode = msgspec.json.Encoder().encode


class PayloadScope(Struct, frozen=True):
    """Everything that decides what an SDK gets to see, apart from the revision.

    `token_projects` comes from the token, the filters from the query; empty means all.
    `inline` copies the constraints of segments into strategies, for SDKs that know none.
    """

    environment: str
    token_projects: tuple[str, ...] = ()
    inline: bool = True
    projects: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    name_prefix: str = ""

    @property
    def filtered(self) -> bool:
        """Whether the query asked for a part only."""
        return bool(self.projects or self.tags or self.name_prefix)

    def toggles(self, snapshot: Snapshot) -> Iterable[Toggle]:
        """The live toggles in scope, by name."""
        holds = self.membership()
        return filter(holds, snapshot.live_toggles) if holds else snapshot.live_toggles

    def membership(self) -> Callable[[Toggle], bool] | None:
        """Whether a live toggle is in scope, as a function; None where all are."""
        projects, tags, prefix = self._visible_projects(), frozenset(self.tags), self.name_prefix
        if projects is None and not tags and not prefix:
            return None

        def holds(toggle: Toggle) -> bool:
            return (
                (projects is None or toggle.project in projects)
                and toggle.name.startswith(prefix)
                and (not tags or any((it.type, it.value) in tags for it in toggle.tags))
            )

        return holds

    def query(self) -> dict[str, Any]:
        """The scope as the answer tells it."""
        document: dict[str, Any] = {}
        if self.tags:
            document["tag"] = self.tags
        if (projects := self._visible_projects()) is not None:
            document["project"] = sorted(projects)
        if self.name_prefix:
            document["namePrefix"] = self.name_prefix
        document["environment"] = self.environment
        document["inlineSegmentConstraints"] = self.inline
        return document

    def _visible_projects(self) -> frozenset[str] | None:
        """The projects whose toggles are in scope, None for all."""
        asked, allowed = frozenset(self.projects), frozenset(self.token_projects)
        if asked and allowed:
            return asked & allowed
        return asked or allowed or None


class Shard:
    """A run of neighbouring toggles, compressed on its own.

    Where a run ends is decided by names alone, so a change touches one shard, and all others keep
    their compressed bytes, whatever payloads they are part of.
    """

    def __init__(self, parts: Sequence[bytes], *, first: bool) -> None:
        self._parts = parts
        self._start = b"" if first else b","

    @property
    def plain(self) -> bytes:
        """The JSON of the toggles with the comma that parts them from those before."""
        return self._start + b",".join(self._parts)

    @cached_property
    def deflated(self) -> bytes:
        """The same as a piece of a deflate stream."""
        return _deflated(self.plain)


class Payload:
    """One finished answer: plain and gzip, each made when first asked for."""

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
        # What the plain body takes, to within the few bytes of its end.
        self.size = size
        self._scope = scope
        self.shards = shards
        self._segments = segments
        self._query_hash = query_hash(scope)
        # The revision is part of the body (`meta`), so it is part of the tag; the digest sees to it
        # that other content has another tag even if the revision should ever fail to move.
        tag = f"{self._query_hash}:{digest.hex()}:{revision_id}"
        self.etag = f'"{tag}"'
        # Two codings are two representations; strong tags tell them apart (RFC 9110, 8.8.3.3).
        self.gzip_etag = f'"{tag}:gzip"'

    async def compress(self) -> None:
        """Compress the shards that are not compressed yet, while others get their turn."""
        for shard in self.shards:
            if "deflated" not in vars(shard):
                await asyncio.sleep(0)
                _ = shard.deflated

    @cached_property
    def body(self) -> bytes:
        """The plain JSON."""
        return b"".join((_HEAD, *(it.plain for it in self.shards), self._tail(self.etag)))

    @cached_property
    def gzip_body(self) -> bytes:
        """The JSON, gzipped, from the pieces of the shards; `meta.etag` is that of this coding."""
        tail = self._tail(self.gzip_etag)
        pieces = [_GZIP_HEAD, _deflated(_HEAD)]
        checksum, length = zlib.crc32(_HEAD), len(_HEAD)
        for shard in self.shards:
            plain = shard.plain
            checksum, length = zlib.crc32(plain, checksum), length + len(plain)
            pieces.append(shard.deflated)
        checksum, length = zlib.crc32(tail, checksum), length + len(tail)
        pieces += (_deflated(tail), _LAST_BLOCK, pack("<LL", checksum, length & 0xFFFFFFFF))
        return b"".join(pieces)

    def _tail(self, etag: str) -> bytes:
        parts = [b'],"query":', _encode(self._scope.query())]
        if self._segments is not None:
            parts += (b',"segments":[', b",".join(it.json for it in self._segments), b"]")
        meta = {"revisionId": self.revision_id, "etag": etag, "queryHash": self._query_hash}
        parts += (b',"meta":', _encode(meta), b"}")
        return b"".join(parts)


class _Kept(Struct):
    revision: int
    payload: Payload


_Kepts: TypeAlias = OrderedDict[PayloadScope, _Kept]


class PayloadCache:
    """The payloads in use, least recently used ones dropped first.

    Those cut down by a query are kept apart, so that no client can push out what all others poll.
    """

    def __init__(
        self,
        *,
        max_scopes: int = 100,
        max_bytes: int = 256_000_000,
        max_filtered_bytes: int = 32_000_000,
    ) -> None:
        self._max_scopes = max_scopes
        self._caches: dict[bool, tuple[_Kepts, int]] = {
            False: (OrderedDict(), max_bytes),
            True: (OrderedDict(), max_filtered_bytes),
        }
        self._shards: WeakValueDictionary[bytes, Shard] = WeakValueDictionary()
        self._encoding = asyncio.Lock()

    @property
    def size(self) -> int:
        """What the plain bodies of all payloads take together, in bytes."""
        return sum(_size(cache) for cache, _ in self._caches.values())

    async def prepare(self, snapshot: Snapshot, scope: PayloadScope) -> None:
        """Encode what `payload` would have to encode, where it is much, while others get their
        turn; what one has encoded all who wait find done."""
        kept = self._caches[scope.filtered][0].get(scope)
        known = -1 if kept is None else kept.revision
        if known >= snapshot.revision:
            return
        async with self._encoding:
            await encode_many(snapshot, scope, since=known, inline=scope.inline)

    def payload(self, snapshot: Snapshot, scope: PayloadScope) -> Payload:
        """The payload of a scope at a snapshot; the same object while its content is the same."""
        cache, max_bytes = self._caches[scope.filtered]
        kept = cache.get(scope)
        if kept is None:
            kept = _Kept(snapshot.revision, self._assemble(snapshot, scope, None))
            cache[scope] = kept
            self._shrink(cache, max_bytes)
            return kept.payload
        cache.move_to_end(scope)
        if kept.revision < snapshot.revision:
            before = kept.payload
            kept.payload = self._assemble(snapshot, scope, before)
            kept.revision = snapshot.revision
            if kept.payload.size > before.size:
                self._shrink(cache, max_bytes)
        return kept.payload

    def _assemble(self, snapshot: Snapshot, scope: PayloadScope, before: Payload | None) -> Payload:
        environment, inline = scope.environment, scope.inline
        encoded = [
            encoded_toggle(it, environment, snapshot, inline=inline)
            for it in scope.toggles(snapshot)
        ]
        segments = None if inline else [encoded_segment(it) for it in _segments_used(encoded)]
        runs = [(_digest(it.digest for it in run), run) for run in _runs(encoded)]
        digest = _digest(
            (*(it for it, _ in runs), b"segments", *(it.digest for it in segments or ()))
        )
        if before is not None and before.digest == digest:
            return before
        return Payload(
            scope,
            digest=digest,
            revision_id=_revision_id(snapshot, environment, before),
            shards=[self._shard(*it, first=i == 0) for i, it in enumerate(runs)],
            segments=segments,
            size=sum(len(it.json) for it in encoded),
        )

    def _shard(self, digest: bytes, run: Sequence[Encoded], *, first: bool) -> Shard:
        key = b"first" + digest if first else digest
        shard = self._shards.get(key)
        if shard is None:
            shard = Shard([it.json for it in run], first=first)
            self._shards[key] = shard
        return shard

    def _shrink(self, cache: _Kepts, max_bytes: int) -> None:
        size = _size(cache)
        while len(cache) > 1 and (size > max_bytes or len(cache) > self._max_scopes):
            _, dropped = cache.popitem(last=False)
            size -= dropped.payload.size


async def encode_many(snapshot: Snapshot, scope: PayloadScope, *, since: int, inline: bool) -> None:
    """Encode the toggles of a scope that changed after a revision, where these are many, while
    others get their turn; whoever needs them then finds them encoded."""
    toggles = [it for it in scope.toggles(snapshot) if it.revision > since]
    if len(toggles) <= MAX_ENCODED_AT_ONCE:
        return
    for number, toggle in enumerate(toggles):
        if number % MAX_ENCODED_AT_ONCE == 0:
            await asyncio.sleep(0)
        encoded_toggle(toggle, scope.environment, snapshot, inline=inline)


def query_hash(scope: PayloadScope) -> str:
    """A short name for what a scope asks for; it is in `meta` and at the start of ETags."""
    return blake2b(_encode((scope.query(), scope.token_projects)), digest_size=4).hexdigest()


def _size(cache: _Kepts) -> int:
    return sum(it.payload.size for it in cache.values())


def _revision_id(snapshot: Snapshot, environment: str, before: Payload | None) -> int:
    """The revision at which a payload that is new just now last changed, as far as is known."""
    served = snapshot.environments[environment].served_revision
    # The content has changed, whatever the environment's own counter says.
    return served if before is None or served > before.revision_id else snapshot.revision


def _digest(parts: Iterable[bytes]) -> bytes:
    return blake2b(b"".join(parts), digest_size=DIGEST_SIZE).digest()


def _runs(encoded: Sequence[Encoded]) -> Iterator[Sequence[Encoded]]:
    start = 0
    for end, it in enumerate(encoded, 1):
        if it.ends_shard or end - start == LONGEST_SHARD:
            yield encoded[start:end]
            start = end
    if start < len(encoded):
        yield encoded[start:]


def _segments_used(encoded: Iterable[Encoded]) -> list[Segment]:
    used = {segment.id: segment for it in encoded for segment in it.segments}
    return [used[number] for number in sorted(used)]


def _deflated(plain: bytes) -> bytes:
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)
