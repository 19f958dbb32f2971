"""GraphQL over HTTP: the methods and media types of requests and answers."""

import pytest

from graph.engine.http.negotiation import GRAPHQL_JSON, JSON
from tests.graph.gateway import Gateway
from tests.graph.raw_requests import BODY, QUERY, get, post_raw, refusal

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
        ("application/json;q=0, */*", GRAPHQL_JSON),
    ],
)
async def test_the_answer_has_the_media_type_requested(
    shared_gateway: Gateway, accept: str | None, media_type: str
) -> None:
    headers = {"Accept": accept} if accept else {"Accept": ""}

    response = await post_raw(shared_gateway, BODY, **headers)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "Accept" in response.headers["vary"]


async def test_what_is_accepted_may_come_in_several_lines(shared_gateway: Gateway) -> None:
    lines = [("Accept", "text/plain"), ("Accept", GRAPHQL_JSON)]

    response = await shared_gateway.client.post(
        "/graphql",
        json={"query": QUERY},
        headers=[*shared_gateway.headers("admin").items(), *lines],
    )

    assert response.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"


@pytest.mark.parametrize(
    "accept", ["text/plain", "application/json;q=0", "image/*", "*/*, application/*;q=0"]
)
async def test_a_client_that_takes_no_json_gets_406(shared_gateway: Gateway, accept: str) -> None:
    response = await post_raw(shared_gateway, BODY, Accept=accept)

    assert refusal(response) == (406, "BAD_USER_INPUT")


async def test_queries_can_come_by_get(shared_gateway: Gateway) -> None:
    response = await get(
        shared_gateway,
        query="query A($n: String!) { toggle(name: $n) { id } } query B { viewer { canWrite } }",
        variables='{"n": "x"}',
        operationName="A",
        extensions="{}",
    )

    assert response.json() == {"data": {"toggle": None}}


async def test_a_mutation_by_get_is_405(shared_gateway: Gateway) -> None:
    mutation = 'mutation { toggleCreate(input: { name: "t" }) { toggle { name } } }'

    response = await get(shared_gateway, query=mutation)

    assert refusal(response) == (405, "BAD_USER_INPUT")
    assert response.headers["allow"] == "POST"
    assert "t" not in shared_gateway.store.snapshot.toggles


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_405(shared_gateway: Gateway, method: str) -> None:
    response = await shared_gateway.client.request(
        method, "/graphql", headers=shared_gateway.headers("admin"), params={"query": QUERY}
    )

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-16",
    ],
)
async def test_other_content_types_are_415(shared_gateway: Gateway, content_type: str) -> None:
    response = await shared_gateway.client.post(
        "/graphql",
        content=BODY,
        headers={**shared_gateway.headers("admin"), "Content-Type": content_type},
    )

    assert refusal(response) == (415, "BAD_USER_INPUT")


@pytest.mark.parametrize("parameters", ['charset="UTF-8"', "charset=utf8; odata=verbose", "x=y;"])
async def test_json_may_say_its_charset_and_more(shared_gateway: Gateway, parameters: str) -> None:
    type = f"application/json; {parameters}"

    response = await post_raw(shared_gateway, BODY, **{"Content-Type": type})

    assert response.status_code == 200


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "x" * 1000])
async def test_a_body_in_an_unknown_coding_is_415(shared_gateway: Gateway, coding: str) -> None:
    response = await post_raw(shared_gateway, BODY, **{"Content-Encoding": coding})

    assert refusal(response) == (415, "BAD_USER_INPUT")
    assert response.headers["accept-encoding"] == "gzip, deflate"
