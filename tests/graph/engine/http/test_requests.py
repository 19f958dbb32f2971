"""GraphQL over HTTP: bodies and query strings that are invalid, too large or too slow."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable

import orjson
import pytest

from graph.engine.http.negotiation import JSON
from store import Store
from store.json_checks import MAX_NESTING
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token, revoke_token
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.raw_requests import BODY, QUERY, get, post_raw, refusal

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERSISTED = b'{"extensions": {"persistedQuery": {"version": %s, "sha256Hash": "%s"}}}'
BODIES_REFUSED = {
    "empty": b"",
    "cut off": b'{"query": "{ viewer',
    "null": b"null",
    "number": b"5",
    "text": b'"x"',
    "batch": b'[{"query": "{ viewer { canWrite } }"}]',
    "no query": b"{}",
    "null query": b'{"query": null}',
    "empty query": b'{"query": ""}',
    "query of a wrong type": b'{"query": 5}',
    "variables as text": b'{"query": "{ viewer { canWrite } }", "variables": "{}"}',
    "variables as list": b'{"query": "{ viewer { canWrite } }", "variables": []}',
    "operation name as number": b'{"query": "{ viewer { canWrite } }", "operationName": 7}',
    "extensions as text": b'{"query": "{ viewer { canWrite } }", "extensions": "x"}',
    "not UTF-8": b'{"query": "\xff"}',
    "byte order mark": b'\xef\xbb\xbf{"query": "{ viewer { canWrite } }"}',
    "UTF-16": '{"query": "{ viewer { canWrite } }"}'.encode("utf-16"),
    "NaN": b'{"query": "{ viewer { canWrite } }", "variables": {"n": NaN}}',
    "infinity": b'{"query": "{ viewer { canWrite } }", "variables": {"n": 1e400}}',
    "65 bits": b'{"query": "{ viewer { canWrite } }", "variables": {"n": 9223372036854775808}}',
    "5,000 digits": b'{"query": "{ viewer { canWrite } }", "variables": {"n": %s}}' % (b"9" * 5000),
    "NUL": b'{"query": "{ viewer { canWrite } }", "variables": {"n": ["a\\u0000b"]}}',
    "NUL in a key": b'{"query": "{ viewer { canWrite } }", "variables": {"a\\u0000b": 1}}',
    "NUL in the query": b'{"query": "{ viewer { canWrite } } #\\u0000"}',
    "lone surrogate": b'{"query": "{ viewer { canWrite } }", "variables": {"n": "\\ud800"}}',
    "deep": b'{"query": "{ viewer { canWrite } }", "variables": {"n": %s%s}}'
    % (b"[" * 70, b"]" * 70),
    "very deep": b"[" * 100_000,
    "unknown version of persisted queries": PERSISTED % (b"2", b"0" * 64),
    "version of persisted queries as boolean": PERSISTED % (b"true", b"0" * 64),
    "persisted query as text": b'{"extensions": {"persistedQuery": "abc"}}',
    "persisted query without hash": b'{"extensions": {"persistedQuery": {"version": 1}}}',
    "short hash": b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "abc"}}}',
    "document id as number": b'{"documentId": 5}',
    "long document id": b'{"documentId": "%s"}' % (b"x" * 201),
    "document id beside a query": b'{"documentId": "x", "query": "{ viewer { canWrite } }"}',
}


@pytest.mark.parametrize("body", BODIES_REFUSED.values(), ids=BODIES_REFUSED)
async def test_a_body_that_is_no_request_is_400(shared_gateway: Gateway, body: bytes) -> None:
    response = await post_raw(shared_gateway, body)

    assert refusal(response) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    "query_string",
    [
        "query=%FF",
        "query=%7Bviewer%7BcanWrite%7D%7D&variables=%7B",
        "query=%7Bviewer%7BcanWrite%7D%7D&variables=[]",
        "query=a%00b",
        "variables={}",
        "&".join(f"a{n}=b" for n in range(50)),
    ],
)
async def test_an_address_that_is_no_request_is_400(
    shared_gateway: Gateway, query_string: str
) -> None:
    response = await shared_gateway.client.get(
        f"/graphql?{query_string}", headers={**shared_gateway.headers("admin"), "Accept": JSON}
    )

    assert refusal(response) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(("levels", "status"), [(MAX_NESTING, 200), (MAX_NESTING + 1, 400)])
async def test_a_request_is_nested_no_deeper_than_the_limit(
    shared_gateway: Gateway, levels: int, status: int
) -> None:
    def variables(within: int) -> str:
        lists = levels - within
        return f'{{"n": {"[" * lists}1{"]" * lists}}}'

    # The variables in a body are one level deeper than the variables in a URL.
    body = f'{{"query": "{QUERY}", "variables": {variables(2)}}}'
    posted = await post_raw(shared_gateway, body.encode())
    sent = await get(shared_gateway, query=QUERY, variables=variables(1))

    assert (posted.status_code, sent.status_code) == (status, status)


@pytest.mark.parametrize(("token", "limit"), [("viewer", 1_000_000), ("admin", 10_000_000)])
async def test_a_body_beyond_the_limit_of_its_token_is_413(
    shared_gateway: Gateway, token: str, limit: int
) -> None:
    frame = b'{"query": "{ viewer { canWrite } }", "variables": {"x": "%s"}}'
    fitting = limit - len(frame) + 2

    largest = await post_raw(shared_gateway, frame % (b"x" * fitting), token=token)
    larger = await post_raw(shared_gateway, frame % (b"x" * (fitting + 1)), token=token)

    assert largest.status_code == 200
    assert refusal(larger) == (413, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
        ("", bytes),
    ],
)
async def test_a_body_may_be_compressed(
    shared_gateway: Gateway, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    body = b'{"query": "{ viewer { canWrite } }"}'

    response = await post_raw(shared_gateway, pack(body), **{"Content-Encoding": coding})

    assert response.json() == {"data": {"viewer": {"canWrite": True}}}


PACKED = gzip.compress(b'{"query": "{ viewer { canWrite } }"}')
BROKEN_GZIP = {
    "empty": b"",
    "plain": b"{}",
    "head only": PACKED[:10],
    "cut off": PACKED[:-1],
    "with more": PACKED + b"more",
    "no JSON": gzip.compress(b'{"query": '),
}


@pytest.mark.parametrize("body", BROKEN_GZIP.values(), ids=BROKEN_GZIP)
async def test_a_broken_compressed_body_is_400(shared_gateway: Gateway, body: bytes) -> None:
    response = await post_raw(shared_gateway, body, **{"Content-Encoding": "gzip"})

    assert refusal(response) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(("token", "limit"), [("viewer", 1_000_000), ("admin", 10_000_000)])
async def test_a_limit_holds_for_the_body_once_unpacked(
    shared_gateway: Gateway, token: str, limit: int
) -> None:
    body = b'{"query": "{ viewer { canWrite } }"}'
    packed = {"Content-Encoding": "gzip"}

    largest = await post_raw(
        shared_gateway, gzip.compress(body.ljust(limit)), token=token, **packed
    )
    larger = await post_raw(
        shared_gateway, gzip.compress(body.ljust(limit + 1)), token=token, **packed
    )
    bomb = await post_raw(shared_gateway, gzip.compress(bytes(50_000_000)), token=token, **packed)

    assert largest.status_code == 200
    assert refusal(larger) == refusal(bomb) == (413, "BAD_USER_INPUT")


async def test_an_endless_body_is_not_read_to_its_end(shared_gateway: Gateway) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    response = await shared_gateway.client.post(
        "/graphql",
        content=endless(),
        headers={"Content-Type": JSON, **shared_gateway.headers("viewer")},
    )

    assert refusal(response) == (413, "BAD_USER_INPUT")
    assert sent < 2_000_000


async def test_a_body_that_does_not_arrive_in_time_is_408(shared_store: Store) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    async with gateway_over(shared_store, body_deadline_s=0.1) as gateway:
        response = await gateway.client.post(
            "/graphql",
            content=dripping(),
            headers={"Content-Type": JSON, **gateway.headers("viewer")},
        )

    assert refusal(response) == (408, "TIMEOUT")
    assert response.headers["connection"] == "close"


async def test_a_lack_of_memory_is_503_and_logged(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def starve(_: bytes) -> None:
        raise orjson.JSONDecodeError("Not enough memory to allocate buffer for parsing", "", 0)

    with monkeypatch.context() as patches:
        patches.setattr(orjson, "loads", starve)
        response = await post_raw(shared_gateway, BODY)

    assert refusal(response) == (503, "UNAVAILABLE")
    assert response.headers["retry-after"] == "1"
    assert "out of memory" in caplog.text


async def test_a_token_that_is_revoked_while_the_body_arrives_runs_nothing(
    shared_gateway: Gateway,
) -> None:
    store = shared_gateway.store
    async with store.write(SYSTEM) as work:
        token, secret = await create_token(work, name="short", type=ApiTokenType.ADMIN)

    async def body() -> AsyncIterator[bytes]:
        yield BODY[:10]
        async with store.write(SYSTEM) as work:
            await revoke_token(work, token.id)
        yield BODY[10:]

    headers = {"Authorization": secret, "Content-Type": "application/json"}
    answer = await shared_gateway.client.post("/graphql", content=body(), headers=headers)

    assert refusal(answer) == (401, "UNAUTHENTICATED")
