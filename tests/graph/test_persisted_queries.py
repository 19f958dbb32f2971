"""Automatic persisted queries: a text is sent once with its hash, and from then on named by it."""

import json
from typing import Any

import httpx
import pytest

from graph import persisted
from graph.persisted import PersistedTexts, digest_of
from tests.graph.gateway import Gateway

QUERY = "{ viewer { canWrite } }"
ANSWER = {"data": {"viewer": {"canWrite": True}}}


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


def extension(text: str = QUERY) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest_of(text)}}


async def post(gateway: Gateway, accept: str = "*/*", **body: Any) -> httpx.Response:
    headers = {**gateway.headers("admin"), "Accept": accept}
    return await gateway.client.post("/graphql", json=body, headers=headers)


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    (error,) = response.json()["errors"]
    return response.status_code, error["message"], error["extensions"]["code"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json"])
async def test_an_unknown_hash_asks_for_the_text(gateway: Gateway, accept: str) -> None:
    response = await post(gateway, accept, extensions=extension())

    assert refusal(response) == (400, "PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
    assert response.headers["cache-control"] == "private, no-store"


async def test_a_text_sent_with_its_hash_is_found_by_it(gateway: Gateway) -> None:
    sent = await post(gateway, query=QUERY, extensions=extension())

    found = await post(gateway, extensions=extension())
    by_get = await gateway.client.get(
        "/graphql",
        params={"extensions": json.dumps(extension())},
        headers=gateway.headers("admin"),
    )

    assert sent.json() == found.json() == by_get.json() == ANSWER
    assert by_get.headers["etag"]


async def test_variables_go_with_a_hash(gateway: Gateway) -> None:
    query = "query($first: Int!) { toggles(first: $first) { nodes { name } } }"
    await post(gateway, query=query, variables={"first": 1}, extensions=extension(query))

    fitting = await post(gateway, variables={"first": 2}, extensions=extension(query))
    unfit = await post(gateway, variables={"first": "x"}, extensions=extension(query))

    assert fitting.json() == {"data": {"toggles": {"nodes": []}}}
    assert unfit.status_code == 400


async def test_a_hash_of_another_text_is_refused(gateway: Gateway) -> None:
    response = await post(gateway, query=QUERY, extensions=extension("{ nothing }"))

    assert response.status_code == 400
    assert digest_of("{ nothing }") in response.json()["errors"][0]["message"]
    assert refusal(await post(gateway, extensions=extension("{ nothing }")))[0] == 400


@pytest.mark.parametrize("text", ["{ nothing }", "{ viewer"])
async def test_a_text_that_cannot_run_is_not_remembered(gateway: Gateway, text: str) -> None:
    await post(gateway, query=text, extensions=extension(text))

    assert refusal(await post(gateway, extensions=extension(text)))[1] == "PersistedQueryNotFound"


async def test_a_text_without_its_hash_is_not_remembered(gateway: Gateway) -> None:
    await post(gateway, query=QUERY)

    assert refusal(await post(gateway, extensions=extension()))[1] == "PersistedQueryNotFound"


async def test_a_mutation_by_hash_and_get_is_405(gateway: Gateway) -> None:
    mutation = 'mutation { toggleCreate(input: { name: "t" }) { toggle { name } } }'
    await post(gateway, query=mutation, extensions=extension(mutation))

    response = await gateway.client.get(
        "/graphql",
        params={"extensions": json.dumps(extension(mutation))},
        headers=gateway.headers("admin"),
    )

    assert response.status_code == 405


@pytest.mark.parametrize(("constant", "bound"), [("MAX_KEPT_TEXTS", 2), ("MAX_KEPT_CHARACTERS", 7)])
def test_the_texts_used_longest_ago_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, constant: str, bound: int
) -> None:
    monkeypatch.setattr(persisted, constant, bound)
    texts = PersistedTexts()
    texts.keep("a", "{ a")
    texts.keep("b", "{ b")
    texts.text_of("a")

    texts.keep("c", "{ c")

    assert [texts.text_of(it) for it in "abc"] == ["{ a", None, "{ c"]
