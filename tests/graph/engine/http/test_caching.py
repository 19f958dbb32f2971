"""GraphQL over HTTP: cacheable answers, and entity tags."""

import pytest

from graph.engine.http.negotiation import GRAPHQL_JSON
from tests.graph.gateway import Gateway
from tests.graph.raw_requests import QUERY, get

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_answers_to_post_are_not_stored_by_caches(shared_gateway: Gateway) -> None:
    response = await shared_gateway.post(QUERY)

    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers
    assert "Authorization" in response.headers["vary"]


async def test_a_get_without_news_is_304(shared_gateway: Gateway) -> None:
    first = await get(shared_gateway, query=QUERY)
    tag = first.headers["etag"]

    again = await get(shared_gateway, query=QUERY, if_none_match=f'"other", {tag}')

    assert first.headers["cache-control"] == "private, no-cache"
    assert not tag.startswith("W/")
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["cache-control"] == "private, no-cache"
    assert again.headers["vary"] == first.headers["vary"]


async def test_a_get_with_news_has_another_tag(shared_gateway: Gateway) -> None:
    query = '{ toggle(name: "news") { name } }'
    before = await get(shared_gateway, query=query)
    await shared_gateway.change("toggleCreate", {"name": "news"})

    after = await get(shared_gateway, query=query, if_none_match=before.headers["etag"])

    assert after.status_code == 200
    assert after.json()["data"]["toggle"] == {"name": "news"}
    assert after.headers["etag"] != before.headers["etag"]


async def test_each_media_type_has_a_tag_of_its_own(shared_gateway: Gateway) -> None:
    plain = await get(shared_gateway, query=QUERY)

    other = await get(
        shared_gateway, accept=GRAPHQL_JSON, query=QUERY, if_none_match=plain.headers["etag"]
    )

    assert plain.content == other.content
    assert other.status_code == 200


@pytest.mark.parametrize("query", ["{ nothing }", "{ viewer"])
async def test_a_refused_get_is_not_stored_by_caches(shared_gateway: Gateway, query: str) -> None:
    response = await get(shared_gateway, query=query)

    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers
