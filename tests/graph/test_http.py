"""GraphQL over HTTP: methods, media types, status codes, and bodies that are no requests."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph.negotiation import GRAPHQL_JSON, JSON
from graph.schema import print_sdl
from store import Store
from store.model import SYSTEM
from tests.graph.gateway import Gateway, gateway_over

QUERY = "{ viewer { canWrite } }"
MUTATION = 'mutation { toggleCreate(input: { name: "t" }) { toggle { name } } }'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


async def post_raw(
    gateway: Gateway, content: bytes, *, token: str = "admin", **headers: str
) -> httpx.Response:
    """The answer to a body that is sent as it is."""
    return await gateway.client.post(
        "/graphql",
        content=content,
        headers={"Content-Type": JSON, **gateway.headers(token), **headers},
    )


async def get(
    gateway: Gateway, *, accept: str = JSON, if_none_match: str | None = None, **params: str
) -> httpx.Response:
    """The answer to a GET with an admin token."""
    headers = {**gateway.headers("admin"), "Accept": accept}
    if if_none_match is not None:
        headers["If-None-Match"] = if_none_match
    return await gateway.client.get("/graphql", params=params, headers=headers)


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer that has one error and no data."""
    answer = response.json()
    (error,) = answer["errors"]
    assert "data" not in answer
    assert error["message"]
    return response.status_code, error["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL_JSON),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_JSON),
        ("application/json, application/graphql-response+json", GRAPHQL_JSON),
        ("application/graphql-response+json;q=0.2, application/json", JSON),
        ("text/html, */*;q=0.1", JSON),
    ],
)
async def test_the_answer_has_the_media_type_asked_for(
    gateway: Gateway, accept: str | None, media_type: str
) -> None:
    headers = {"Accept": accept} if accept else {"Accept": ""}

    response = await post_raw(gateway, b'{"query": "{ viewer { canWrite } }"}', **headers)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize("accept", ["text/plain", "application/json;q=0", "image/*"])
async def test_a_client_that_takes_no_json_gets_406(gateway: Gateway, accept: str) -> None:
    response = await post_raw(gateway, b'{"query": "{ viewer { canWrite } }"}', Accept=accept)

    assert refusal(response) == (406, "BAD_USER_INPUT")


async def test_queries_can_come_by_get(gateway: Gateway) -> None:
    response = await get(
        gateway,
        query="query A($n: String!) { toggle(name: $n) { id } } query B { viewer { canWrite } }",
        variables='{"n": "x"}',
        operationName="A",
        extensions="{}",
    )

    assert response.json() == {"data": {"toggle": None}}


async def test_a_mutation_by_get_is_405(gateway: Gateway) -> None:
    response = await get(gateway, query=MUTATION)

    assert refusal(response) == (405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "POST"
    assert "t" not in gateway.store.snapshot.toggles


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_are_405(gateway: Gateway, method: str) -> None:
    response = await gateway.client.request(
        method, "/graphql", headers=gateway.headers("admin"), params={"query": QUERY}
    )

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
    ],
)
async def test_other_content_types_are_415(gateway: Gateway, content_type: str) -> None:
    response = await gateway.client.post(
        "/graphql",
        content=b'{"query": "{ viewer { canWrite } }"}',
        headers={**gateway.headers("admin"), "Content-Type": content_type},
    )

    assert refusal(response) == (415, "BAD_USER_INPUT")


async def test_json_may_say_its_charset(gateway: Gateway) -> None:
    response = await post_raw(
        gateway,
        b'{"query": "{ viewer { canWrite } }"}',
        **{"Content-Type": 'application/json; charset="UTF-8"'},
    )

    assert response.status_code == 200


async def test_a_compressed_body_is_415(gateway: Gateway) -> None:
    response = await post_raw(gateway, b"\x1f\x8b", **{"Content-Encoding": "gzip"})

    assert refusal(response) == (415, "BAD_USER_INPUT")


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
    "unknown version of persisted queries": b'{"extensions": {"persistedQuery": {"version": 2}}}',
    "persisted query as text": b'{"extensions": {"persistedQuery": "abc"}}',
    "persisted query without hash": b'{"extensions": {"persistedQuery": {"version": 1}}}',
    "short hash": b'{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "abc"}}}',
    "document id as number": b'{"documentId": 5}',
    "long document id": b'{"documentId": "%s"}' % (b"x" * 201),
    "document id beside a query": b'{"documentId": "x", "query": "{ viewer { canWrite } }"}',
}


