"""Imports of a 3.x document overwrite some existing objects and leave others unchanged."""

from datetime import UTC, datetime
from typing import Any

import pytest

from store import Store
from store.events import EventType
from store.model import SYSTEM
from store.operations.environments import create_environment
from store.operations.fields import SegmentFields, ToggleFields
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle, update_toggle
from store.values import Constraint, Tag
from tests.store.operations.doing import carry_out, log
from tests.store.transfer.unleash.documents import (
    OWNER,
    STRATEGY,
    TAG,
    exported,
    exported_toggle,
    feature,
    take,
)


async def test_an_existing_toggle_is_overwritten(store: Store):
    await take(
        store,
        features=[
            feature(
                "a",
                description="old",
                type="ops",
                project="web",
                enabled=True,
                stale=True,
                variants=[{"name": "v", "weight": 1}],
                createdAt=0,
            )
        ],
    )
    before = store.snapshot.toggles["a"]

    await take(store, features=[feature("a", strategies=[{"name": "other"}])])

    # If a document omits these values, 3.x keeps the stored values, and so does the import.
    assert exported_toggle(store, "a") == {
        "name": "a",
        "description": "old",
        "type": "ops",
        "project": "web",
        "enabled": False,
        "stale": True,
        "strategies": [{"name": "other"}],
        "variants": None,
        "createdAt": "1970-01-01T00:00:00.000Z",
        "lastSeenAt": None,
    }
    assert store.snapshot.toggles["a"].id == before.id


async def test_what_3x_does_not_know_of_an_overwritten_toggle_stays(store: Store):
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="lab")
        await create_toggle(
            work, name="a", fields=ToggleFields(impression_data=True), tags=[Tag("simple", "x")]
        )
        await configure_toggle(
            work, "a", environment="lab", enabled=True, strategies=[StrategySpec(name="default")]
        )
    before = store.snapshot.toggles["a"]

    await take(store, features=[feature("a", enabled=True)])

    after = store.snapshot.toggles["a"]
    assert after.in_environment("default").enabled is True
    assert after.in_environment("lab") is before.in_environment("lab")
    assert (after.impression_data, after.tags) == (True, before.tags)


@pytest.mark.parametrize(
    "again",
    [
        {"features": [feature("a", type="ops", enabled=True)]},
        {"features": [{"strategies": feature("a")["strategies"], "enabled": "TRUE", "name": "a"}]},
        {"strategies": [STRATEGY]},
        {"projects": [{"id": "web", "name": "Another name"}]},
        {"tagTypes": [OWNER | {"icon": "?"}], "tags": [TAG]},
        {
            "tagTypes": [],
            "tags": [],
            "featureTags": [{"featureName": "a", "tagType": "owner", "tagValue": "web"}],
        },
    ],
)
async def test_what_is_there_already_makes_no_event(store: Store, again: dict[str, Any]):
    await take(
        store,
        features=[feature("a", type="ops", enabled=True)],
        strategies=[STRATEGY],
        projects=[{"id": "web", "name": "Web"}],
        tagTypes=[OWNER],
        tags=[TAG],
        featureTags=[{"featureName": "a", "tagType": "owner", "tagValue": "web"}],
    )
    before, events = store.snapshot, await log(store)

    made = await take(store, **again)

    assert made.made.changes == []
    assert made.made.change_set is None
    assert (store.snapshot, await log(store)) == (before, events)


async def test_an_export_taken_back_where_it_is_from_loses_no_segment_and_no_strategy(
    store: Store,
):
    async with store.write(SYSTEM) as work:
        constraint = Constraint("userId", "IN", values=("1",))
        segment = await create_segment(
            work, name="beta", fields=SegmentFields(constraints=(constraint,))
        )
        in_segment = StrategySpec(name="default", segments=(segment.id,))
        disabled = StrategySpec(name="userWithId", disabled=True)
        await create_toggle(work, name="segmented", strategies=[in_segment, disabled])
        await create_toggle(work, name="bare", strategies=())
    before, events = store.snapshot, await log(store)
    document = exported(store)

    made = await take(store, **document)

    assert made.made.changes == []
    assert (store.snapshot, await log(store)) == (before, events)

    document["features"][1]["enabled"] = True
    await take(store, **document)

    changed = store.snapshot.toggles["segmented"].in_environment("default")
    assert changed.enabled
    assert [strategy.constraints for strategy in changed.strategies] == [(constraint,)]


