"""Change sets are undone as a whole. If an object has changed since then, the undo is refused."""

from typing import Any

import pytest

from graph.ids import encode_id, toggle_environment_id
from tests.graph.changing import apply, describing, revert
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

URL = "https://shop.example"


async def test_undoing_is_a_change_set_that_knows_what_it_undoes(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    applied = await apply(
        shared_gateway, describing(own_toggle), {"toggleCreate": {"name": "undone-again"}}
    )

    undone = await revert(shared_gateway, applied, comment="Back.")

    assert [change["type"] for change in undone["changes"]] == ["TOGGLE_DELETED", "TOGGLE_UPDATED"]
    assert [change["subject"] is None for change in undone["changes"]] == [True, False]
    assert "undone-again" not in shared_gateway.store.snapshot.toggles
    data = await shared_gateway.run(
        "query Both($ids: [ID!]!) { nodes(ids: $ids) { ... on ChangeSet { "
        "comment reverts { id } revertedBy { id comment } } } }",
        {"ids": [applied["changeSet"]["id"], undone["changeSet"]["id"]]},
    )
    first, second = data["nodes"]
    assert first["revertedBy"] == {"id": undone["changeSet"]["id"], "comment": "Back."}
    assert second["reverts"] == {"id": applied["changeSet"]["id"]}
    assert (first["reverts"], second["revertedBy"]) == (None, None)


async def test_undoing_can_be_looked_at_beforehand(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    applied = await apply(shared_gateway, describing(own_toggle))
    before = shared_gateway.store.snapshot

    undone = await revert(shared_gateway, applied, dryRun=True)

    assert undone["changeSet"] is None
    assert undone["changes"][0]["changes"] == [
        {"path": "/description", "kind": "CHANGED", "before": "after", "after": None}
    ]
    assert shared_gateway.store.snapshot is before


async def test_what_others_changed_since_is_undone_only_by_force(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    applied = await apply(shared_gateway, describing(own_toggle))
    await shared_gateway.change(
        "toggleUpdate", {"name": own_toggle, "description": "by somebody else"}
    )
    id = applied["changeSet"]["id"]

    error = await shared_gateway.refusal("changeSetRevert", {"id": id})
    await revert(shared_gateway, applied, force=True)

    assert (error["code"], error["path"]) == ("REVISION_CONFLICT", ["id"])
    assert "description" in error["message"]
    assert error["current"]["__typename"] == "Toggle"
    assert error["expectedRevision"] == applied["changeSet"]["revision"]
    assert error["lastEvent"]["summary"] == f"Changed the description of toggle '{own_toggle}'."
    assert shared_gateway.store.snapshot.toggles[own_toggle].description is None


async def test_a_conflict_in_one_environment_shows_what_was_changed_there(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    applied = await apply(
        shared_gateway,
        {"toggleConfigure": {"name": own_toggle, "variants": [{"name": "mine"}]}},
    )
    changed = {"name": own_toggle, "variants": [{"name": "theirs"}]}
    await shared_gateway.change("toggleConfigure", changed)
    await shared_gateway.change(
        "toggleSetEnabled", {"name": own_toggle, "environment": "staging", "enabled": True}
    )

    error = await shared_gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})

    toggle = shared_gateway.store.snapshot.toggles[own_toggle]
    assert error["current"] == {
        "__typename": "ToggleEnvironment",
        "id": toggle_environment_id(toggle.id, "default"),
    }
    assert error["actualRevision"] == toggle.in_environment("default").revision
    assert error["lastEvent"]["type"] == "TOGGLE_VARIANTS_UPDATED"


async def test_what_somebody_put_back_already_is_no_conflict(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    applied = await apply(
        shared_gateway,
        {"toggleSetEnabled": {"name": own_toggle, "enabled": True}},
        describing(own_toggle),
    )
    await shared_gateway.change("toggleSetEnabled", {"name": own_toggle, "enabled": False})

    partly = await revert(shared_gateway, applied)
    again = await apply(shared_gateway, {"toggleSetEnabled": {"name": own_toggle, "enabled": True}})
    await shared_gateway.change("toggleSetEnabled", {"name": own_toggle, "enabled": False})
    nothing = await revert(shared_gateway, again)

    assert [change["summary"] for change in partly["changes"]] == [
        f"Restored toggle '{own_toggle}'."
    ]
    assert shared_gateway.store.snapshot.toggles[own_toggle].description is None
    assert (nothing["changeSet"], nothing["changes"]) == (None, [])


async def test_objects_that_refer_to_each_other_are_undone_in_an_order_that_works(
    shared_gateway: Gateway,
    own_toggle: str,
) -> None:
    segment = await shared_gateway.change(
        "segmentCreate", {"name": "referred to", "constraints": []}, "segment {id}"
    )
    id = segment["segment"]["id"]
    using = {"name": own_toggle, "strategies": [{"name": "default", "segments": [id]}]}
    await shared_gateway.change("toggleConfigure", using)
    # The first change and the last change concern the same toggle.
    removed = await apply(
        shared_gateway,
        {"toggleConfigure": {"name": own_toggle, "strategies": [{"name": "default"}]}},
        {"segmentDelete": {"id": id}},
        describing(own_toggle),
    )

    brought_back = await revert(shared_gateway, removed)
    await revert(shared_gateway, brought_back)

    assert "referred to" not in shared_gateway.store.snapshot.segments_by_name
    assert shared_gateway.store.snapshot.toggles[own_toggle].description == "after"


async def test_undoing_what_others_use_by_now_is_refused(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    applied = await apply(shared_gateway, {"strategyCreate": {"name": "used"}})
    await shared_gateway.change(
        "toggleConfigure", {"name": own_toggle, "strategies": [{"name": "used"}]}
    )

    error = await shared_gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})

    assert (error["code"], error["path"]) == ("IN_USE", ["id"])
    assert error["usedBy"][0]["__typename"] == "Toggle"


async def test_undoing_cannot_close_a_circle_of_dependencies(
    shared_gateway: Gateway, own_toggle: str
) -> None:
    await shared_gateway.change("toggleCreate", {"name": "other-end"})
    await shared_gateway.change(
        "toggleSetDependencies", {"name": own_toggle, "dependencies": [{"toggle": "other-end"}]}
    )
    applied = await apply(
        shared_gateway, {"toggleSetDependencies": {"name": own_toggle, "dependencies": []}}
    )
    await shared_gateway.change(
        "toggleSetDependencies", {"name": "other-end", "dependencies": [{"toggle": own_toggle}]}
    )

    error = await shared_gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})

    assert (error["rule"], error["path"]) == ("dependency-cycle", ["id"])


