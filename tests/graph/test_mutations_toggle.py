"""Toggles are created, changed, archived, revived and deleted through GraphQL."""

import asyncio
from typing import Any

import pytest

from store.model import ActorKind
from tests.graph.gateway import Gateway

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

NAMES_REFUSED = [
    ("", "name-length"),
    ("a" * 101, "name-length"),
    ("two words", "name-pattern"),
    ("tab\tbed", "name-pattern"),
    ("zürich", "name-pattern"),
    ("a/b", "name-pattern"),
    ("<script>", "name-pattern"),
    (".", "name-reserved"),
    ("..", "name-reserved"),
]


async def test_a_toggle_is_created_with_its_defaults(gateway: Gateway) -> None:
    payload = await gateway.change("toggleCreate", {"name": "new-checkout"}, TOGGLE)

    toggle = payload["toggle"]
    assert payload["errors"] == []
    assert toggle.pop("id")
    assert toggle.pop("revision") == gateway.store.snapshot.revision
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


async def test_a_toggle_is_created_with_everything_in_one_event(gateway: Gateway) -> None:
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

    payload = await gateway.change("toggleCreate", input, TOGGLE)

    toggle = payload["toggle"]
    assert payload["errors"] == []
    assert toggle["enabled"] is True
    assert toggle["tags"] == [
        {"value": "beta", "type": {"name": "simple"}},
        {"value": "payments", "type": {"name": "simple"}},
    ]
    assert [it["name"] for it in toggle["strategies"]] == ["flexibleRollout", "userWithId"]
    assert [it["weight"] for it in toggle["variants"]] == [300, 350, 350]
    assert toggle["variants"][1]["payload"] == {"type": "json", "value": "{}"}
    assert toggle["variants"][2]["overrides"] == [{"contextName": "userId", "values": ["7"]}]
    (event,) = await gateway.events()
    assert (event.type.name, event.toggle_name, event.before) == (
        "TOGGLE_CREATED",
        "checkout",
        None,
    )
    constraint = event.after["environments"]["default"]["strategies"][0]["constraints"][0]
    assert (constraint["value"], constraint["values"]) == ("1.2.3", [])


async def test_the_event_names_the_token_that_made_the_change(gateway: Gateway) -> None:
    await gateway.change("toggleCreate", {"name": "mine"})

    (event,) = await gateway.events()
    assert (event.actor.name, event.actor.kind) == ("a admin", ActorKind.TOKEN)


async def test_an_explicit_empty_list_of_strategies_stays_empty(gateway: Gateway) -> None:
    payload = await gateway.change("toggleCreate", {"name": "bare", "strategies": []}, TOGGLE)

    assert payload["toggle"]["strategies"] == []


async def test_only_given_fields_of_a_toggle_change(gateway: Gateway) -> None:
    await gateway.change("toggleCreate", {"name": "t", "description": "Old."})

    payload = await gateway.change(
        "toggleUpdate", {"name": "t", "type": "kill-switch", "impressionData": True}, TOGGLE
    )

    toggle = payload["toggle"]
    assert (toggle["description"], toggle["type"]["name"], toggle["impressionData"]) == (
        "Old.",
        "kill-switch",
        True,
    )
    assert [it.type.name for it in await gateway.events()] == ["TOGGLE_UPDATED", "TOGGLE_CREATED"]


async def test_marking_a_toggle_stale_has_its_own_event(gateway: Gateway) -> None:
    await gateway.change("toggleCreate", {"name": "t"})

    payload = await gateway.change("toggleUpdate", {"name": "t", "stale": True}, TOGGLE)

    assert payload["toggle"]["stale"] is True
    assert (await gateway.events())[0].type.name == "TOGGLE_STALE_ON"


async def test_a_change_that_changes_nothing_leaves_no_event(gateway: Gateway) -> None:
    created = await gateway.change("toggleCreate", {"name": "t", "description": "Same."}, TOGGLE)

    payload = await gateway.change("toggleUpdate", {"name": "t", "description": "Same."}, TOGGLE)

    assert payload["errors"] == []
    assert payload["toggle"]["revision"] == created["toggle"]["revision"]
    assert len(await gateway.events()) == 1


