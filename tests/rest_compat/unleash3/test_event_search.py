"""The search in the audit log over REST."""

from datetime import UTC
from typing import Any

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from store import Store
from store.events import EventType
from store.model import SYSTEM, Actor, ActorKind
from store.operations.change_sets import finish_change_set, start_change_set
from store.operations.projects import create_project
from store.operations.tags import change_tags
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle
from store.values import Tag
from tests.rest_compat.conftest import MakeClient, begins_with, elsewhere
from tests.rest_compat.unleash8.conftest import problems
from tests.store.operations.doing import carry_out, log

SEARCH = "/api/admin/search/events"
BOB = Actor("bob", ActorKind.TOKEN)


async def history(store: Store) -> None:
    """Two toggles of two projects, of which one is switched on in two environments."""
    await carry_out(store, create_toggle, name="cart", description="Sells.", actor=BOB)
    await carry_out(store, create_project, name="shop")
    await carry_out(store, create_toggle, name="till", project="shop")
    for environment in ("default", "staging"):
        await carry_out(store, set_enabled, "cart", environment=environment, enabled=True)
    await carry_out(
        store, change_tags, "till", add=[Tag("simple", "red"), Tag("simple", "blue")], actor=BOB
    )


pytestmark = begins_with(history)

CREATED, ON = "feature-created", "feature-environment-enabled"


async def found(admin: httpx.AsyncClient, query: Any = None) -> dict[str, Any]:
    answer = await admin.get(SEARCH, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_event_has_the_form_of_today_in_all_environments(
    store: Store, admin: httpx.AsyncClient
) -> None:
    stored = [item for item in await log(store) if item.type is EventType.TOGGLE_ENABLED]

    body = await found(admin, {"feature": "IS:cart", "type": f"IS:{ON}"})

    assert body["total"] == 2
    assert [event["environment"] for event in body["events"]] == ["staging", "default"]
    assert body["events"][1] == {
        "id": stored[0].number,
        "type": ON,
        "createdBy": SYSTEM.name,
        "createdAt": stored[0].created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {"name": "cart"},
        "preData": None,
        "project": "default",
        "environment": "default",
        "featureName": "cart",
        "tags": [],
        "summary": stored[0].summary,
        "groupType": None,
        "groupId": None,
    }


@pytest.mark.parametrize(
    ("query", "events"),
    [
        (
            {"project": "IS:shop", "feature": "IS:till"},
            [("till", "feature-tagged"), ("till", CREATED)],
        ),
        ({"environment": "IS_ANY_OF:staging,moon", "feature": "IS:cart"}, [("cart", ON)]),
        ({"type": f"IS_ANY_OF:{CREATED},nothing"}, [("till", CREATED), ("cart", CREATED)]),
        ({"type": "IS:feature-updated"}, []),
        ({"feature": "IS:cart", "createdBy": "IS:bob"}, [("cart", CREATED)]),
        ([("feature", "IS:cart"), ("feature", "IS:till")], []),
        ({"query": "BOB", "project": "IS:shop"}, [("till", "feature-tagged")]),
        (
            {"from": "IS:2020-01-01", "createdBy": "IS:bob", "limit": 1},
            [("till", "feature-tagged")],
        ),
        ({"feature": "IS:cart", "to": "IS:2020-01-01"}, []),
        ({"feature": "IS_ANY_OF:cart,till", "limit": 1, "offset": 2}, [("cart", ON)]),
        ({"offset": 1_000_000}, []),
        ({"groupId": "IS:nothing"}, []),
    ],
)
async def test_all_filters_of_events_must_match(
    admin: httpx.AsyncClient, query: Any, events: list[tuple[str, str]]
) -> None:
    body = await found(admin, query)

    assert [(event["featureName"], event["type"]) for event in body["events"]] == events


async def test_pages_count_all_matching_events(admin: httpx.AsyncClient) -> None:
    everything = await found(admin)
    pages = [await found(admin, {"limit": 2, "offset": offset}) for offset in (0, 2)]

    assert [event for page in pages for event in page["events"]] == everything["events"][:4]
    assert {page["total"] for page in pages} == {everything["total"]} == {len(everything["events"])}


async def test_events_are_found_by_number_and_by_day(
    store: Store, admin: httpx.AsyncClient
) -> None:
    first, *_, last = await log(store)
    today = last.created_at.astimezone(UTC).date().isoformat()

    by_number = await found(admin, {"id": f"IS_ANY_OF:{first.number},{last.number},{'9' * 18}"})
    by_day = await found(
        admin, {"from": f"IS:{today}", "to": f"IS:{today}", "id": f"IS:{last.number}"}
    )

    assert [event["id"] for event in by_number["events"]] == [last.number, first.number]
    assert [event["id"] for event in by_day["events"]] == [last.number]


async def test_events_of_a_change_set_are_found_by_its_id(
    store: Store, admin: httpx.AsyncClient
) -> None:
    async with store.write(SYSTEM) as work:
        start_change_set(work, comment="Both.")
        for name in ("one", "two"):
            await create_toggle(work, name=name)
        made = finish_change_set(work)
    assert made is not None

    body = await found(admin, {"groupId": f"IS:{made.id}"})

    assert [event["featureName"] for event in body["events"]] == ["two", "one"]
    assert {(event["groupType"], event["groupId"]) for event in body["events"]} == {
        ("transaction", made.id)
    }


async def test_changes_by_nobody_in_particular_are_found(
    store: Store, make_client: MakeClient
) -> None:
    client = make_client(app=rest_app(store, RestConfig(auth="none"), elsewhere))
    await client.post("/api/admin/projects/default/features", json={"name": "anonymous"})

    body = await found(client, {"createdBy": "IS:unknown"})

    assert [event["featureName"] for event in body["events"]] == ["anonymous"]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"feature": "cart"}, "feature"),
        ({"feature": "IS:"}, "feature"),
        ({"feature": "IS_NOT:cart"}, "feature"),
        ({"type": "IS_ANY_OF:a,,b"}, "type"),
        ({"type": "IS_ANY_OF:" + ",".join(map(str, range(501)))}, "type"),
        ({"id": "IS:one"}, "id"),
        ({"id": f"IS:{'9' * 19}"}, "id"),
        ({"from": "IS:yesterday"}, "from"),
        ({"from": "2020-01-01"}, "from"),
        ({"to": "IS:2020-13-01"}, "to"),
        ({"to": "IS:2020-01-01T00:00:00Z"}, "to"),
        ({"to": "IS:9999-12-31"}, None),
        ({"limit": 0}, "limit"),
        ({"limit": 1_001}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": 1_000_001}, "offset"),
        ({"user": "IS:1"}, "user"),
    ],
)
async def test_invalid_searches_for_events_are_refused(
    admin: httpx.AsyncClient, query: dict[str, Any], path: str | None
) -> None:
    answer = await admin.get(SEARCH, params=query)

    if path is None:
        assert answer.status_code == 200
    else:
        assert list(problems(answer, 400)) == [f"/query/{path}"]
