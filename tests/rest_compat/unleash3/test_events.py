"""The audit log in the 3.x admin API: the listed events, and the states that an event compares."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from rest_compat.app import RestConfig, rest_app
from rest_compat.unleash3 import events
from store import Store
from store.events import EventType, SubjectKind
from store.model import SYSTEM
from store.operations.change_sets import RequestedChange, finish_change_set, start_change_set
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.projects import create_project
from store.operations.scheduling import cancel_change_set, schedule_changes
from store.operations.segments import create_segment
from store.operations.tag_types import create_tag_type
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle, update_toggle
from store.unit_of_work import UnitOfWork
from store.values import Dependency, Tag
from tests.rest_compat.conftest import MakeClient, begins_with, elsewhere
from tests.rest_compat.unleash3.toggles import live_and_archived, make
from tests.store.operations.doing import carry_out, log

PATH = "/api/admin/events"
# These events belong to the initial data of all tests.
BEGINNING = ("api-token-created", "environment-created")


async def listed(client: httpx.AsyncClient, name: str | None = None) -> list[dict[str, Any]]:
    """The listed events of all names or of one name, without the initial data."""
    answer = await client.get(PATH if name is None else f"{PATH}/{name}")
    assert answer.status_code == 200, answer.text
    return [event for event in answer.json()["events"] if event["type"] not in BEGINNING]


async def types(client: httpx.AsyncClient, name: str | None = None) -> list[str]:
    return [item["type"] for item in await listed(client, name)]


async def drop_features(work: UnitOfWork) -> None:
    """The event of an import that first drops all toggles."""
    work.record(
        EventType.STATE_IMPORTED,
        subject_kind=SubjectKind.STATE,
        subject_key="x",
        subject_name="x",
        summary="Dropped all toggles.",
    )
    work.show_as("drop-features", {"name": "all-features"})


async def test_an_event_shows_who_did_what_when(store: Store, admin: httpx.AsyncClient) -> None:
    await make(admin, "cart", description="Sells.")

    answer = await admin.get(f"{PATH}/cart")

    (event,) = [item for item in await log(store) if item.type is EventType.TOGGLE_CREATED]
    assert answer.json() == {
        "toggleName": "cart",
        "events": [
            {
                "id": event.number,
                "type": "feature-created",
                "createdBy": "ada",
                "createdAt": event.created_at.isoformat(timespec="milliseconds").replace(
                    "+00:00", "Z"
                ),
                "data": {
                    "name": "cart",
                    "description": "Sells.",
                    "strategies": [{"name": "default", "parameters": {}}],
                    "enabled": False,
                    "stale": False,
                    "type": "release",
                    "project": "default",
                },
                "preData": None,
                "tags": [],
                "project": "default",
                "environment": None,
                "featureName": "cart",
                "diffs": None,
            }
        ],
    }


async def test_nobody_in_particular_is_unknown(store: Store, make_client: MakeClient) -> None:
    client = make_client(app=rest_app(store, RestConfig(auth="none"), elsewhere))
    await make(client, "first")
    await client.post("/api/admin/features/first/toggle/on", headers={"x-flagstaff-user": "bob"})

    assert [item["createdBy"] for item in await listed(client)] == ["bob", "unknown"]


async def test_the_newest_hundred_are_listed_newest_first(
    store: Store, admin: httpx.AsyncClient
) -> None:
    async with store.write(SYSTEM) as work:
        for number in range(105):
            await create_toggle(work, name=f"t-{number}")

    found = await listed(admin)

    assert [item["data"]["name"] for item in found] == [
        f"t-{number}" for number in range(104, 4, -1)
    ]
    assert [item["id"] for item in found] == sorted((item["id"] for item in found), reverse=True)


async def test_what_happens_in_other_environments_is_listed_as_today(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_toggle, name="cart", tags=[Tag("simple", "red")])
    await carry_out(store, set_enabled, "cart", environment="staging", enabled=True)
    await carry_out(store, set_enabled, "cart", enabled=True)

    for found in (await listed(admin), await listed(admin, "cart")):
        here, there, _ = found
        assert there["type"] == "feature-environment-enabled"
        assert (there["environment"], there["project"]) == ("staging", "default")
        assert (there["featureName"], there["diffs"]) == ("cart", None)
        assert (there["data"], there["preData"]) == ({"name": "cart"}, None)
        assert there["tags"] == [{"type": "simple", "value": "red"}]
        # The event is compared with the state of `default`, regardless of other environments.
        assert (here["type"], here["environment"]) == ("feature-updated", "default")
        assert {"kind": "E", "path": ["enabled"], "lhs": False, "rhs": True} in here["diffs"]
        assert (here["preData"]["enabled"], here["data"]["enabled"]) == (False, True)


async def test_changes_of_every_kind_are_listed(store: Store, admin: httpx.AsyncClient) -> None:
    await carry_out(store, create_environment, name="production")
    await carry_out(store, create_segment, name="testers", constraints=())
    await carry_out(store, create_toggle, name="parent")
    await carry_out(store, create_toggle, name="cart")
    await carry_out(store, set_dependencies, "cart", dependencies=[Dependency("parent")])

    answer = (await admin.get(PATH)).json()["events"]

    listed_changes = [
        (item["type"], item["data"].get("name"), item["environment"]) for item in answer[:5]
    ]
    assert listed_changes == [
        ("feature-dependencies-updated", "cart", None),
        ("feature-created", "cart", None),
        ("feature-created", "parent", None),
        ("segment-created", "testers", None),
        ("environment-created", "production", "production"),
    ]
    assert answer[0]["preData"] == {"name": "cart", "dependencies": []}
    assert await types(admin, "testers") == ["segment-created"]
    created = (await admin.get(f"{PATH}/production")).json()["events"]
    assert [item["type"] for item in created] == ["environment-created"]
    tokens = [item for item in answer if item["type"] == "api-token-created"]
    assert tokens
    assert not any("secret" in key.lower() for token in tokens for key in token["data"])


async def test_bookkeeping_of_changes_made_together_is_not_listed(
    store: Store, admin: httpx.AsyncClient
) -> None:
    async with store.write(SYSTEM) as work:
        start_change_set(work, comment="Both")
        await create_toggle(work, name="a")
        finish_change_set(work)
    document = {"version": 1, "features": [{"name": "b", "strategies": [{"name": "default"}]}]}
    await admin.post("/api/admin/state/import", json=document)

    assert await types(admin) == ["feature-import", "feature-created"]


async def test_what_was_scheduled_is_listed_with_its_comment(
    store: Store, admin: httpx.AsyncClient
) -> None:
    async def create(work: UnitOfWork) -> object:
        return await create_toggle(work, name="a")

    change = RequestedChange(create, (), EventType.TOGGLE_CREATED, SubjectKind.TOGGLE, "a")
    now = store.clock()
    made = await carry_out(
        store,
        schedule_changes,
        [change],
        [],
        apply_at=now + timedelta(days=1),
        now=now,
        comment="Launch.",
    )
    assert made.change_set is not None
    await carry_out(store, cancel_change_set, made.change_set.id)

    found = await listed(admin)

    assert [(item["type"], item["data"]) for item in found] == [
        ("change-set-cancelled", {"name": "Launch."}),
        ("change-set-scheduled", {"name": "Launch."}),
    ]


async def test_a_switch_made_elsewhere_is_compared_with_the_toggle_before(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_toggle, name="cart")
    await carry_out(store, set_enabled, "cart", enabled=True)
    await admin.post("/api/admin/features/cart/toggle/off")

    found = await listed(admin, "cart")

    assert [(item["type"], item["data"]["enabled"]) for item in found] == [
        ("feature-updated", False),
        ("feature-updated", True),
        ("feature-created", False),
    ]
    assert found[0]["diffs"] == [{"kind": "E", "path": ["enabled"], "lhs": True, "rhs": False}]
    assert [diff["path"] for diff in found[1]["diffs"]] == [
        ["enabled"],
        ["createdAt"],
        ["lastSeenAt"],
    ]


async def test_events_are_compared_within_their_family_and_name(admin: httpx.AsyncClient) -> None:
    for path, body in (
        ("tag-types", {"name": "squad", "description": "Who"}),
        ("strategies", {"name": "squad", "parameters": []}),
        ("features", {"name": "squad", "strategies": [{"name": "default"}]}),
        ("strategies", {"name": "other", "parameters": []}),
        ("strategies/squad/deprecate", {}),
        ("features/squad/tags", {"type": "simple", "value": "red"}),
        ("features/other/toggle", {}),
    ):
        await admin.post(f"/api/admin/{path}", json=body)
    await admin.put("/api/admin/tag-types/squad", json={"description": "Whose"})
    await admin.delete("/api/admin/tag-types/squad")

    found = {item["type"]: item["diffs"] for item in await listed(admin)}

    assert found == {
        # The deletion is compared with the creation, because 3.17.6 treats changes of tag types as
        # a separate family.
        "tag-type-deleted": [{"kind": "D", "path": ["description"], "lhs": "Who"}],
        "tag-type-updated": None,
        "feature-tagged": None,
        "tag-created": None,
        "strategy-deprecated": [
            {"kind": "D", "path": ["parameters"], "lhs": []},
            {"kind": "D", "path": ["editable"], "lhs": True},
            {"kind": "D", "path": ["deprecated"], "lhs": False},
        ],
        "strategy-created": None,
        "feature-created": None,
        "tag-type-created": None,
    }


async def test_the_first_event_of_a_built_in_strategy_is_compared_with_its_definition(
    admin: httpx.AsyncClient,
) -> None:
    await admin.post("/api/admin/strategies/userWithId/deprecate")
    await admin.post("/api/admin/strategies/userWithId/reactivate")

    reactivated, deprecated = await listed(admin, "userWithId")

    assert reactivated["diffs"] == []
    assert deprecated["diffs"] == [
        {"kind": "D", "path": ["description"], "lhs": "On for a list of users."},
        {
            "kind": "D",
            "path": ["parameters"],
            "lhs": [{"name": "userIds", "type": "list", "description": "", "required": False}],
        },
    ]


async def test_a_name_has_the_events_in_whose_data_it_stands(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await make(admin, "mine")
    await make(admin, "mine-too")
    await admin.post("/api/admin/features/mine/tags", json={"type": "simple", "value": "red"})
    await admin.post("/api/admin/strategies", json={"name": "mine", "parameters": []})
    await admin.post("/api/admin/context", json={"name": "mine"})
    await carry_out(store, create_tag_type, name="mine")
    await carry_out(store, create_project, name="other", title="mine")
    await carry_out(store, create_project, name="mine", title="Other")
    await carry_out(store, set_enabled, "mine", enabled=True)

    answer = await admin.get(f"{PATH}/mine")

    assert answer.json()["toggleName"] == "mine"
    assert [event["type"] for event in answer.json()["events"]] == [
        "feature-updated",
        "project-created",
        "tag-type-created",
        "context-field-created",
        "strategy-created",
        "feature-created",
    ]


@pytest.mark.parametrize(
    "name",
    ["never-heard-of", "constructor", "__proto__", "%F0%9F%98%80", "a%2Fb", "%25", "all-tags"],
)
@begins_with(live_and_archived)
async def test_a_name_without_events_has_an_empty_list(admin: httpx.AsyncClient, name: str) -> None:
    assert await listed(admin, name) == []


async def test_the_history_of_names_begins_anew_when_all_toggles_are_dropped(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await make(admin, "cart")
    await admin.post("/api/admin/strategies", json={"name": "cart", "parameters": []})
    await carry_out(store, drop_features)
    await admin.post("/api/admin/strategies/cart/deprecate")

    assert await types(admin, "cart") == ["strategy-deprecated"]
    assert await types(admin, "all-features") == ["drop-features"]
    assert await types(admin) == [
        "strategy-deprecated",
        "drop-features",
        "strategy-created",
        "feature-created",
    ]


async def test_the_list_of_a_name_ends_at_a_hundred_too(
    store: Store, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MAX_EVENTS", 3)
    await carry_out(store, create_toggle, name="cart")
    for description in "abcd":
        await carry_out(store, update_toggle, "cart", description=description)

    found = await listed(admin, "cart")

    assert [item["data"]["description"] for item in found] == ["d", "c", "b"]
    assert [item["diffs"] and item["diffs"][0]["lhs"] for item in found] == ["c", "b", None]


async def test_a_client_that_has_the_list_already_is_reported_so(admin: httpx.AsyncClient) -> None:
    await make(admin, "cart")
    etag = (await admin.get(PATH)).headers["etag"]

    same = await admin.get(PATH, headers={"if-none-match": etag})
    await make(admin, "basket")
    other = await admin.get(PATH, headers={"if-none-match": etag})

    assert (same.status_code, other.status_code) == (304, 200)


async def test_events_of_imports_are_compared_with_their_like_as_3_17_6_does(
    admin: httpx.AsyncClient,
) -> None:
    await admin.post("/api/admin/tag-types", json={"name": "team"})
    await admin.post(
        "/api/admin/features", json={"name": "a0", "strategies": [{"name": "default"}]}
    )
    await admin.post("/api/admin/features/a0/tags", json={"type": "team", "value": "red"})
    document = {
        "version": 1,
        "tagTypes": [{"name": "team", "description": "Who", "icon": "#"}],
        "tags": [{"type": "team", "value": "blue"}],
        "featureTags": [{"featureName": "a0", "tagType": "team", "tagValue": "blue"}],
        "projects": [{"id": "shop", "name": "Shop"}],
    }
    await admin.post("/api/admin/state/import?drop=true", json=document)

    found = {item["type"]: item["diffs"] for item in await listed(admin)}
    imports = ("tag-type-import", "tag-import", "feature-tag-import", "project-import")
    drops = ("drop-tag-types", "drop-tags", "drop-feature-tags", "drop-projects")
    assert [found[item] for item in (*imports, *drops)] == [None] * 8
