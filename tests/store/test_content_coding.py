"""Accept-Encoding determines the coding of answers, and encoded bodies are decoded."""

import gzip
import zlib

import pytest

from store.content_coding import (
    MAX_GZIP_MEMBERS,
    CodingError,
    UnpackedTooLargeError,
    accepts_gzip,
    selects_gzip,
    unpack,
)


@pytest.mark.parametrize(
    ("accept_encoding", "accepted"),
    [
        ("gzip", True),
        ("gzip,deflate", True),
        ("deflate, GZIP ; q=0.5", True),
        ("gzip; Q = 1.0", True),
        ("x-gzip", True),
        ("*", True),
        ("*;q=0, gzip", True),
        ("identity;q=0, *", True),
        ("identity;q=0.5, gzip;q=0.5", True),
        (None, False),
        ("identity", False),
        ("", False),
        (",;,", False),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("gzip;q=high", False),
        ("gzip;q=nan", False),
        ("gzip;q=0.5, identity", False),
        ("*;q=0", False),
        ("gzipped", False),
    ],
)
def test_gzip_comes_only_where_it_is_accepted_and_preferred(
    accept_encoding: str | None, accepted: bool
) -> None:
    assert accepts_gzip(accept_encoding) is accepted


@pytest.mark.parametrize(
    ("accept_encoding", "size", "selected"),
    [
        ("gzip", 1023, False),
        ("gzip", 1024, True),
        ("gzip, identity;q=0", 1, True),
        ("*;q=0, gzip", 1, True),
        ("identity;q=0", 5000, False),
        ("*;q=0", 5000, False),
    ],
)
def test_small_bodies_are_gzipped_only_where_nothing_else_is_accepted(
    accept_encoding: str, size: int, selected: bool
) -> None:
    assert selects_gzip(accept_encoding, size) is selected


@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_the_members_of_gzip_data_are_joined(coding: str) -> None:
    parts = [b"", b"a" * 200_000, b"b", b""]

    assert unpack(b"".join(map(gzip.compress, parts)), coding, limit=200_001) == b"".join(parts)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(b"a") + gzip.compress(b"b")[:-1], "gzip"),
        (gzip.compress(b"a") + bytes(8), "gzip"),
        (gzip.compress(b"") * (MAX_GZIP_MEMBERS + 1), "gzip"),
        (zlib.compress(b"a") + zlib.compress(b"b"), "deflate"),
    ],
    ids=["cut off", "zeros", "too many", "deflate"],
)
def test_what_follows_must_be_whole_members_and_not_too_many(body: bytes, coding: str) -> None:
    with pytest.raises(CodingError):
        unpack(body, coding, limit=1_000)


def test_the_limit_holds_for_all_members_together() -> None:
    members = gzip.compress(b"a" * 600) + gzip.compress(b"a" * 401)

    assert len(unpack(members, "gzip", limit=1_001)) == 1_001
    with pytest.raises(UnpackedTooLargeError):
        unpack(members, "gzip", limit=1_000)
