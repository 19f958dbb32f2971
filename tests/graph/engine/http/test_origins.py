"""Web origins are parsed and compared."""

import pytest
from starlette.types import Scope

from graph.engine.http.origins import is_foreign, parse_host, parse_origin


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
    scope = scope_of(host=host) if origin is None else scope_of(host=host, origin=origin)
    listed = ("https://admin.example.com", "http://dev.example.com:80")

    assert is_foreign(scope, listed) is foreign
    assert is_foreign(scope, ("*",)) is False


@pytest.mark.parametrize(
    ("scheme", "origin", "foreign"),
    [
        ("http", "http://flags.example.com", False),
        ("http", "https://flags.example.com", False),
        ("ws", "https://flags.example.com", False),
        ("https", "https://flags.example.com", False),
        ("wss", "https://flags.example.com", False),
        ("https", "http://flags.example.com", True),
        ("wss", "http://flags.example.com", True),
        ("http", "capacitor://flags.example.com", True),
        ("http", "chrome-extension://flags.example.com", True),
    ],
)
def test_a_page_over_http_is_foreign_where_https_is_known_to_be_used(
    scheme: str, origin: str, foreign: bool
) -> None:
    scope = scope_of(scheme, host="flags.example.com", origin=origin)

    assert is_foreign(scope, ()) is foreign


@pytest.mark.parametrize(
    ("origin", "site", "foreign"),
    [
        (None, None, False),
        (None, "same-origin", False),
        (None, "none", False),
        (None, "cross-site", True),
        (None, "same-site", True),
        (
            "https://public.example.com",
            "same-origin",
            False,
        ),  # behind a proxy that changes Host
        ("https://public.example.com", "same-site", True),
        ("https://public.example.com", "cross-site", True),
        ("https://public.example.com", None, True),
        ("null", "same-origin", True),
        ("http://upstream:4242", "same-site", False),
    ],
)
def test_browsers_say_whether_a_page_is_of_this_server(
    origin: str | None, site: str | None, foreign: bool
) -> None:
    sent = {"origin": origin, "sec_fetch_site": site}
    scope = scope_of(host="upstream:4242", **{k: v for k, v in sent.items() if v is not None})

    assert is_foreign(scope, ()) is foreign


def test_two_origins_are_foreign() -> None:
    scope = scope_of(host="localhost", origin="http://localhost")
    scope["headers"].append((b"origin", b"http://localhost"))

    assert is_foreign(scope, ("http://localhost",))


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("localhost", ("localhost", None)),
        ("LOCALHOST:4242", ("localhost", 4242)),
        ("localhost.", ("localhost.", None)),
        ("[::1]:4242", ("::1", 4242)),
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("", None),
        (":4242", None),
        ("::1", None),
        ("localhost:", None),
        ("localhost:port", None),
        ("localhost:99999", None),
        ("localhost:1:2", None),
        ("[localhost]", None),
        ("[127.0.0.1]", None),
        ("[::1", None),
        ("[::1]evil.example.com", None),
        ("[::1%25lo]", None),
        ("user@localhost", None),
        ("localhost:4242@evil.example.com", None),
        ("localhost/evil.example.com", None),
        ("localhost, evil.example.com", None),
        ("localhost evil.example.com", None),
        ("localhost\\evil.example.com", None),
    ],
)
def test_a_host_is_a_name_or_an_address_with_a_port(
    text: str, parsed: tuple[str, int | None] | None
) -> None:
    assert parse_host(text) == parsed


def scope_of(scheme: str = "http", **headers: str) -> Scope:
    """Return the scope of a request with headers. In header names, underscores replace hyphens."""
    sent = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return {"type": "http", "scheme": scheme, "headers": sent}
