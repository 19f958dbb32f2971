"""Web origins: how they are read and compared."""

import pytest
from starlette.datastructures import Headers

from graph.transports.origins import is_foreign, parse_origin


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("https://example.com", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("HTTPS://Example.COM", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://[::1]:443", "https://[::1]"),
        ("http://[0:0:0:0:0:0:0:1]:4242", "http://[::1]:4242"),
        ("http://[2001:DB8::A]", "http://[2001:db8::a]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_has_one_canonical_form(text: str, canonical: str) -> None:
    assert str(parse_origin(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "*",
        "example.com",
        "://example.com",
        "https://",
        "https://:443",
        "https://example.com/",
        "https://example.com?x",
        "https://user@example.com",
        "https://*.example.com",
        "https://example.com:port",
        "https://example.com:99999",
        "https://[::1",
        "https://[1.2.3.4]",
        "https://a b",
    ],
)
def test_what_is_no_origin_is_none(text: str) -> None:
    assert parse_origin(text) is None


@pytest.mark.parametrize(
    ("origin", "host", "foreign"),
    [
        (None, "flags.example.com", False),
        ("https://flags.example.com", "flags.example.com", False),
        ("https://flags.example.com", "flags.example.com:443", False),
        ("https://flags.example.com:443", "flags.example.com", False),
        ("http://flags.example.com:80", "flags.example.com", False),
        ("http://flags.example.com", "FLAGS.example.com:80", False),
        ("http://[::1]:4242", "[::1]:4242", False),
        ("http://[::1]", "[::1]:80", False),
        ("https://flags.example.com", "flags.example.com:80", True),
        ("https://flags.example.com:8443", "flags.example.com", True),
        ("http://[::1]:4242", "[::2]:4242", True),
        ("https://evil.example.com", "flags.example.com", True),
        ("https://flags.example.com.evil.example", "flags.example.com", True),
        ("null", "flags.example.com", True),
        ("", "flags.example.com", True),
        ("https://admin.example.com:443", "flags.example.com", False),
        ("https://admin.example.com", "flags.example.com", False),
        ("http://admin.example.com", "flags.example.com", True),
        ("http://dev.example.com", "flags.example.com", False),
        ("http://dev.example.com:3000", "flags.example.com", True),
    ],
)
def test_pages_of_this_server_and_of_listed_origins_are_not_foreign(
    origin: str | None, host: str, foreign: bool
) -> None:
    headers = Headers({"host": host} if origin is None else {"host": host, "origin": origin})
    listed = ("https://admin.example.com", "http://dev.example.com:80")

    assert is_foreign(headers, listed) is foreign
    assert is_foreign(headers, ("*",)) is False
