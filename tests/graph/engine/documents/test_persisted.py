"""Automatic persisted queries: clients send a query with its hash once. Later they send only the
hash.
"""

import json
from itertools import count
from typing import Any

import httpx
import pytest

from graph.engine.documents import persisted
from graph.engine.documents.persisted import PersistedDocuments, digest_of
from tests.graph.gateway import Gateway

ANSWER = {"data": {"viewer": {"canWrite": True}}}

on_the_shared_loop = pytest.mark.asyncio(loop_scope="module")
_numbers = count()


@pytest.fixture
def query() -> str:
    """Return a query that no other test sends. The tests share a server, which caches queries."""
    return f"query Number{next(_numbers)} {{ viewer {{ canWrite }} }}"


def extension(source: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest_of(source)}}


async def post(gateway: Gateway, accept: str = "*/*", **body: Any) -> httpx.Response:
    headers = {**gateway.headers("admin"), "Accept": accept}
    return await gateway.client.post("/graphql", json=body, headers=headers)


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    (error,) = response.json()["errors"]
    return response.status_code, error["message"], error["extensions"]["code"]


@on_the_shared_loop
@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json"])
async def test_an_unknown_hash_asks_for_the_text(
    shared_gateway: Gateway, query: str, accept: str
) -> None:
    response = await post(shared_gateway, accept, extensions=extension(query))

    assert refusal(response) == (400, "PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
    assert response.headers["cache-control"] == "private, no-store"


@on_the_shared_loop
async def test_a_text_sent_with_its_hash_is_found_by_it(
    shared_gateway: Gateway, query: str
) -> None:
    sent = await post(shared_gateway, query=query, extensions=extension(query))

    found = await post(shared_gateway, extensions=extension(query))
    by_get = await shared_gateway.client.get(
        "/graphql",
        params={"extensions": json.dumps(extension(query))},
        headers=shared_gateway.headers("admin"),
    )

    assert sent.json() == found.json() == by_get.json() == ANSWER
    assert by_get.headers["etag"]


@on_the_shared_loop
async def test_variables_go_with_a_hash(shared_gateway: Gateway) -> None:
    query = "query($first: Int!) { strategies(first: $first) { nodes { name } } }"
    await post(shared_gateway, query=query, variables={"first": 1}, extensions=extension(query))

    fitting = await post(shared_gateway, variables={"first": 2}, extensions=extension(query))
    unfit = await post(shared_gateway, variables={"first": "x"}, extensions=extension(query))

    assert len(fitting.json()["data"]["strategies"]["nodes"]) == 2
    assert unfit.status_code == 400


@on_the_shared_loop
async def test_a_hash_of_another_text_is_refused(shared_gateway: Gateway, query: str) -> None:
    response = await post(shared_gateway, query=query, extensions=extension("{ nothing }"))

    assert response.status_code == 400
    assert digest_of("{ nothing }") in response.json()["errors"][0]["message"]
    assert refusal(await post(shared_gateway, extensions=extension("{ nothing }")))[0] == 400


@on_the_shared_loop
@pytest.mark.parametrize("source", ["{ nothing }", "{ viewer"])
async def test_a_text_that_cannot_run_is_not_remembered(
    shared_gateway: Gateway, source: str
) -> None:
    await post(shared_gateway, query=source, extensions=extension(source))

    again = await post(shared_gateway, extensions=extension(source))
    assert refusal(again)[1] == "PersistedQueryNotFound"


@on_the_shared_loop
async def test_a_text_without_its_hash_is_not_remembered(
    shared_gateway: Gateway, query: str
) -> None:
    await post(shared_gateway, query=query)

    again = await post(shared_gateway, extensions=extension(query))
    assert refusal(again)[1] == "PersistedQueryNotFound"


@on_the_shared_loop
async def test_a_mutation_by_hash_and_get_is_405(shared_gateway: Gateway) -> None:
    mutation = 'mutation { toggleCreate(input: { name: "t" }) { toggle { name } } }'
    await post(shared_gateway, query=mutation, extensions=extension(mutation))

    response = await shared_gateway.client.get(
        "/graphql",
        params={"extensions": json.dumps(extension(mutation))},
        headers=shared_gateway.headers("admin"),
    )

    assert response.status_code == 405


@pytest.mark.parametrize(
    ("constant", "bound"), [("MAX_CACHED_DOCUMENTS", 2), ("MAX_CACHED_CHARACTERS", 7)]
)
def test_the_least_recently_used_texts_are_evicted(
    monkeypatch: pytest.MonkeyPatch, constant: str, bound: int
) -> None:
    monkeypatch.setattr(persisted, constant, bound)
    documents = PersistedDocuments()
    documents.cache("a", "{ a")
    documents.cache("b", "{ b")
    documents.source_of("a")

    documents.cache("c", "{ c")

    assert [documents.source_of(letter) for letter in "abc"] == ["{ a", None, "{ c"]
