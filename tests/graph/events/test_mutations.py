"""A change set is applied completely or not at all, and only once for each key."""

import pytest

from graph.ids import encode_id
from tests.graph.changing import apply, describing
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_changes_build_on_those_before_them(shared_gateway: Gateway) -> None:
    payload = await apply(
        shared_gateway,
        {"toggleCreate": {"name": "built-up"}},
        {"toggleSetEnabled": {"name": "built-up", "enabled": True}},
        {"toggleTags": {"name": "built-up", "add": [{"value": "x"}]}},
        comment="All of it.",
    )

    created = shared_gateway.store.snapshot.toggles["built-up"]
    assert created.in_environment("default").enabled
    assert payload["changeSet"]["comment"] == "All of it."
    assert (
        payload["changeSet"]["revision"]
        == created.revision
        == shared_gateway.store.snapshot.revision
    )
    assert payload["changeSet"]["createdBy"] == {"name": "a admin"}
    assert [
        (change["index"], change["type"], change["subjectName"]) for change in payload["changes"]
    ] == [
        (0, "TOGGLE_CREATED", "built-up"),
        (1, "TOGGLE_ENABLED", "built-up"),
        (2, "TOGGLE_TAGGED", "built-up"),
    ]
    assert payload["changes"][1]["environment"] == {"name": "default"}
    assert {change["subject"]["id"] for change in payload["changes"]} == {
        encode_id("Toggle", created.id)
    }


async def test_errors_show_objects_as_they_are_stored(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change("strategyCreate", {"name": "used"})
    await shared_gateway.change(
        "toggleConfigure", {"name": own_toggle, "strategies": [{"name": "used"}]}
    )

    data = await shared_gateway.run(
        """
        mutation Refused($changes: [ChangeInput!]!) {
          changeSetApply(input: { changes: $changes }) {
            errors { ... on InUseError { usedBy { ... on Toggle { description revision } } } }
          }
        }
        """,
        {"changes": [describing(own_toggle), {"strategyDelete": {"name": "used"}}]},
    )

    (error,) = data["changeSetApply"]["errors"]
    stored = shared_gateway.store.snapshot.toggles[own_toggle]
    assert error["usedBy"] == [{"description": "", "revision": stored.revision}]


async def test_expected_revisions_are_those_before_the_change_set(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    known = shared_gateway.store.snapshot.toggles[own_toggle].revision
    expected = {"name": own_toggle, "expectedRevision": known}

    await apply(
        shared_gateway,
        {"toggleSetEnabled": {**expected, "enabled": True}},
        {"toggleConfigure": {**expected, "variants": [{"name": "v"}]}},
        {"toggleUpdate": {**expected, "stale": True}},
        {"toggleArchive": expected},
    )
    refused = await shared_gateway.refusal(
        "changeSetApply",
        {
            "changes": [
                {"toggleRevive": {"name": own_toggle}},
                {"toggleUpdate": {**expected, "stale": False}},
            ]
        },
    )

    assert shared_gateway.store.snapshot.toggles[own_toggle].archived
    assert refused["path"] == ["changes", "1", "toggleUpdate", "expectedRevision"]
    assert (refused["expectedRevision"], refused["actualRevision"]) == (known, known + 1)
    assert refused["lastEvent"]["type"] == "TOGGLE_ARCHIVED"


async def test_a_change_without_an_effect_says_so(shared_gateway: Gateway, own_toggle: str) -> None:
    payload = await apply(
        shared_gateway,
        {"toggleSetEnabled": {"name": own_toggle, "enabled": False}},
        describing(own_toggle),
    )

    unchanged, changed = payload["changes"]
    assert (unchanged["index"], unchanged["type"]) == (0, "TOGGLE_DISABLED")
    assert unchanged["summary"] == f"Leaves toggle '{own_toggle}' unchanged."
    assert unchanged["subject"]["id"] == changed["subject"]["id"]
    assert unchanged["environment"] == {"name": "default"}
    assert unchanged["changes"] == []
    assert [warning["code"] for warning in unchanged["warnings"]] == ["NO_EFFECT"]
    assert changed["warnings"] == []


async def test_tagging_without_any_tag_counts_as_tagging(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    payload = await apply(
        shared_gateway, {"toggleTags": {"name": own_toggle}}, describing(own_toggle)
    )

    assert payload["changes"][0]["type"] == "TOGGLE_TAGGED"


async def test_changes_read_the_same_while_they_are_made_and_from_the_log(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change("toggleTags", {"name": own_toggle, "add": [{"value": "a"}]})

    applied = await apply(
        shared_gateway, {"toggleTags": {"name": own_toggle, "add": [{"value": "b"}]}}
    )

    data = await shared_gateway.run(
        "query One($id: ID!) { node(id: $id) { ... on ChangeSet {"
        " changes { changes { path kind before after } } } } }",
        {"id": applied["changeSet"]["id"]},
    )
    difference = {"path": "/tags/1", "kind": "ADDED", "before": None}
    tag = {"type": "simple", "value": "b"}
    assert applied["changes"][0]["changes"] == [{**difference, "after": tag}]
    assert data["node"]["changes"][0]["changes"] == [{**difference, "after": tag}]


async def test_a_key_makes_the_same_changes_only_once(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    first = await apply(shared_gateway, {"toggleCreate": {"name": "only-once"}}, idempotencyKey="k")
    before = shared_gateway.store.snapshot

    again = await apply(shared_gateway, {"toggleCreate": {"name": "only-once"}}, idempotencyKey="k")
    other = await apply(shared_gateway, describing(own_toggle), idempotencyKey="l")

    assert again["changeSet"] == first["changeSet"]
    assert again["changes"] == first["changes"]
    assert other["changeSet"]["id"] != first["changeSet"]["id"]
    assert shared_gateway.store.snapshot.revision == before.revision + 1


async def test_a_dry_run_and_a_refusal_do_not_use_up_a_key(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await apply(shared_gateway, describing(own_toggle), idempotencyKey="not used up", dryRun=True)
    await shared_gateway.refusal(
        "changeSetApply",
        {"changes": [{"toggleArchive": {"name": "none"}}], "idempotencyKey": "not used up"},
    )

    payload = await apply(shared_gateway, describing(own_toggle), idempotencyKey="not used up")

    assert payload["changeSet"] is not None
    assert shared_gateway.store.snapshot.toggles[own_toggle].description == "after"
