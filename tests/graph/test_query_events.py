"""The audit log: what an event shows, and how the log is filtered and paged."""

from datetime import datetime
from typing import Any

import pytest

from store.events import EventType
from store.model import SYSTEM
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation


@pytest.fixture
async def installation(gateway: Gateway) -> Installation:
    """One toggle, created, switched on in production, and another one."""
    installed = Installation(gateway.store)
    await installed.surroundings()
    await installed.toggle("checkout", description="The new one.")
    await installed.switch("checkout", "production", on=True)
    await installed.toggle("other")
    return installed


async def summaries(gateway: Gateway, filter: str) -> list[str]:
    document = f"{{ events(filter: {filter}) {{ totalCount nodes {{ type subjectName }} }} }}"
    page = (await gateway.run(document))["events"]
    assert page["totalCount"] == len(page["nodes"])
    return [f"{it['type']} {it['subjectName']}" for it in page["nodes"]]


async def test_an_event_shows_what_changed_and_whom_it_concerns(
    installation: Installation, gateway: Gateway
) -> None:
    data = await gateway.run(
        """{ events(filter: { types: [TOGGLE_ENABLED] }) { nodes {
          number revision type wireType summary subjectName createdAt
          subject { __typename id ... on Toggle { name } }
          toggle { name } environment { name } project { name }
          actor { name kind } before after changes { path kind before after }
        } } }"""
    )

    (event,) = data["events"]["nodes"]
    checkout = gateway.store.snapshot.toggles["checkout"]
    after = event.pop("after")
    before = event.pop("before")
    assert before["environments"].get("production") is None
    assert after["environments"]["production"]["enabled"] is True
    assert after["name"] == "checkout"
    assert datetime.fromisoformat(event.pop("createdAt")) == checkout.updated_at
    assert event.pop("number") > 0
    assert event.pop("summary").endswith(".")
    (change,) = event.pop("changes")
    assert (change["path"], change["kind"]) == ("/environments/production", "ADDED")
    assert change["before"] is None
    assert event.pop("subject")["name"] == "checkout"
    assert event == {
        "revision": checkout.revision,
        "type": "TOGGLE_ENABLED",
        "wireType": "feature-environment-enabled",
        "subjectName": "checkout",
        "toggle": {"name": "checkout"},
        "environment": {"name": "production"},
        "project": {"name": "default"},
        "actor": {"name": "flagstaff", "kind": "SYSTEM"},
    }


async def test_changes_are_shown_where_before_and_after_are_not_asked_for(
    installation: Installation, gateway: Gateway
) -> None:
    await gateway.change("toggleUpdate", {"name": "checkout", "description": "Newer."})

    data = await gateway.run(
        """{ toggle(name: "checkout") {
          events(first: 1) { nodes { changes { path kind before } } }
        } }"""
    )

    (event,) = data["toggle"]["events"]["nodes"]
    assert event["changes"] == [
        {"path": "/description", "kind": "CHANGED", "before": "The new one."}
    ]


async def test_an_event_outlives_its_subject(installation: Installation, gateway: Gateway) -> None:
    await gateway.change("toggleArchive", {"name": "other"})
    await gateway.change("toggleDelete", {"name": "other"})

    data = await gateway.run(
        '{ events(first: 1, filter: { toggles: ["other"] }) '
        "{ nodes { type subjectName subject { id } toggle { id } before after } } }"
    )

    (event,) = data["events"]["nodes"]
    assert event.pop("before")["name"] == "other"
    assert event == {
        "type": "TOGGLE_DELETED",
        "subjectName": "other",
        "subject": None,
        "toggle": None,
        "after": None,
    }


async def test_every_kind_of_subject_is_found(installation: Installation, gateway: Gateway) -> None:
    await installation.register("shop")
    await installation.fold()
    await gateway.change("strategyCreate", {"name": "bySize"})

    data = await gateway.run("{ events(first: 500) { nodes { type subject { __typename id } } } }")
    found = {it["type"]: it["subject"] for it in data["events"]["nodes"]}
    again = await gateway.run(
        "query Again($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
        {"ids": [subject["id"] for subject in found.values()]},
    )

    assert {type: subject["__typename"] for type, subject in found.items()} == {
        "ENVIRONMENT_CREATED": "Environment",
        "STRATEGY_CREATED": "Strategy",
        "SEGMENT_CREATED": "Segment",
        "CONTEXT_FIELD_CREATED": "ContextField",
        "TAG_TYPE_CREATED": "TagType",
        "TOGGLE_CREATED": "Toggle",
        "TOGGLE_ENABLED": "Toggle",
        "API_TOKEN_CREATED": "ApiToken",
        "APPLICATION_CREATED": "Application",
    }
    assert again["nodes"] == list(found.values())