@pytest.mark.parametrize("body", BODIES_REFUSED.values(), ids=BODIES_REFUSED)
async def test_a_body_that_is_no_request_is_400(gateway: Gateway, body: bytes) -> None:
    response = await post_raw(gateway, body)

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
async def test_an_address_that_is_no_request_is_400(gateway: Gateway, query_string: str) -> None:
    response = await gateway.client.get(
        f"/graphql?{query_string}", headers={**gateway.headers("admin"), "Accept": JSON}
    )

    assert refusal(response) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("accept", "telling"), [("*/*", True), (GRAPHQL_JSON, True), (JSON, False)]
)
@pytest.mark.parametrize(
    ("request_body", "status", "code"),
    [
        ({"query": "{ viewer"}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": '{ toggle(name: "\\u0000") { id } }'}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": '{ toggle(name: "\\uD800") { id } }'}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, 422, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ toggle(name: 5) { id } }"}, 422, "GRAPHQL_VALIDATION_FAILED"),
        (
            {"query": 'mutation { toggleCreate(input: { name: ["a"] }) { errors { code } } }'},
            422,
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ({"query": QUERY, "operationName": "Nobody"}, 400, "BAD_USER_INPUT"),
        (
            {"query": "query A { viewer { canWrite } } query B { viewer { canWrite } }"},
            400,
            "BAD_USER_INPUT",
        ),
        (
            {
                "query": "query($n: String!) { toggle(name: $n) { id } }",
                "variables": {"n": {"a": 1}},
            },
            400,
            "BAD_USER_INPUT",
        ),
        ({"query": "query($n: String!) { toggle(name: $n) { id } }"}, 400, "BAD_USER_INPUT"),
        (
            {
                "query": "mutation($i: ToggleCreateInput!) { toggleCreate(input: $i) "
                "{ errors { code } } }",
                "variables": {"i": {"name": {"first": "a"}}},
            },
            400,
            "BAD_USER_INPUT",
        ),
    ],
)
async def test_a_request_that_cannot_run_has_no_data(
    gateway: Gateway,
    request_body: dict[str, Any],
    status: int,
    code: str,
    accept: str,
    telling: bool,
) -> None:
    headers = {**gateway.headers("admin"), "Accept": accept}

    response = await gateway.client.post("/graphql", json=request_body, headers=headers)

    # Clients that name application/json alone take other statuses for failures of the way.
    assert refusal(response) == (status if telling else 200, code)


async def test_a_field_error_is_200_with_the_rest_of_the_data(gateway: Gateway) -> None:
    response = await gateway.post('{ viewer { canWrite } node(id: "nonsense") { id } }')

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": {"canWrite": True}, "node": None}
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"] == ["node"]


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL_JSON, 294), (JSON, 200)])
async def test_data_with_errors_can_have_the_status_of_the_draft(
    store: Store, accept: str, status: int
) -> None:
    async with gateway_over(store, partial_status=294) as gateway:
        partial = await get(gateway, accept=accept, query='{ node(id: "nonsense") { id } }')
        whole = await get(gateway, accept=accept, query=QUERY)

    assert (partial.status_code, whole.status_code) == (status, 200)
    assert partial.json()["data"] == {"node": None}


async def test_an_answer_has_20_errors_at_most(gateway: Gateway) -> None:
    response = await gateway.post("{ viewer { " + " ".join(f"u{n}" for n in range(500)) + " } }")

    assert response.status_code == 422
    assert len(response.json()["errors"]) == 20
    assert len(response.content) < 128_000


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        (None, 401, "UNAUTHENTICATED"),
        ("*:*.nobody-knows-this-one", 401, "UNAUTHENTICATED"),
        ("client", 403, "FORBIDDEN"),
        ("frontend", 403, "FORBIDDEN"),
    ],
)
async def test_who_may_not_ask_is_told_so_before_anything_else(
    gateway: Gateway, token: str | None, status: int, code: str
) -> None:
    response = await gateway.client.post(
        "/graphql", content=b"nonsense", headers=gateway.headers(token)
    )

    assert refusal(response) == (status, code)
    assert ("www-authenticate" in response.headers) is (status == 401)


