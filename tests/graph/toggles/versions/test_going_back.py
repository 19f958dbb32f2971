"""The state of a toggle after an earlier revision can be restored."""

from typing import Any

import pytest

from tests.graph.gateway import Gateway
from tests.graph.toggle_versions import create_segment, versions

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def back_to(gateway: Gateway, name: str, revision: int, **options: Any) -> Any:
    """Restore a revision of a toggle and return the payload."""
    payload = await gateway.change(
        "toggleRevertTo",
        {"name": name, "revision": revision, **options},
        "toggle { description archived revision } changeSet { id comment changes { type } }",
    )
    assert payload["errors"] == []
    return payload


async def test_a_toggle_goes_back_to_a_version_as_a_change_set(
    shared_gateway: Gateway, t: str
) -> None:
    then = shared_gateway.store.snapshot.toggles[t]
    await shared_gateway.change("toggleUpdate", {"name": t, "description": "later", "stale": True})
    await shared_gateway.change("toggleConfigure", {"name": t, "strategies": [], "variants": []})
    await shared_gateway.change("toggleSetEnabled", {"name": t, "enabled": True})

    payload = await back_to(shared_gateway, t, then.revision)

    restored = shared_gateway.store.snapshot.toggles[t]
    assert payload["toggle"] == {
        "description": f"What {t} is for.",
        "archived": False,
        "revision": shared_gateway.store.snapshot.revision,
    }
    assert payload["changeSet"]["comment"] == f"Restored toggle '{t}' to revision {then.revision}."
    assert payload["changeSet"]["changes"] == [{"type": "TOGGLE_UPDATED"}]
    assert not restored.stale
    assert restored.environments["default"].strategies == then.environments["default"].strategies
    assert restored.environments["default"].variants == then.environments["default"].variants
    assert not restored.environments["default"].enabled
    # Values that were equal in both versions did not change.
    assert restored.environments["production"] is then.environments["production"]

    newest = (await versions(shared_gateway, t, first=1))["nodes"][0]
    assert newest["event"]["changeSet"] == {"id": payload["changeSet"]["id"]}


async def test_going_back_can_be_looked_at_beforehand(shared_gateway: Gateway, t: str) -> None:
    then = shared_gateway.store.snapshot.toggles[t]
    await shared_gateway.change("toggleUpdate", {"name": t, "description": "later"})
    before, count = shared_gateway.store.snapshot, await shared_gateway.number_of_events()

    payload = await shared_gateway.change(
        "toggleRevertTo",
        {"name": t, "revision": then.revision, "dryRun": True},
        "toggle { id } changeSet { id } changes { summary changes { path before after } }",
    )

    assert payload == {
        "errors": [],
        "toggle": None,
        "changeSet": None,
        "changes": [
            {
                "summary": f"Restored toggle '{t}'.",
                "changes": [
                    {"path": "/description", "before": "later", "after": f"What {t} is for."}
                ],
            }
        ],
    }
    assert shared_gateway.store.snapshot is before
    assert await shared_gateway.number_of_events() == count


async def test_going_back_is_one_change_of_several(shared_gateway: Gateway, t: str) -> None:
    then = shared_gateway.store.snapshot.toggles[t]
    await shared_gateway.change("toggleUpdate", {"name": t, "description": "later"})
    changes = [
        {"toggleRevertTo": {"name": t, "revision": then.revision}},
        {"toggleSetEnabled": {"name": t, "enabled": True}},
    ]

    payload = await shared_gateway.change(
        "changeSetApply",
        {"changes": changes, "comment": "Both."},
        "changeSet { id comment } changes { index type }",
    )

    restored = shared_gateway.store.snapshot.toggles[t]
    assert payload["changeSet"]["comment"] == "Both."
    assert payload["changes"] == [
        {"index": 0, "type": "TOGGLE_UPDATED"},
        {"index": 1, "type": "TOGGLE_ENABLED"},
    ]
    assert restored.description == f"What {t} is for."
    assert restored.in_environment("default").enabled


async def test_going_back_within_a_change_set_reports_its_errors_and_no_effect(
    shared_gateway: Gateway, t: str
) -> None:
    revision = shared_gateway.store.snapshot.toggles[t].revision
    changes = [
        {"toggleRevertTo": {"name": t, "revision": 0}},
        {"toggleRevertTo": {"name": t, "revision": revision, "dryRun": True}},
    ]

    errors = await shared_gateway.refusals("changeSetApply", {"changes": changes})
    nothing = await shared_gateway.change(
        "changeSetApply",
        {"changes": [{"toggleRevertTo": {"name": t, "revision": revision}}]},
        "changeSet { id } changes { summary warnings { code } }",
    )

    assert [(error["rule"], error["path"]) for error in errors] == [
        ("revision-unknown", ["changes", "0", "toggleRevertTo", "revision"]),
        ("dry-run-whole", ["changes", "1", "toggleRevertTo", "dryRun"]),
    ]
    assert nothing["changeSet"] is None
    assert nothing["changes"] == [
        {"summary": f"Leaves toggle '{t}' unchanged.", "warnings": [{"code": "NO_EFFECT"}]}
    ]


