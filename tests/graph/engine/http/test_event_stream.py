"""GraphQL streamed over HTTP: Server-Sent Events and multipart, against a running server."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from tests.graph.subscribing import (
    SSE,
    newest_cursor,
    parts,
    plain_client,
    sent_events,
    stream_from,
)
from tests.server import ADMIN_TOKEN, TOKENS, ForkedServer, Server

EVENTS = "subscription ($after: String) { events(after: $after) { cursor node { subjectName } } }"
COSTLY = """subscription { events { node { toggle { events(first: 500) { nodes {
  toggle { events(first: 500) { totalCount } }
} } } } } }"""
NAMED = "subscription ($names: [String!]) { toggleChanged(names: $names) { toggleId } }"
CREATE = "mutation ($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }"
# Apollo Client sends this value.
MULTIPART = (
    "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,"
    "application/graphql-response+json,application/json;q=0.9"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    variables = {**TOKENS, "FLAGSTAFF_MAX_SOCKETS_PER_TOKEN": "5"}
    with ForkedServer(tmp_path_factory.mktemp("server"), **variables) as running:
        yield running


async def create(server: Server, *names: str) -> None:
    for name in names:
        await asyncio.to_thread(server.graphql, CREATE, name=name)


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_events_come_as_server_sent_events(server: Server, method: str):
    cursor = newest_cursor(server)
    names = [f"sse.{method}.{number}" for number in range(5)]
    async with stream_from(server, SSE, EVENTS, method=method, after=cursor) as answer:
        await create(server, *names)
        seen: list[Any] = []
        async for event in sent_events(answer):
            seen.append(event)
            if len(seen) == 5:
                break

    assert answer.headers["content-type"].startswith(SSE)
    assert [kind for kind, _ in seen] == ["next"] * 5
    assert [item["data"]["events"]["node"]["subjectName"] for _, item in seen] == names


async def test_events_come_as_parts(server: Server):
    cursor = newest_cursor(server)
    names = [f"part.{number}" for number in range(5)]
    async with stream_from(server, MULTIPART, EVENTS, after=cursor) as answer:
        await create(server, *names)
        seen: list[Any] = []
        async for part in parts(answer):
            seen.append(part)
            if len(seen) == 5:
                break

    assert answer.headers["content-type"].startswith("multipart/mixed")
    assert [item["payload"]["data"]["events"]["node"]["subjectName"] for item in seen] == names


async def test_a_query_is_streamed_to_those_who_take_nothing_else(server: Server):
    async with stream_from(server, SSE, "{ viewer { canWrite } }") as answer:
        events = [event async for event in sent_events(answer)]

    assert events == [("next", {"data": {"viewer": {"canWrite": True}}}), ("complete", None)]


async def test_a_query_of_apollo_client_is_answered_at_once(server: Server):
    async with stream_from(server, MULTIPART, "{ viewer { canWrite } }") as answer:
        await answer.aread()

    assert answer.json() == {"data": {"viewer": {"canWrite": True}}}


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
async def test_a_subscription_without_a_stream_is_refused(server: Server, accept: str):
    async with stream_from(server, accept, EVENTS) as answer:
        await answer.aread()

    assert answer.status_code == 406
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("document", "variables", "status", "code"),
    [
        ("subscription { nope }", {}, 422, "GRAPHQL_VALIDATION_FAILED"),
        ("{", {}, 400, "GRAPHQL_PARSE_FAILED"),
        (EVENTS, {"after": "garbage"}, 400, "BAD_USER_INPUT"),
        (COSTLY, {}, 422, "COST_LIMIT"),
        (NAMED, {"names": ["t"] * 25_001}, 422, "COST_LIMIT"),
    ],
)
async def test_what_cannot_run_is_refused_before_the_stream_begins(
    server: Server, document: str, variables: dict[str, Any], status: int, code: str
):
    async with stream_from(server, SSE, document, **variables) as answer:
        assert answer.status_code == status
        (error,) = json.loads(await answer.aread())["errors"]

    assert error["extensions"]["code"] == code


async def test_a_mutation_is_not_streamed_by_get(server: Server):
    document = 'mutation { toggleCreate(input: {name: "by.get"}) { errors { message } } }'
    async with stream_from(server, SSE, document, method="GET") as answer:
        await answer.aread()

    assert answer.status_code == 405


async def test_streams_count_as_sockets_until_they_end(server: Server):
    opened = [stream_from(server, SSE, EVENTS) for _ in range(6)]
    answers = [await item.__aenter__() for item in opened]
    statuses = [item.status_code for item in answers]
    (error,) = json.loads(await answers[-1].aread())["errors"]
    for item in opened:
        await item.__aexit__(None, None, None)

    assert statuses == [200] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "10"
    assert error["message"] == "A token may have at most 5 open connections."
    assert error["extensions"] == {"code": "RATE_LIMITED"}
    for _ in range(50):
        async with stream_from(server, SSE, EVENTS) as answer:
            if answer.status_code == 200:
                return
        await asyncio.sleep(0.1)
    raise AssertionError("No stream can be opened again.")


async def test_a_revoked_token_ends_its_streams(server: Server):
    made = server.graphql(
        'mutation { apiTokenCreate(input: {name: "short", type: VIEWER}) '
        "{ secret apiToken { id } errors { message } } }"
    )["apiTokenCreate"]
    headers = {"Authorization": made["secret"], "Accept": SSE}
    async with (
        plain_client() as client,
        client.stream(
            "POST", server.url + "/graphql", headers=headers, json={"query": EVENTS}
        ) as answer,
    ):
        assert answer.status_code == 200
        server.graphql(
            "mutation ($id: ID!) { apiTokenRevoke(input: {id: $id}) { errors { message } } }",
            id=made["apiToken"]["id"],
        )
        events = [event async for event in sent_events(answer)]

    assert len(events) <= 1  # the event of the revocation itself


async def test_usage_comes_in_ticks(server: Server):
    document = """subscription { metricsTick(intervalSeconds: 1, toggles: ["ticking"]) {
      toggles {
        toggleName toggle { name } environment { name } application { name }
        yes no variants { name count }
      }
    } }"""
    counts = {"yes": 3, "no": 1, "variants": {"blue": 2}}
    times = {"start": "2026-01-01T00:00:00Z", "stop": "2999-01-01T00:00:00Z"}
    report = {"appName": "shop", "bucket": {**times, "toggles": {"ticking": counts, "x": counts}}}
    async with stream_from(server, SSE, document) as answer:
        headers = {"Authorization": TOKENS["FLAGSTAFF_INIT_CLIENT_TOKENS"]}
        ticks: list[Any] = []
        async for _, event in _with_reports(server, answer, headers, report):
            ticks += event["data"]["metricsTick"]["toggles"]
            if sum(tick["yes"] for tick in ticks) == 6:
                break

    assert {tick["toggleName"] for tick in ticks} == {"ticking"}
    assert ticks[0]["toggle"] is None
    assert ticks[0]["environment"] == {"name": "default"}
    assert ticks[0]["application"] == {"name": "shop"}
    assert sum(tick["no"] for tick in ticks) == 2
    assert sum(tick["variants"][0]["count"] for tick in ticks) == 4


async def _with_reports(
    server: Server, answer: httpx.Response, headers: Any, report: Any
) -> AsyncIterator[tuple[str, Any]]:
    """Return the events of a stream while two reports are sent."""
    await asyncio.sleep(0.3)  # a subscriber receives only later updates
    async with plain_client() as client:
        for instance in ("one", "two"):
            body = {**report, "instanceId": instance}
            path = server.url + "/api/client/metrics"
            assert (await client.post(path, json=body, headers=headers)).status_code == 202
    async for event in sent_events(answer):
        yield event


async def test_the_token_is_needed(server: Server):
    async with plain_client() as client:
        answer = await client.post(
            server.url + "/graphql", json={"query": EVENTS}, headers={"Accept": SSE}
        )

    assert answer.status_code == 401
    assert ADMIN_TOKEN not in answer.text
