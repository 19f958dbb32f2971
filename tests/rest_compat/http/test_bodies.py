"""Reading request bodies: limits, codings, media types, and invalid JSON."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.http import request as http_request
from rest_compat.http.asgi import Message
from rest_compat.http.decoding import decode_json, unpack_body
from rest_compat.http.errors import BadDataError, BodyTooLargeError
from store import Store
from tests.rest_compat.conftest import MakeClient, MakeToken, elsewhere

PATH = "/api/client/metrics"
JSON = "application/json; charset=utf-8"
LIMIT = 1_000_000
REPORT = json.dumps({"appName": "a", "bucket": {"start": 0, "stop": 1, "toggles": {}}}).encode()


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


async def test_json_is_taken_by_its_media_type(client: httpx.AsyncClient) -> None:
    for content_type in (
        None,
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON;charset=UTF-8",
        "application/problem+json",
    ):
        headers = {"content-type": content_type} if content_type else {}
        answer = await client.post(PATH, content=REPORT, headers=headers)
        assert (answer.status_code, answer.content) == (202, b""), content_type


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/xml",
        "json",
        "\u00ff",
    ],
)
async def test_other_media_types_are_415(client: httpx.AsyncClient, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode("latin-1"))]

    answer = await client.post(PATH, content=REPORT, headers=headers)

    assert answer.status_code == 415
    assert answer.headers["content-type"] == JSON
    assert answer.json()["name"] == "ContentTypeError"


async def test_bodies_may_be_compressed(client: httpx.AsyncClient) -> None:
    for coding, body in (
        ("identity", REPORT),
        ("gzip", gzip.compress(REPORT)),
        ("GZIP", gzip.compress(REPORT)),
        ("x-gzip", gzip.compress(REPORT)),
        ("gzip", b"".join(map(gzip.compress, (REPORT[:7], b"", REPORT[7:])))),
        ("deflate", zlib.compress(REPORT)),
        ("deflate", raw_deflate(REPORT)),
    ):
        answer = await client.post(PATH, content=body, headers={"content-encoding": coding})
        assert answer.status_code == 202, (coding, body)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
async def test_unknown_codings_are_415(client: httpx.AsyncClient, coding: str) -> None:
    answer = await client.post(PATH, content=REPORT, headers={"content-encoding": coding})

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"no gzip",
        b"",
        gzip.compress(REPORT, mtime=0)[:-9],
        gzip.compress(REPORT, mtime=0) + b"more",
        b"\x1f\x8b",
    ],
)
async def test_broken_gzip_is_400(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(PATH, content=body, headers={"content-encoding": "gzip"})

    assert answer.status_code == 400
    assert answer.json()["details"][0]["path"] == "/body"


@pytest.mark.parametrize(
    "bomb",
    [gzip.compress(bytes(12_000_000)), gzip.compress(bytes(LIMIT // 2)) * 3],
    ids=["one member", "three members"],
)
def test_a_bomb_is_refused_before_it_is_in_memory(bomb: bytes) -> None:
    with pytest.raises(BodyTooLargeError):
        unpack_body(bomb, "gzip", limit=LIMIT)


async def test_a_body_of_the_limit_passes_and_one_more_byte_does_not(
    client: httpx.AsyncClient,
) -> None:
    largest = REPORT + b" " * (LIMIT - len(REPORT))

    passed = await client.post(PATH, content=largest)
    refused = await client.post(PATH, content=largest + b" ")
    unpacked_larger = await client.post(
        PATH, content=gzip.compress(largest + b" "), headers={"content-encoding": "gzip"}
    )

    assert passed.status_code == 202
    assert refused.status_code == 413
    assert refused.headers["content-type"] == JSON
    assert refused.json()["message"]
    assert unpacked_larger.status_code == 413


async def test_chunks_are_counted_as_they_come(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 100_000
            yield bytes(100_000)

    answer = await client.post(PATH, content=endless())

    assert answer.status_code == 413
    # The server continues to read, because some clients send the whole body before they read the
    # answer. Then the server closes the connection.
    assert answer.headers["connection"] == "close"
    assert sent < 2 * http_request.MAX_DISCARDED_BYTES


async def test_a_client_that_asks_first_need_not_send_what_is_too_large(
    client: httpx.AsyncClient,
) -> None:
    started = False

    async def body() -> AsyncIterator[bytes]:
        nonlocal started
        started = True
        yield b"{}"

    headers = {"content-length": "20000000", "expect": "100-continue"}
    answer = await client.post(PATH, content=body(), headers=headers)

    assert answer.status_code == 413
    assert not started


@pytest.mark.parametrize("with_length", [True, False])
@pytest.mark.parametrize(("below", "status"), [(0, 202), (1, 413)])
async def test_the_limit_is_a_setting(
    store: Store,
    make_client: MakeClient,
    make_token: MakeToken,
    with_length: bool,
    below: int,
    status: int,
) -> None:
    small = rest_app(store, RestConfig(max_body_bytes=len(REPORT) - below), elsewhere)

    async def chunks() -> AsyncIterator[bytes]:
        yield REPORT

    body = REPORT if with_length else chunks()
    answer = await make_client(await make_token(), app=small).post(PATH, content=body)

    assert answer.status_code == status


async def test_a_body_that_does_not_arrive_is_408(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_request, "BODY_DEADLINE_S", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    answer = await client.post(PATH, content=slow())

    assert answer.status_code == 408
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nope",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b'{"appName": "\xff"}',
        b'{"appName": "\\ud800"}',
        b'{"appName": NaN}',
        b'{"appName": 1e400}',
        b'{"appName": "a"} trailing',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
        b'{"appName": "a\\u0000b"}',
        b'{"a\\u0000": 1}',
    ],
)
async def test_what_is_no_sound_json_is_400(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(PATH, content=body)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == JSON
    assert answer.json().keys() == {"id", "name", "message", "details"}
    assert answer.json()["details"][0]["path"].startswith("/body")


@pytest.mark.parametrize("body", [b"null", b"5", b'"x"', b"true", b"[]"])
async def test_json_of_another_kind_is_400(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(PATH, content=body)

    assert answer.status_code == 400


def test_nesting_counts_levels_not_brackets() -> None:
    wide = b"[" + b"[]," * 10_000 + b"[]]"
    deepest = b"[" * 64 + b"]" * 64
    text = json.dumps("[{" * 1_000).encode()

    assert len(decode_json(wide)) == 10_001
    assert decode_json(deepest)
    assert decode_json(text) == "[{" * 1_000
    with pytest.raises(BadDataError):
        decode_json(b"[" + deepest + b"]")


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    assert decode_json(b'["\\\\u0000"]') == ["\\u0000"]


@pytest.mark.parametrize(
    "number",
    [
        b"9223372036854775808",
        b"-9223372036854775809",
        b"18446744073709551615",
        b"18446744073709551616",
        b"9" * 300,
    ],
)
@pytest.mark.parametrize("text", [b"%s", b"[1, %s ]", b'{"a": {"b":%s}}', b'["%s", %s]'])
def test_whole_numbers_have_64_bits(number: bytes, text: bytes) -> None:
    with pytest.raises(BadDataError, match="64 bits"):
        decode_json(text.replace(b"%s", number))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775808", -(2**63)),
        (b"1e30", 1e30),
        (b"12345678901234567890.5", 12345678901234567890.5),
        (b"1.2345678901234567890123", 1.2345678901234568),
        (b'"99999999999999999999"', "99999999999999999999"),
        (b'{"99999999999999999999": 1e99}', {"99999999999999999999": 1e99}),
    ],
)
def test_what_only_looks_like_a_longer_whole_number_is_taken(text: bytes, value: object) -> None:
    assert decode_json(text) == value


@pytest.mark.parametrize(
    "query",
    ["namePrefix=%00", "%00=a", "tag=simple:a%00b", "namePrefix=%ff", "namePrefix=%ed%a0%80"],
)
async def test_a_query_of_what_is_no_text_is_400(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/client/features?{query}")

    assert answer.status_code == 400
    assert answer.json()["message"] in (
        "The query contains a NUL character.",
        "The query is not UTF-8.",
    )


async def test_a_query_of_too_many_parameters_is_400(client: httpx.AsyncClient) -> None:
    maximum = "&".join(["a=1"] * 500)

    taken = await client.get(f"/api/client/features?{maximum}")
    refused = await client.get(f"/api/client/features?{maximum}&a=1")

    assert taken.status_code == 200
    assert refused.status_code == 400
    assert "500" in refused.json()["message"]


def test_no_body_is_an_empty_object() -> None:
    assert decode_json(b"") == {}


async def test_a_client_that_hangs_up_gets_no_answer(store: Store, make_token: MakeToken) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [(b"authorization", (await make_token()).encode())],
    }
    await rest_app(store, RestConfig(), elsewhere)(scope, receive, send)

    assert sent == []


async def test_a_lack_of_memory_is_503_and_logged(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def starve(_: bytes) -> None:
        raise orjson.JSONDecodeError("Not enough memory to allocate buffer for parsing", "", 0)

    with monkeypatch.context() as patches:
        patches.setattr(orjson, "loads", starve)
        answer = await client.post("/api/client/register", content=b'{"appName": "a"}')

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["name"] == "ServiceUnavailableError"
    assert "out of memory" in caplog.text
