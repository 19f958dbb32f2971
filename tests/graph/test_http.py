"""GraphQL over HTTP: methods, media types, status codes, and bodies that are no requests."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph.http import GraphConfig, graphql_app
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


async def get(gateway: Gateway, *, accept: str = JSON, **params: str) -> httpx.Response:
    """The answer to a GET with an admin token."""
    headers = {**gateway.headers("admin"), "Accept": accept}
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
    "long query": b'{"query": "{ viewer { canWrite } } #%s"}' % (b"x" * 100_000),
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


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
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
        ({"query": QUERY, "operationName": "Nobody"}, 422, "BAD_USER_INPUT"),
        (
            {"query": "query A { viewer { canWrite } } query B { viewer { canWrite } }"},
            422,
            "BAD_USER_INPUT",
        ),
        (
            {
                "query": "query($n: String!) { toggle(name: $n) { id } }",
                "variables": {"n": {"a": 1}},
            },
            422,
            "BAD_USER_INPUT",
        ),
        ({"query": "query($n: String!) { toggle(name: $n) { id } }"}, 422, "BAD_USER_INPUT"),
        (
            {
                "query": "mutation($i: ToggleCreateInput!) { toggleCreate(input: $i) "
                "{ errors { code } } }",
                "variables": {"i": {"name": {"first": "a"}}},
            },
            422,
            "BAD_USER_INPUT",
        ),
    ],
)
async def test_a_request_that_cannot_run_has_no_data(
    gateway: Gateway, request_body: dict[str, Any], status: int, code: str, accept: str
) -> None:
    headers = {**gateway.headers("admin"), "Accept": accept}

    response = await gateway.client.post("/graphql", json=request_body, headers=headers)

    assert refusal(response) == (status, code)


async def test_a_field_error_is_200_with_the_rest_of_the_data(gateway: Gateway) -> None:
    response = await gateway.post('{ viewer { canWrite } node(id: "nonsense") { id } }')

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": {"canWrite": True}, "node": None}
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"] == ["node"]


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


async def test_a_websocket_is_refused(store: Store) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await graphql_app(store, GraphConfig())(
        {"type": "websocket", "path": "/graphql"}, receive, send
    )

    assert sent == [{"type": "websocket.close", "code": 1008}]


async def test_answers_are_not_kept_by_caches(gateway: Gateway) -> None:
    response = await get(gateway, query=QUERY)

    assert response.headers["cache-control"] == "private, no-store"
    assert "Authorization" in response.headers["vary"]


async def test_a_browser_gets_the_page_without_a_token(gateway: Gateway) -> None:
    response = await gateway.client.get("/graphql", headers={"Accept": BROWSER})

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text.count("integrity=") == response.text.count("https://unpkg.com/") == 4
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


async def test_the_page_keeps_nothing_beyond_the_session(gateway: Gateway) -> None:
    page = (await gateway.client.get("/graphql", headers={"Accept": BROWSER})).text

    assert "localStorage" not in page
    assert "isHeadersEditorEnabled: false" in page
    assert "shouldPersistHeaders: false" in page


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