async def test_a_toggle_is_archived_revived_and_deleted(gateway: Gateway) -> None:
    created = await gateway.change("toggleCreate", {"name": "t", "enabled": True}, TOGGLE)

    archived = await gateway.change("toggleArchive", {"name": "t"}, TOGGLE)
    revived = await gateway.change("toggleRevive", {"name": "t"}, TOGGLE)
    await gateway.change("toggleArchive", {"name": "t"})
    deleted = await gateway.change("toggleDelete", {"name": "t"}, "deletedId")

    assert archived["toggle"]["archived"] is True
    assert (revived["toggle"]["archived"], revived["toggle"]["enabled"]) == (False, False)
    assert deleted == {"deletedId": created["toggle"]["id"], "errors": []}
    assert "t" not in gateway.store.snapshot.toggles
    assert [it.type.name for it in await gateway.events()] == [
        "TOGGLE_DELETED",
        "TOGGLE_ARCHIVED",
        "TOGGLE_REVIVED",
        "TOGGLE_ARCHIVED",
        "TOGGLE_CREATED",
    ]


@pytest.mark.parametrize(("name", "rule"), NAMES_REFUSED)
async def test_a_name_that_addresses_cannot_hold_is_refused(
    gateway: Gateway, name: str, rule: str
) -> None:
    error = await gateway.refusal("toggleCreate", {"name": name})

    assert (error["code"], error["path"], error["rule"]) == ("INVALID", ["name"], rule)
    assert error["message"].endswith(".")


@pytest.mark.parametrize("archived", [False, True], ids=["live", "archived"])
async def test_a_taken_name_is_refused_with_the_toggle_that_has_it(
    gateway: Gateway, archived: bool
) -> None:
    created = await gateway.change("toggleCreate", {"name": "t"}, TOGGLE)
    if archived:
        await gateway.change("toggleArchive", {"name": "t"})

    error = await gateway.refusal("toggleCreate", {"name": "t"})

    assert error.pop("message")
    assert error == {
        "__typename": "AlreadyExistsError",
        "code": "ALREADY_EXISTS",
        "path": ["name"],
        "archived": archived,
        "existing": {"__typename": "Toggle", "id": created["toggle"]["id"]},
    }


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("type", "no-such-type", ["type"]),
        ("project", "no-such-project", ["project"]),
        ("environment", "no-such-environment", ["environment"]),
        ("strategies", [{"name": "no-such-strategy"}], ["strategies", "0", "name"]),
        ("tags", [{"type": "no-such-tag-type", "value": "x"}], ["tags", "0", "type"]),
    ],
)
async def test_what_a_new_toggle_refers_to_must_exist(
    gateway: Gateway, field: str, value: Any, path: list[str]
) -> None:
    error = await gateway.refusal("toggleCreate", {"name": "t", field: value})

    assert (error["__typename"], error["code"], error["path"]) == (
        "NotFoundError",
        "NOT_FOUND",
        path,
    )
    assert error["name"].startswith("no-such-")
    assert error["name"] in error["message"]


async def test_all_errors_of_an_input_are_told_at_once(gateway: Gateway) -> None:
    errors = await gateway.refusals(
        "toggleCreate",
        {
            "name": "not a name",
            "type": "no-such-type",
            "environment": "no-such-environment",
            "strategies": [
                {"name": "default"},
                {
                    "name": "no-such-strategy",
                    "segments": ["no-id"],
                    "parameters": [{"name": "p", "value": "1"}, {"name": "p", "value": "2"}],
                    "constraints": [
                        {"contextName": "n", "operator": "NUM_GT", "values": ["1", "2"]}
                    ],
                    "variants": [{"name": "v", "weightType": "FIX", "weight": 1001}],
                },
            ],
            "variants": [{"name": "a"}, {"name": "a"}],
        },
    )

    assert {(error["code"], tuple(error["path"])) for error in errors} == {
        ("INVALID", ("name",)),
        ("NOT_FOUND", ("type",)),
        ("NOT_FOUND", ("environment",)),
        ("NOT_FOUND", ("strategies", "1", "name")),
        ("INVALID", ("strategies", "1", "segments", "0")),
        ("INVALID", ("strategies", "1", "parameters", "1", "name")),
        ("INVALID", ("strategies", "1", "constraints", "0", "values")),
        ("INVALID", ("strategies", "1", "variants", "0", "weight")),
        ("INVALID", ("variants", "1", "name")),
    }


