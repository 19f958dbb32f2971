"""Which coding a client gets, by its header Accept-Encoding."""

import pytest

from store.content_coding import accepts_gzip, selects_gzip


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
