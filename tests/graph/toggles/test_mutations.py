"""Toggles are created, changed, archived, revived and deleted through GraphQL."""

import pytest

from store.events import Event
from store.events_log import EventFilter
from store.model import ActorKind
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOGGLE = """
  toggle {
    id name description impressionData stale archived enabled revision
    type { name } project { name } tags { value type { name } }
    strategies { name title disabled sortOrder parameters { name value } }
    variants {
      name weight weightType stickiness
      payload { type value } overrides { contextName values }
    }
  }
"""


async def history(gateway: Gateway, toggle: str) -> list[Event]:
    """The changes that clients made to a toggle, newest first."""
    return await gateway.events(EventFilter(toggles=[toggle]))


async def test_a_toggle_is_created_with_its_defaults(shared_gateway: Gateway) -> None:
    payload = await shared_gateway.change("toggleCreate", {"name": "new-checkout"}, TOGGLE)

    toggle = payload["toggle"]
    assert payload["errors"] == []
    assert toggle.pop("id")
    assert toggle.pop("revision") == shared_gateway.store.snapshot.revision
    assert toggle == {
        "name": "new-checkout",
        "description": "",
        "impressionData": False,
        "stale": False,
        "archived": False,
        "enabled": False,
        "type": {"name": "release"},
        "project": {"name": "default"},
        "tags": [],
        "strategies": [
            {"name": "default", "title": "", "disabled": False, "sortOrder": 0, "parameters": []}
        ],
        "variants": [],
    }


async def test_a_toggle_is_created_with_everything_in_one_event(shared_gateway: Gateway) -> None:
    input = {
        "name": "checkout",
        "description": "The new checkout.",
        "type": "experiment",
        "impressionData": True,
        "tags": [{"value": "payments"}, {"type": "simple", "value": "beta"}],
        "enabled": True,
        "strategies": [
            {
                "name": "flexibleRollout",
                "title": "Half",
                "parameters": [
                    {"name": "rollout", "value": "50"},
                    {"name": "stickiness", "value": "userId"},
                    {"name": "groupId", "value": "checkout"},
                ],
                "constraints": [
                    {"contextName": "appVersion", "operator": "SEMVER_GT", "values": ["1.2.3"]},
                    {"contextName": "country", "operator": "IN", "values": ["no", "se"]},
                ],
            },
            {"name": "userWithId", "disabled": True},
        ],
        "variants": [
            {"name": "red", "weightType": "FIX", "weight": 300},
            {"name": "blue", "payload": {"type": "JSON", "value": "{}"}},
            {
                "name": "green",
                "stickiness": "userId",
                "overrides": [{"contextName": "userId", "values": ["7"]}],
            },
        ],
    }

    payload = await shared_gateway.change("toggleCreate", input, TOGGLE)

    toggle = payload["toggle"]
    assert payload["errors"] == []
    assert toggle["enabled"] is True
    assert toggle["tags"] == [
        {"value": "beta", "type": {"name": "simple"}},
        {"value": "payments", "type": {"name": "simple"}},
    ]
    assert [strategy["name"] for strategy in toggle["strategies"]] == [
        "flexibleRollout",
        "userWithId",
    ]
    assert [variant["weight"] for variant in toggle["variants"]] == [300, 350, 350]
    assert toggle["variants"][1]["payload"] == {"type": "json", "value": "{}"}
    assert toggle["variants"][2]["overrides"] == [{"contextName": "userId", "values": ["7"]}]
    (event,) = await history(shared_gateway, "checkout")
    assert (event.type.name, event.before) == ("TOGGLE_CREATED", None)
    constraint = event.after["environments"]["default"]["strategies"][0]["constraints"][0]
    assert (constraint["value"], constraint["values"]) == ("1.2.3", [])


async def test_the_event_names_the_token_that_made_the_change(shared_gateway: Gateway) -> None:
    await shared_gateway.change("toggleCreate", {"name": "mine"})

    (event,) = await history(shared_gateway, "mine")
    assert (event.actor.name, event.actor.kind) == ("a admin", ActorKind.TOKEN)


async def test_an_explicit_empty_list_of_strategies_stays_empty(shared_gateway: Gateway) -> None:
    payload = await shared_gateway.change(
        "toggleCreate", {"name": "bare", "strategies": []}, TOGGLE
    )

    assert payload["toggle"]["strategies"] == []


async def test_only_given_fields_of_a_toggle_change(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change("toggleUpdate", {"name": own_toggle, "description": "Old."})

    payload = await shared_gateway.change(
        "toggleUpdate", {"name": own_toggle, "type": "kill-switch", "impressionData": True}, TOGGLE
    )

    toggle = payload["toggle"]
    assert (toggle["description"], toggle["type"]["name"], toggle["impressionData"]) == (
        "Old.",
        "kill-switch",
        True,
    )
    latest, _ = await history(shared_gateway, own_toggle)
    assert latest.type.name == "TOGGLE_UPDATED"


async def test_marking_a_toggle_stale_has_its_own_event(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    payload = await shared_gateway.change(
        "toggleUpdate", {"name": own_toggle, "stale": True}, TOGGLE
    )

    assert payload["toggle"]["stale"] is True
    (event,) = await history(shared_gateway, own_toggle)
    assert event.type.name == "TOGGLE_STALE_ON"


async def test_a_change_that_changes_nothing_leaves_no_event(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    same = {"name": own_toggle, "description": "Same."}
    first = await shared_gateway.change("toggleUpdate", same, TOGGLE)

    payload = await shared_gateway.change("toggleUpdate", same, TOGGLE)

    assert payload["errors"] == []
    assert payload["toggle"]["revision"] == first["toggle"]["revision"]
    assert len(await history(shared_gateway, own_toggle)) == 1


async def test_a_toggle_is_archived_revived_and_deleted(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change("toggleSetEnabled", {"name": own_toggle, "enabled": True})

    archived = await shared_gateway.change("toggleArchive", {"name": own_toggle}, TOGGLE)
    revived = await shared_gateway.change("toggleRevive", {"name": own_toggle}, TOGGLE)
    await shared_gateway.change("toggleArchive", {"name": own_toggle})
    deleted = await shared_gateway.change("toggleDelete", {"name": own_toggle}, "deletedId")

    assert archived["toggle"]["archived"] is True
    assert (revived["toggle"]["archived"], revived["toggle"]["enabled"]) == (False, False)
    assert deleted == {"deletedId": archived["toggle"]["id"], "errors": []}
    assert own_toggle not in shared_gateway.store.snapshot.toggles
    assert [item.type.name for item in await history(shared_gateway, own_toggle)] == [
        "TOGGLE_DELETED",
        "TOGGLE_ARCHIVED",
        "TOGGLE_REVIVED",
        "TOGGLE_ARCHIVED",
        "TOGGLE_ENABLED",
    ]