@pytest.mark.parametrize(("token", "limit"), [("viewer", 1_000_000), ("admin", 10_000_000)])
async def test_a_body_beyond_the_limit_of_its_token_is_413(
    gateway: Gateway, token: str, limit: int
) -> None:
    frame = b'{"query": "{ viewer { canWrite } }", "variables": {"x": "%s"}}'
    fitting = limit - len(frame) + 2

    largest = await post_raw(gateway, frame % (b"x" * fitting), token=token)
    larger = await post_raw(gateway, frame % (b"x" * (fitting + 1)), token=token)

    assert largest.status_code == 200
    assert refusal(larger) == (413, "BAD_USER_INPUT")


async def test_an_endless_body_is_not_read_to_its_end(gateway: Gateway) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    response = await gateway.client.post(
        "/graphql",
        content=endless(),
        headers={"Content-Type": JSON, **gateway.headers("viewer")},
    )

    assert refusal(response) == (413, "BAD_USER_INPUT")
    assert sent < 2_000_000


async def test_a_body_that_does_not_arrive_in_time_is_408(store: Store) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    async with gateway_over(store, body_deadline_s=0.1) as gateway:
        response = await gateway.client.post(
            "/graphql",
            content=dripping(),
            headers={"Content-Type": JSON, **gateway.headers("viewer")},
        )

    assert refusal(response) == (408, "TIMEOUT")
    assert response.headers["connection"] == "close"


async def test_an_operation_that_takes_too_long_is_given_up(store: Store) -> None:
    async with (
        gateway_over(store, operation_timeout_s=0.1) as gateway,
        store.write(SYSTEM),  # nobody else writes meanwhile
    ):
        response = await gateway.post(MUTATION)
    async with gateway_over(store) as gateway:
        data = await gateway.run(MUTATION)

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert error["extensions"]["code"] == "TIMEOUT"
    assert data["toggleCreate"]["toggle"] == {"name": "t"}


async def test_answers_to_post_are_not_kept_by_caches(gateway: Gateway) -> None:
    response = await gateway.post(QUERY)

    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers
    assert "Authorization" in response.headers["vary"]


async def test_a_get_without_news_is_304(gateway: Gateway) -> None:
    first = await get(gateway, query=QUERY)
    tag = first.headers["etag"]

    again = await get(gateway, query=QUERY, if_none_match=f'"other", {tag}')

    assert first.headers["cache-control"] == "private, no-cache"
    assert not tag.startswith("W/")
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["cache-control"] == "private, no-cache"
    assert again.headers["vary"] == first.headers["vary"]


async def test_a_get_with_news_has_another_tag(gateway: Gateway) -> None:
    query = '{ toggle(name: "t") { name } }'
    before = await get(gateway, query=query)
    await gateway.run(MUTATION)

    after = await get(gateway, query=query, if_none_match=before.headers["etag"])

    assert after.status_code == 200
    assert after.json()["data"]["toggle"] == {"name": "t"}
    assert after.headers["etag"] != before.headers["etag"]


async def test_each_media_type_has_a_tag_of_its_own(gateway: Gateway) -> None:
    plain = await get(gateway, query=QUERY)

    other = await get(
        gateway, accept=GRAPHQL_JSON, query=QUERY, if_none_match=plain.headers["etag"]
    )

    assert plain.content == other.content
    assert other.status_code == 200


@pytest.mark.parametrize("query", ["{ nothing }", "{ viewer"])
async def test_a_refused_get_is_not_kept_by_caches(gateway: Gateway, query: str) -> None:
    response = await get(gateway, query=query)

    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers


async def test_a_browser_gets_the_page_without_a_token(gateway: Gateway) -> None:
    response = await gateway.client.get("/graphql", headers={"Accept": BROWSER})

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("parameter", ["query", "extensions", "documentId"])
async def test_a_browser_with_something_to_ask_gets_no_page(
    gateway: Gateway, parameter: str
) -> None:
    response = await gateway.client.get(
        "/graphql", params={parameter: "x"}, headers={"Accept": BROWSER}
    )

    assert response.status_code == 401


async def test_the_schema_can_be_read_as_text(gateway: Gateway) -> None:
    response = await gateway.client.get("/schema.graphql", headers=gateway.headers("viewer"))

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == print_sdl()


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("client", 403)])
async def test_the_schema_needs_a_token_that_may_query(
    gateway: Gateway, token: str | None, status: int
) -> None:
    response = await gateway.client.get("/schema.graphql", headers=gateway.headers(token))

    assert response.status_code == status