async def test_an_archived_toggle_goes_to_the_archive(store: Store):
    await take(store, features=[feature("a"), feature("b", archived=True)])
    archived_at = store.snapshot.toggles["b"].archived_at

    await take(store, features=[feature("a", archived="true"), feature("b", archived=True)])

    assert store.snapshot.toggles["a"].archived
    assert store.snapshot.toggles["b"].archived_at == archived_at
    assert [item.type for item in await log(store)][-3] is EventType.TOGGLE_ARCHIVED


async def test_an_import_brings_a_toggle_back_from_the_archive(store: Store):
    await carry_out(store, create_toggle, name="a", enabled=True)
    await carry_out(store, archive_toggle, "a")

    await take(store, features=[feature("a", enabled=True)])

    assert not store.snapshot.toggles["a"].archived
    assert store.snapshot.toggles["a"].in_environment("default").enabled is True


async def test_an_archived_toggle_stays_enabled(store: Store):
    await take(store, features=[feature("a", archived=True, enabled=True)])

    assert store.snapshot.toggles["a"].archived
    assert store.snapshot.toggles["a"].in_environment("default").enabled is True


@pytest.mark.parametrize(("sent", "stale"), [({}, True), ({"stale": False}, False)])
async def test_a_toggle_is_stale_until_a_document_says_otherwise(
    store: Store, sent: dict[str, Any], stale: bool
):
    await take(store, features=[feature("a", stale=True)])

    await take(store, features=[feature("a", description="new", **sent)])

    assert exported_toggle(store, "a")["description"] == "new"
    assert exported_toggle(store, "a")["stale"] is stale


async def test_a_drop_leaves_nothing_stale_that_the_document_does_not_call_so(store: Store):
    await take(store, features=[feature("a", stale=True)])

    await take(store, drop=True, features=[feature("a")])

    assert exported_toggle(store, "a")["stale"] is False


async def test_when_a_toggle_became_stale_is_kept(store: Store):
    await carry_out(store, create_toggle, name="a")
    await carry_out(store, update_toggle, "a", stale=True)
    stale_at = store.snapshot.toggles["a"].stale_at

    await take(store, features=[feature("a", stale=True, enabled=True)])

    assert store.snapshot.toggles["a"].stale_at == stale_at


async def test_keep_leaves_alone_what_is_there(store: Store):
    await take(store, features=[feature("a", description="old")], strategies=[STRATEGY])

    await take(
        store,
        keep=True,
        features=[feature("a", description="new", enabled=True), feature("b")],
        strategies=[STRATEGY | {"description": "new"}, STRATEGY | {"name": "region"}],
    )

    assert exported_toggle(store, "a")["description"] == "old"
    assert exported_toggle(store, "a")["enabled"] is False
    assert "b" in store.snapshot.toggles
    assert store.snapshot.strategies["country"].description == "By country"
    assert "region" in store.snapshot.strategies


async def test_keep_brings_a_toggle_back_from_the_archive(store: Store):
    await carry_out(store, create_toggle, name="a", description="old", enabled=True)
    await carry_out(store, archive_toggle, "a")

    await take(store, keep=True, features=[feature("a", description="new", enabled=True)])

    assert not store.snapshot.toggles["a"].archived
    assert exported_toggle(store, "a")["description"] == "new"
    assert exported_toggle(store, "a")["enabled"] is True


async def test_an_unchanged_export_leaves_microseconds_alone(store: Store):
    created_at = datetime(2026, 1, 1, 0, 0, 7, 123_456, UTC)
    await take(store, features=[feature("a", createdAt=created_at.isoformat())])
    before, events = store.snapshot, await log(store)
    document = exported(store)
    assert document["features"][0]["createdAt"] == "2026-01-01T00:00:07.123Z"

    assert (await take(store, **document)).made.changes == []
    otherwise = document["features"][0] | {"stale": "false"}
    assert (await take(store, features=[otherwise])).made.changes == []

    assert (store.snapshot, await log(store)) == (before, events)
    await take(store, drop=True, **document)
    assert store.snapshot.toggles["a"].created_at == created_at


async def test_a_project_that_only_toggles_named_is_declared(store: Store):
    await take(store, features=[feature("a", project="web")])
    assert not store.snapshot.projects["web"].declared

    await take(store, projects=[{"id": "web", "name": "Web", "createdAt": "x"}])

    assert store.snapshot.projects["web"].declared
    assert store.snapshot.projects["web"].title == "Web"


async def test_the_time_of_creation_counts(store: Store):
    await take(store, features=[feature("a", createdAt="2020-02-02")])
    await take(store, features=[feature("a", createdAt="2019-01-01T00:00:00Z")])

    assert store.snapshot.toggles["a"].created_at == datetime(2019, 1, 1, tzinfo=UTC)