@pytest.mark.parametrize(
    "mutation", ["toggleUpdate", "toggleArchive", "toggleRevive", "toggleDelete"]
)
async def test_an_unknown_toggle_is_not_found(gateway: Gateway, mutation: str) -> None:
    error = await gateway.refusal(mutation, {"name": "nobody"})

    assert (error["code"], error["path"], error["name"]) == ("NOT_FOUND", ["name"], "nobody")


@pytest.mark.parametrize("field", ["description", "type", "project", "impressionData", "stale"])
async def test_null_for_a_field_that_cannot_be_removed_is_refused(
    gateway: Gateway, field: str
) -> None:
    await gateway.change("toggleCreate", {"name": "t"})

    error = await gateway.refusal("toggleUpdate", {"name": "t", field: None})

    assert (error["code"], error["rule"], error["path"]) == ("INVALID", "not-null", [field])


@pytest.mark.parametrize(
    ("mutation", "archived"),
    [("toggleRevive", False), ("toggleDelete", False), ("toggleArchive", True)],
)
async def test_a_change_that_the_state_does_not_allow_is_refused(
    gateway: Gateway, mutation: str, archived: bool
) -> None:
    await gateway.change("toggleCreate", {"name": "t"})
    if archived:
        await gateway.change("toggleArchive", {"name": "t"})

    error = await gateway.refusal(mutation, {"name": "t"})

    assert (error["__typename"], error["code"]) == ("OtherUserError", "WRONG_STATE")
    assert error["path"] == ["name"]


@pytest.mark.parametrize("mutation", ["toggleUpdate", "toggleArchive"])
async def test_a_revision_conflict_shows_the_toggle_and_its_last_change(
    gateway: Gateway, mutation: str
) -> None:
    created = await gateway.change("toggleCreate", {"name": "t"}, TOGGLE)
    known = created["toggle"]["revision"]
    await gateway.change("toggleUpdate", {"name": "t", "description": "Somebody was faster."})

    error = await gateway.refusal(mutation, {"name": "t", "expectedRevision": known})

    assert error.pop("message")
    assert error == {
        "__typename": "RevisionConflictError",
        "code": "REVISION_CONFLICT",
        "path": ["expectedRevision"],
        "expectedRevision": known,
        "actualRevision": known + 1,
        "current": {"__typename": "Toggle", "id": created["toggle"]["id"]},
        "lastEvent": {
            "type": "TOGGLE_UPDATED",
            "summary": "Changed the description of toggle 't'.",
            "actor": {"name": "a admin"},
        },
    }


async def test_the_expected_revision_lets_the_change_pass(gateway: Gateway) -> None:
    created = await gateway.change("toggleCreate", {"name": "t"}, TOGGLE)

    payload = await gateway.change(
        "toggleUpdate",
        {"name": "t", "stale": True, "expectedRevision": created["toggle"]["revision"]},
        TOGGLE,
    )

    assert payload["errors"] == []


async def test_later_fields_of_one_request_see_earlier_changes(gateway: Gateway) -> None:
    data = await gateway.run(
        """
        mutation {
          first: toggleCreate(input: { name: "t" }) { toggle { enabled } }
          second: toggleSetEnabled(input: { name: "t", enabled: true }) {
            toggleEnvironment { enabled toggle { enabled } }
          }
        }
        """
    )

    assert data["first"]["toggle"]["enabled"] is False
    assert data["second"]["toggleEnvironment"] == {"enabled": True, "toggle": {"enabled": True}}


async def test_of_100_concurrent_creates_of_one_name_one_wins(gateway: Gateway) -> None:
    payloads = await asyncio.gather(
        *(gateway.change("toggleCreate", {"name": "wanted"}, "toggle { name }") for _ in range(100))
    )

    winners = [payload for payload in payloads if not payload["errors"]]
    codes = [error["code"] for payload in payloads for error in payload["errors"]]
    assert len(winners) == 1
    assert codes == ["ALREADY_EXISTS"] * 99
    assert [event.type.name for event in await gateway.events()] == ["TOGGLE_CREATED"]
