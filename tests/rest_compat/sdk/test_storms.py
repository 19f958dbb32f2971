"""The amount of stored data is limited, even if clients send very many requests."""

import asyncio
from typing import Any

import httpx

from store import Store
from store.events import EventType
from store.events_log import EventFilter, list_events
from store.paging import Window
from store.usage.applications import application_by_name
from store.usage.name_limits import MAX_NEW_UNKNOWN_NAMES
from store.usage.unknown import count_unknown_toggles
from tests.rest_compat.conftest import names_at
from tests.store.stored import stored_instances

AT_ONCE = 50
REGISTRATION: dict[str, Any] = {
    "appName": "storm",
    "instanceId": "one",
    "strategies": ["default"],
    "started": "2026-01-01T00:00:00Z",
    "interval": 10,
}


async def test_many_registrations_of_one_instance_at_once_make_one_row_and_one_event(
    client: httpx.AsyncClient, store: Store
) -> None:
    answers = await asyncio.gather(
        *(client.post("/api/client/register", json=REGISTRATION) for _ in range(AT_ONCE))
    )
    await store.aggregate_now()

    async with store.read() as session:
        events = (await list_events(session, EventFilter(), Window(500))).items
    instances = await stored_instances(store)
    assert {answer.status_code for answer in answers} == {202}
    assert [instance.instance_id for instance in instances] == ["one"]
    assert [event.type for event in events].count(EventType.APPLICATION_CREATED) == 1


async def test_many_instances_at_once_make_one_application(
    client: httpx.AsyncClient, store: Store
) -> None:
    answers = await asyncio.gather(
        *(
            client.post("/api/client/register", json=REGISTRATION | {"instanceId": f"i{number}"})
            for number in range(AT_ONCE)
        )
    )
    await store.aggregate_now()

    async with store.read() as session:
        application = await application_by_name(session, "storm")
    instances = await stored_instances(store)
    assert {answer.status_code for answer in answers} == {202}
    assert application is not None
    assert {instance.instance_id for instance in instances} == {
        f"i{number}" for number in range(AT_ONCE)
    }


async def test_thousands_of_names_that_no_toggle_has_are_taken_and_kept_apart(
    client: httpx.AsyncClient, store: Store
) -> None:
    toggles = {f"unknown-{number}": {"yes": 1} for number in range(MAX_NEW_UNKNOWN_NAMES)}
    bucket = {"start": "2026-01-01T00:00:00Z", "stop": "2026-01-01T00:01:00Z", "toggles": toggles}

    answer = await client.post("/api/client/metrics", json={"appName": "storm", "bucket": bucket})
    toggles["one-more"] = {"yes": 1}
    refused = await client.post("/api/client/metrics", json={"appName": "storm", "bucket": bucket})
    await store.aggregate_now()

    async with store.read() as session:
        stored = await count_unknown_toggles(session)
    assert answer.status_code == 202
    assert refused.status_code == 429
    assert stored == MAX_NEW_UNKNOWN_NAMES
    assert await names_at(client) == []