async def test_a_change_set_is_undone_once(shared_gateway: Gateway, own_toggle: str) -> None:
    applied = await apply(shared_gateway, describing(own_toggle))
    undone = await revert(shared_gateway, applied)

    error = await shared_gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})
    await revert(shared_gateway, undone)

    assert (error["code"], error["path"]) == ("WRONG_STATE", ["id"])
    assert shared_gateway.store.snapshot.toggles[own_toggle].description == "after"


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("nonsense", "INVALID"),
        (encode_id("Toggle", "x"), "INVALID"),
        (encode_id("ChangeSet", "x"), "NOT_FOUND"),
    ],
)
async def test_only_change_sets_are_undone(shared_gateway: Gateway, id: str, code: str) -> None:
    error = await shared_gateway.refusal("changeSetRevert", {"id": id})

    assert (error["code"], error["path"]) == (code, ["id"])


async def change_application(gateway: Gateway, name: str, **fields: Any) -> Any:
    """Change a new application in a change set."""
    await Installation(gateway.store).register(name)
    await Installation(gateway.store).aggregate()
    return await apply(gateway, {"applicationUpdate": {"name": name, **fields}})


async def application(gateway: Gateway, name: str) -> Any:
    """The fields of an application that people can change."""
    data = await gateway.run(
        "query Shop($name: String!) { application(name: $name) { id description url icon } }",
        {"name": name},
    )
    return data["application"]


async def test_changes_of_an_application_are_undone(shared_gateway: Gateway) -> None:
    applied = await change_application(
        shared_gateway, "undone-shop", description="The shop.", icon="cart"
    )

    undone = await revert(shared_gateway, applied)

    found = await application(shared_gateway, "undone-shop")
    assert (found["description"], found["url"], found["icon"]) == ("", None, None)
    assert applied["changes"][0]["subject"] == {"id": found["id"]}
    assert undone["changes"][0]["summary"] == "Restored application 'undone-shop'."
    assert undone["changes"][0]["subject"] == {"id": found["id"]}


async def test_undoing_changes_of_an_application_spares_those_of_others(
    shared_gateway: Gateway,
) -> None:
    applied = await change_application(shared_gateway, "spared-shop", description="mine", icon="a")
    theirs = await apply(
        shared_gateway,
        {"applicationUpdate": {"name": "spared-shop", "description": "theirs", "url": URL}},
    )
    id = applied["changeSet"]["id"]

    error = await shared_gateway.refusal("changeSetRevert", {"id": id})
    await revert(shared_gateway, applied, force=True)

    found = await application(shared_gateway, "spared-shop")
    assert (error["code"], error["path"]) == ("REVISION_CONFLICT", ["id"])
    assert error["message"] == (
        "The application 'spared-shop' has changed in the parts to restore: description."
    )
    assert error["expectedRevision"] == applied["changeSet"]["revision"]
    assert error["actualRevision"] == theirs["changeSet"]["revision"]
    assert error["current"] == {"__typename": "Application", "id": found["id"]}
    assert error["lastEvent"]["summary"] == "Changed application 'spared-shop'."
    assert (found["description"], found["url"], found["icon"]) == ("", URL, None)


async def test_changes_of_an_application_that_is_gone_cannot_be_undone(
    shared_gateway: Gateway,
) -> None:
    applied = await change_application(shared_gateway, "gone-shop", description="mine")
    await shared_gateway.change("applicationDelete", {"name": "gone-shop"})

    error = await shared_gateway.refusal("changeSetRevert", {"id": applied["changeSet"]["id"]})

    assert (error["code"], error["path"], error["name"]) == ("NOT_FOUND", ["id"], "gone-shop")
