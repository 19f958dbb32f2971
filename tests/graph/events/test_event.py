"""The audit log: the fields of events, and how the log is filtered and paged."""

from datetime import datetime
from typing import Any

import pytest

from store import Store
from store.events import EventType
from store.model import SYSTEM
from store.operations.fields import SegmentFields, ToggleFields
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy
from store.operations.toggles import delete_toggle, update_toggle
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fill(store: Store) -> None:
    """Fill the audit log.

    Create several toggles. Switch `checkout` on in production, edit the toggle `edited`, and delete
    `gone`.
    """
    installed = Installation(store)
    await installed.toggle("checkout", description="The new one.")
    await installed.switch("checkout", "production", on=True)
    await installed.toggle("edited", description="The old one.")
    await installed.toggle("other")
    await installed.toggle("gone")
    await installed.archive("gone")
    await installed.register("shop")
    await installed.aggregate()
    async with store.write(SYSTEM) as work:
        await update_toggle(work, "edited", ToggleFields(description="Newer."))
        await delete_toggle(work, "gone")
        await create_strategy(work, name="bySize")
        for name in ("Übergröße_% x'y", "Ubergrosse xy"):
            await create_segment(work, name=name, fields=SegmentFields(constraints=()))


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the log of `fill`."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


async def summaries(gateway: Gateway, filter: str) -> list[str]:
    document = f"{{ events(filter: {filter}) {{ totalCount nodes {{ type subjectName }} }} }}"
    page = (await gateway.run(document))["events"]
    assert page["totalCount"] == len(page["nodes"])
    return [f"{node['type']} {node['subjectName']}" for node in page["nodes"]]