async def test_events_are_filtered(installation: Installation, gateway: Gateway) -> None:
    checkout = gateway.store.snapshot.toggles["checkout"]
    created, enabled = "TOGGLE_CREATED checkout", "TOGGLE_ENABLED checkout"
    other = "TOGGLE_CREATED other"
    id = (await gateway.run('{ toggle(name: "checkout") { id } }'))["toggle"]["id"]
    far = '"2000-01-01T00:00:00Z"'
    at = checkout.updated_at.isoformat()

    assert await summaries(gateway, "{ types: [TOGGLE_CREATED] }") == [other, created]
    assert await summaries(gateway, "{ types: [] }") == []
    assert await summaries(gateway, f'{{ subjects: ["{id}"] }}') == [enabled, created]
    assert await summaries(gateway, '{ toggles: ["checkout", "nope"] }') == [enabled, created]
    assert await summaries(gateway, '{ environments: ["production"] }') == [
        enabled,
        "ENVIRONMENT_CREATED production",
    ]
    assert await summaries(gateway, '{ projects: ["default"] }') == [other, enabled, created]
    assert await summaries(gateway, '{ actors: ["nobody"] }') == []
    assert await summaries(gateway, '{ search: "CHECKOUT" }') == [enabled, created]
    assert await summaries(gateway, '{ search: "%" }') == []
    assert await summaries(gateway, f"{{ createdAt: {{ to: {far} }} }}") == []
    assert await summaries(gateway, f'{{ createdAt: {{ from: "{at}" }} }}') == [other, enabled]
    in_span = f'{{ toggles: ["checkout"], createdAt: {{ from: {far}, to: "{at}" }} }}'
    assert await summaries(gateway, in_span) == [created]


@pytest.mark.parametrize("text", ["übergröße", "ÜBERGRÖßE", "Übergröße_%", "_%", "x'y"])
async def test_the_log_is_searched_ignoring_case_beyond_ascii(gateway: Gateway, text: str) -> None:
    await gateway.change("segmentCreate", {"name": "Übergröße_% x'y", "constraints": []})
    await gateway.change("segmentCreate", {"name": "Ubergrosse xy", "constraints": []})

    data = await gateway.run(
        """query Search($text: String) {
          events(filter: { search: $text }) { nodes { subjectName } }
        }""",
        {"text": text},
    )

    assert data["events"]["nodes"] == [{"subjectName": "Übergröße_% x'y"}]


async def test_a_search_of_the_log_has_a_limit(gateway: Gateway) -> None:
    document = "query Search($text: String) { events(filter: { search: $text }) { totalCount } }"

    letters = [chr(code) for code in range(0xC0, 0x24F) if chr(code).lower() != chr(code).upper()]
    longest = await gateway.post(document, {"text": "%".join(letters)[:500]})
    longer = await gateway.post(document, {"text": "x" * 501})

    assert longest.json() == {"data": {"events": {"totalCount": 0}}}
    (error,) = longer.json()["errors"]
    assert error["message"] == "The text to search for has 501 characters; 500 is the most."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_what_is_no_id_of_a_subject_is_refused(gateway: Gateway) -> None:
    for id in ("x", "VG9nZ2xlRW52aXJvbm1lbnQ6YS9i"):
        answer = (
            await gateway.post(f'{{ events(filter: {{ subjects: ["{id}"] }}) {{ totalCount }} }}')
        ).json()

        assert answer["errors"][0]["message"] == f"'{id}' is not the ID of an object."
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_log_is_walked_through_newest_first_while_it_grows(
    installation: Installation, gateway: Gateway
) -> None:
    document = """query Page($first: Int, $after: String, $last: Int, $before: String) {
      events(first: $first, after: $after, last: $last, before: $before) {
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { number }
      }
    }"""

    async def page(**variables: Any) -> tuple[list[int], Any]:
        shown = (await gateway.run(document, variables))["events"]
        return [node["number"] for node in shown["nodes"]], shown["pageInfo"]

    whole, _ = await page(first=500)
    first, info = await page(first=3)
    await installation.toggle("meanwhile")
    rest, end = await page(first=500, after=info["endCursor"])
    newer, _ = await page(last=5, before=info["startCursor"])

    assert whole == sorted(whole, reverse=True)
    assert first + rest == whole
    assert end["hasNextPage"] is False
    assert end["hasPreviousPage"] is True
    assert newer == [whole[0] + 1]


async def test_events_below_toggles_are_paged_for_each(
    installation: Installation, gateway: Gateway
) -> None:
    document = """query Page($first: Int, $after: String) {
      toggles { nodes { name events(first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { type }
      } } }
    }"""

    first = await gateway.run(document, {"first": 1})
    checkout, other = (node["events"] for node in first["toggles"]["nodes"])
    rest = await gateway.run(document, {"after": checkout["pageInfo"]["endCursor"]})
    older, _ = (node["events"] for node in rest["toggles"]["nodes"])

    assert checkout["totalCount"] == 2
    assert checkout["pageInfo"]["hasNextPage"] is True
    assert checkout["nodes"] == [{"type": "TOGGLE_ENABLED"}]
    assert other["totalCount"] == 1
    assert other["pageInfo"]["hasNextPage"] is False
    assert older["nodes"] == [{"type": "TOGGLE_CREATED"}]


async def test_all_types_of_events_are_known_to_graphql(gateway: Gateway) -> None:
    types = ", ".join(type.name for type in EventType)

    assert await summaries(gateway, f'{{ types: [{types}], actors: ["{SYSTEM.name}x"] }}') == []
