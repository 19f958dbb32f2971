"""Compress bodies with gzip, and unpack bodies with gzip or deflate (RFC 9110, 8.4).

The module is part of `store`, because `graph` and `rest_compat` use the module but do not import
each other.
"""

import gzip
import zlib
from functools import lru_cache

from msgspec import Struct

MIN_GZIP_BYTES = 1024
GZIP_LEVEL = 6
# gzip data is a series of members (RFC 1952, 2.2), but most programs write only one member.
MAX_GZIP_MEMBERS = 1_000
# The number of compressed bytes to pass to the decoder at once. For each gzip member in such a
# piece, the decoder copies all bytes after the member, so pieces must be small.
PIECE_BYTES = 65_536

_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
CODINGS = frozenset(_WINDOW_BITS)
_RAW_DEFLATE = -15


class CodingError(Exception):
    """A body does not match its content coding."""


class UnpackedTooLargeError(Exception):
    """An unpacked body exceeds the limit."""


class _Accepted(Struct, frozen=True):
    """Whether a client accepts and prefers gzip, and whether it refuses bodies without a coding."""

    gzip: bool
    only_coded: bool


def selects_gzip(accept_encoding: str | None, size: int) -> bool:
    """Whether to gzip a body of `size` bytes for a client with this Accept-Encoding header.

    Small bodies are gzipped only for clients that refuse uncompressed bodies (`identity;q=0`).
    """
    accepted = _accepted(accept_encoding)
    return accepted.gzip and (size >= MIN_GZIP_BYTES or accepted.only_coded)


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an Accept-Encoding header permits a gzipped answer."""
    return _accepted(accept_encoding).gzip


def gzipped(body: bytes) -> bytes:
    """Compress a body with gzip; the result depends only on the body."""
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def unpack(body: bytes, coding: str, *, limit: int) -> bytes:
    """Unpack a body with one of `CODINGS`; stop after `limit` + 1 bytes.

    Raises:
        CodingError: the body is truncated or not valid, has trailing data, or has more than
            MAX_GZIP_MEMBERS members.
        UnpackedTooLargeError: the result is larger than the limit.
    """
    bits = _WINDOW_BITS[coding]
    # By the standard, "deflate" means zlib data, but some clients send a bare deflate stream. The
    # first byte shows the format.
    if coding == "deflate" and (not body or body[0] & 0x0F != 8):
        bits = _RAW_DEFLATE
    parts: list[bytes] = []
    rest, left = memoryview(body), limit
    for _ in range(1 if coding == "deflate" else MAX_GZIP_MEMBERS):
        unpacker = zlib.decompressobj(bits)
        while rest and not unpacker.eof:
            piece = rest[:PIECE_BYTES]
            try:
                part = unpacker.decompress(piece, left + 1)
            except zlib.error:
                raise CodingError(f"The body is not valid {coding} data.") from None
            if len(part) > left:
                message = f"The unpacked body is larger than {limit:,} bytes."
                raise UnpackedTooLargeError(message)
            parts.append(part)
            left -= len(part)
            rest = rest[len(piece) - len(unpacker.unused_data) :]
        if not unpacker.eof:
            raise CodingError(f"The {coding} data of the body is truncated.")
        if not rest:
            return b"".join(parts)
    if coding == "deflate":
        raise CodingError("The body has trailing data after its deflate data.")
    raise CodingError(f"The body has more than {MAX_GZIP_MEMBERS:,} gzip members.")


@lru_cache(maxsize=64)
def _accepted(accept_encoding: str | None) -> _Accepted:
    qualities: dict[str, float] = {}
    for item in (accept_encoding or "").lower().split(","):
        coding, *parameters = (part.strip() for part in item.split(";"))
        qualities[coding] = _quality(parameters)
    anything = qualities.get("*", 0.0)
    for_gzip = qualities.get("gzip", qualities.get("x-gzip", anything))
    # Bodies without a coding are acceptable by default, but `*;q=0` excludes such bodies.
    identity = qualities.get("identity", 0.0 if "*" in qualities and not anything else None)
    preferred = identity is None or identity <= for_gzip
    return _Accepted(gzip=for_gzip > 0 and preferred, only_coded=identity == 0)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