async def test_going_back_can_be_undone(shared_gateway: Gateway, t: str) -> None:
    then = shared_gateway.store.snapshot.toggles[t]
    await shared_gateway.change("toggleUpdate", {"name": t, "description": "later"})
    payload = await back_to(shared_gateway, t, then.revision)

    await shared_gateway.change("changeSetRevert", {"id": payload["changeSet"]["id"]})

    assert shared_gateway.store.snapshot.toggles[t].description == "later"


async def test_an_archived_toggle_goes_back_and_stays_archived(
    shared_gateway: Gateway, t: str
) -> None:
    then = shared_gateway.store.snapshot.toggles[t]
    await shared_gateway.change("toggleUpdate", {"name": t, "description": "later"})
    await shared_gateway.change("toggleArchive", {"name": t})

    payload = await back_to(shared_gateway, t, then.revision)

    assert payload["toggle"]["archived"] is True
    assert payload["toggle"]["description"] == f"What {t} is for."
    assert (await versions(shared_gateway, t))["totalCount"] == 4


async def test_going_back_to_what_is_there_changes_nothing(shared_gateway: Gateway, t: str) -> None:
    before = shared_gateway.store.snapshot

    payload = await back_to(shared_gateway, t, before.toggles[t].revision)

    assert payload["changeSet"] is None
    assert shared_gateway.store.snapshot is before


@pytest.mark.parametrize(
    "revision",
    [
        1_000_000,
        0,
        -1,
        # This revision created the reference data.
        2,
    ],
)
async def test_there_has_to_be_such_a_version(
    shared_gateway: Gateway, t: str, revision: int
) -> None:
    error = await shared_gateway.refusal("toggleRevertTo", {"name": t, "revision": revision})

    assert (error["code"], error["path"]) == ("INVALID", ["revision"])


@pytest.mark.parametrize(
    ("input", "code", "path"),
    [
        ({"name": "none"}, "NOT_FOUND", ["name"]),
        ({"expectedRevision": 2}, "REVISION_CONFLICT", ["expectedRevision"]),
    ],
)
async def test_the_toggle_must_be_in_the_expected_state(
    shared_gateway: Gateway, t: str, input: Any, code: str, path: list[str]
) -> None:
    revision = shared_gateway.store.snapshot.toggles[t].revision

    error = await shared_gateway.refusal(
        "toggleRevertTo", {"name": t, "revision": revision, **input}
    )

    assert (error["code"], error["path"]) == (code, path)


async def test_a_version_cannot_come_back_without_what_it_refers_to(
    shared_gateway: Gateway, t: str
) -> None:
    segment = await create_segment(shared_gateway, t)
    await shared_gateway.change(
        "toggleConfigure",
        {"name": t, "strategies": [{"name": "default", "segments": [segment]}]},
    )
    then = shared_gateway.store.snapshot.toggles[t]
    await shared_gateway.change("toggleConfigure", {"name": t, "strategies": []})
    await shared_gateway.change("segmentDelete", {"id": segment})

    error = await shared_gateway.refusal("toggleRevertTo", {"name": t, "revision": then.revision})

    assert (error["code"], error["path"]) == ("NOT_FOUND", ["revision"])


async def test_going_back_cannot_close_a_circle_of_dependencies(
    shared_gateway: Gateway, t: str
) -> None:
    u = f"u-{t}"
    await shared_gateway.change("toggleCreate", {"name": u})
    await shared_gateway.change(
        "toggleSetDependencies", {"name": t, "dependencies": [{"toggle": u}]}
    )
    then = shared_gateway.store.snapshot.revision
    await shared_gateway.change("toggleSetDependencies", {"name": t, "dependencies": []})
    await shared_gateway.change(
        "toggleSetDependencies", {"name": u, "dependencies": [{"toggle": t}]}
    )

    error = await shared_gateway.refusal("toggleRevertTo", {"name": t, "revision": then})

    assert (error["rule"], error["path"]) == ("dependency-cycle", ["revision"])
    assert f"{t} → {u} → {t}" in error["message"]


async def test_what_was_configured_in_a_deleted_environment_stays_gone(
    shared_gateway: Gateway,
    t: str,
) -> None:
    await shared_gateway.change("environmentCreate", {"name": "gone", "copyFrom": "production"})
    then = shared_gateway.store.snapshot.revision
    await shared_gateway.change("environmentDelete", {"name": "gone"})
    await shared_gateway.change("toggleUpdate", {"name": t, "description": "later"})

    await back_to(shared_gateway, t, then)

    restored = shared_gateway.store.snapshot.toggles[t]
    assert sorted(restored.environments) == ["default", "production"]
    assert restored.description == f"What {t} is for."