async def test_an_event_shows_what_changed_and_whom_it_concerns(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{ events(filter: { types: [TOGGLE_ENABLED] }) { nodes {
          number revision type wireType summary subjectName createdAt
          subject { __typename id ... on Toggle { name } }
          toggle { name } environment { name } project { name }
          actor { name kind } before after changes { path kind before after }
        } } }"""
    )

    (event,) = data["events"]["nodes"]
    checkout = shared_gateway.store.snapshot.toggles["checkout"]
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


async def test_changes_are_shown_where_before_and_after_are_not_requested(
    shared_gateway: Gateway,
) -> None:
    data = await shared_gateway.run(
        """{ toggle(name: "edited") {
          events(first: 1) { nodes { changes { path kind before } } }
        } }"""
    )

    (event,) = data["toggle"]["events"]["nodes"]
    assert event["changes"] == [
        {"path": "/description", "kind": "CHANGED", "before": "The old one."}
    ]


async def test_an_event_outlives_its_subject(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        '{ events(first: 1, filter: { toggles: ["gone"] }) '
        "{ nodes { type subjectName subject { id } toggle { id } before after } } }"
    )

    (event,) = data["events"]["nodes"]
    assert event.pop("before")["name"] == "gone"
    assert event == {
        "type": "TOGGLE_DELETED",
        "subjectName": "gone",
        "subject": None,
        "toggle": None,
        "after": None,
    }


async def test_every_kind_of_subject_is_found(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        "{ events(first: 500) { nodes { type subject { __typename id } } } }"
    )
    found = {node["type"]: node["subject"] for node in data["events"]["nodes"] if node["subject"]}
    again = await shared_gateway.run(
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
        "TOGGLE_UPDATED": "Toggle",
        "API_TOKEN_CREATED": "ApiToken",
        "APPLICATION_CREATED": "Application",
    }
    assert again["nodes"] == list(found.values())


async def test_events_are_filtered(shared_gateway: Gateway) -> None:
    checkout = shared_gateway.store.snapshot.toggles["checkout"]
    created, enabled = "TOGGLE_CREATED checkout", "TOGGLE_ENABLED checkout"
    others = [f"TOGGLE_CREATED {name}" for name in ("gone", "other", "edited")]
    later = ["TOGGLE_DELETED gone", "TOGGLE_UPDATED edited", "TOGGLE_ARCHIVED gone", *others]
    id = (await shared_gateway.run('{ toggle(name: "checkout") { id } }'))["toggle"]["id"]
    far = '"2000-01-01T00:00:00Z"'
    at = checkout.updated_at.isoformat()

    async def found(filter: str) -> list[str]:
        return await summaries(shared_gateway, filter)

    assert await found("{ types: [TOGGLE_CREATED] }") == [*others, created]
    assert await found("{ types: [] }") == []
    assert await found('{ exceptTypes: [TOGGLE_CREATED], toggles: ["checkout"] }') == [enabled]
    assert await found(f'{{ subjects: ["{id}"] }}') == [enabled, created]
    assert await found('{ toggles: ["checkout", "nope"] }') == [enabled, created]
    assert await found('{ environments: ["production"] }') == [
        enabled,
        "ENVIRONMENT_CREATED production",
    ]
    assert await found('{ projects: ["default"] }') == [*later, enabled, created]
    assert await found('{ actors: ["nobody"] }') == []
    assert await found('{ search: "CHECKOUT" }') == [enabled, created]
    assert await found('{ search: "%" }') == ["SEGMENT_CREATED Übergröße_% x'y"]
    assert await found(f"{{ createdAt: {{ to: {far} }} }}") == []
    in_span = f'{{ toggles: ["checkout"], createdAt: {{ from: {far}, to: "{at}" }} }}'
    assert await found(in_span) == [created]
    since = f'{{ projects: ["default"], createdAt: {{ from: "{at}" }} }}'
    assert await found(since) == [*later, enabled]


@pytest.mark.parametrize("text", ["übergröße", "ÜBERGRÖßE", "Übergröße_%", "_%", "x'y"])
async def test_the_log_is_searched_ignoring_case_beyond_ascii(
    shared_gateway: Gateway, text: str
) -> None:
    data = await shared_gateway.run(
        """query Search($text: String) {
          events(filter: { search: $text }) { nodes { subjectName } }
        }""",
        {"text": text},
    )

    assert data["events"]["nodes"] == [{"subjectName": "Übergröße_% x'y"}]


async def test_a_search_of_the_log_has_a_limit(shared_gateway: Gateway) -> None:
    document = "query Search($text: String) { events(filter: { search: $text }) { totalCount } }"

    letters = [chr(code) for code in range(0xC0, 0x24F) if chr(code).lower() != chr(code).upper()]
    max_search = await shared_gateway.post(document, {"text": "%".join(letters)[:500]})
    longer = await shared_gateway.post(document, {"text": "x" * 501})

    assert max_search.json() == {"data": {"events": {"totalCount": 0}}}
    (error,) = longer.json()["errors"]
    assert error["message"] == "The search text has 501 characters; at most 500 are allowed."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_what_is_no_id_of_a_subject_is_refused(shared_gateway: Gateway) -> None:
    for id in ("x", "VG9nZ2xlRW52aXJvbm1lbnQ6YS9i"):
        answer = (
            await shared_gateway.post(
                f'{{ events(filter: {{ subjects: ["{id}"] }}) {{ totalCount }} }}'
            )
        ).json()

        assert answer["errors"][0]["message"] == f"'{id}' is not the ID of an object."
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_log_is_walked_through_newest_first_while_it_grows(
    own_gateway: Gateway,
) -> None:
    document = """query Page($first: Int, $after: String, $last: Int, $before: String) {
      events(first: $first, after: $after, last: $last, before: $before) {
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { number }
      }
    }"""

    async def page(**variables: Any) -> tuple[list[int], Any]:
        connection = (await own_gateway.run(document, variables))["events"]
        return [node["number"] for node in connection["nodes"]], connection["pageInfo"]

    whole, _ = await page(first=500)
    first, info = await page(first=3)
    await own_gateway.change("toggleCreate", {"name": "meanwhile"})
    rest, end = await page(first=500, after=info["endCursor"])
    newer, _ = await page(last=5, before=info["startCursor"])

    assert whole == sorted(whole, reverse=True)
    assert first + rest == whole
    assert end["hasNextPage"] is False
    assert end["hasPreviousPage"] is True
    assert newer == [whole[0] + 1]


async def test_events_below_toggles_are_paged_for_each(shared_gateway: Gateway) -> None:
    document = """query Page($first: Int, $after: String) {
      toggles { nodes { name events(first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { type }
      } } }
    }"""

    first = await shared_gateway.run(document, {"first": 1})
    checkout, _, other = (node["events"] for node in first["toggles"]["nodes"])
    rest = await shared_gateway.run(document, {"after": checkout["pageInfo"]["endCursor"]})
    older, *_ = (node["events"] for node in rest["toggles"]["nodes"])

    assert checkout["totalCount"] == 2
    assert checkout["pageInfo"]["hasNextPage"] is True
    assert checkout["nodes"] == [{"type": "TOGGLE_ENABLED"}]
    assert other["totalCount"] == 1
    assert other["pageInfo"]["hasNextPage"] is False
    assert older["nodes"] == [{"type": "TOGGLE_CREATED"}]


async def test_all_types_of_events_are_known_to_graphql(shared_gateway: Gateway) -> None:
    types = ", ".join(type.name for type in EventType)

    assert (
        await summaries(shared_gateway, f'{{ types: [{types}], actors: ["{SYSTEM.name}x"] }}') == []
    )
