"""A toggle's history: its state after each revision, and restoring that state."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from graph.ids import toggle_strategy_id
from graph.scalars import format_datetime
from store import Store
from store.model import SYSTEM
from store.operations.projects import create_project, delete_project
from store.operations.tag_types import create_tag_type, delete_tag_type
from tests.graph.conftest import PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

_numbers = count()
VERSIONS = """
query Versions($name: String!, $first: Int, $after: String, $last: Int, $before: String) {
  toggle(name: $name) { versions(first: $first, after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes {
      revision
      event { type revision actor { name } changeSet { id } }
      toggle {
        name description typeName type { name } projectName project { name }
        impressionData stale archived archivedAt
        tags { typeName type { name } value }
        dependencies { toggleName toggle { name } enabled variants }
        environments {
          environmentName environment { name } enabled updatedAt
          variants { name weight percentage payload { type value } overrides { values } }
          strategies {
            strategyId name title disabled sortOrder strategy { title }
            parameters { name value }
            constraints { contextName operator values contextField { name } }
            segments { name } variants { name }
          }
        }
      }
    }
  } }
}
"""


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase) -> PreparedDatabase:
    """Databases with the objects that toggles refer to."""
    return furnished_database


@pytest_asyncio.fixture(loop_scope="module")
async def t(shared_store: Store) -> str:
    """The name of a new toggle, which has something in each of its parts."""
    name = f"t{next(_numbers)}"
    await Installation(shared_store).rich_toggle(name)
    return name


async def versions(gateway: Gateway, name: str, **page: Any) -> Any:
    """A page of the versions of a toggle."""
    data = await gateway.run(VERSIONS, {"name": name, **page})
    return data["toggle"]["versions"]


async def create_segment(gateway: Gateway, name: str) -> str:
    """Create a segment that can be deleted, and return its ID."""
    payload = await gateway.change(
        "segmentCreate", {"name": name, "constraints": []}, "segment { id }"
    )
    return payload["segment"]["id"]


async def back_to(gateway: Gateway, name: str, revision: int, **options: Any) -> Any:
    """Restore a revision of a toggle and return the payload."""
    payload = await gateway.change(
        "toggleRevertTo",
        {"name": name, "revision": revision, **options},
        "toggle { description archived revision } changeSet { id comment changes { type } }",
    )
    assert payload["errors"] == []
    return payload


# ------------------------------------------------------------------ reading


async def test_a_version_holds_the_whole_configuration(shared_gateway: Gateway, t: str) -> None:
    created = shared_gateway.store.snapshot.toggles[t]
    await shared_gateway.change("toggleSetEnabled", {"name": t, "enabled": True})

    now, then = (await versions(shared_gateway, t))["nodes"]

    default, production = then["toggle"]["environments"]
    strategy = default["strategies"][0]
    assert then["revision"] == then["event"]["revision"] == created.revision
    # If a revision has several events, the last one is reported.
    assert then["event"]["type"] == "TOGGLE_CONFIGURED"
    assert then["toggle"]["description"] == f"What {t} is for."
    assert (then["toggle"]["typeName"], then["toggle"]["type"]) == ("release", {"name": "release"})
    assert then["toggle"]["project"] == {"name": "default"}
    assert then["toggle"]["tags"][1] == {
        "typeName": "team",
        "type": {"name": "team"},
        "value": "blue",
    }
    assert (default["environmentName"], default["environment"]) == ("default", {"name": "default"})
    assert (default["enabled"], production["enabled"]) == (False, True)
    assert now["toggle"]["environments"][0]["enabled"] is True
    assert strategy["strategyId"] == toggle_strategy_id(
        created.id, "default", created.in_environment("default").strategies[0].id
    )
    assert strategy["title"] == "a quarter"
    assert strategy["parameters"][0] == {"name": "rollout", "value": "25"}
    assert strategy["constraints"][0]["contextField"] == {"name": "country"}
    assert strategy["constraints"][1]["values"] == ["18"]
    assert strategy["segments"] == [{"name": "beta testers"}]
    assert default["variants"][0]["payload"] == {"type": "string", "value": "#f00"}
    assert default["variants"][1]["overrides"] == [{"values": ["ada", "bob"]}]


async def test_versions_are_listed_newest_first_page_by_page(
    shared_gateway: Gateway, t: str
) -> None:
    for number in range(4):
        await shared_gateway.change("toggleUpdate", {"name": t, "description": f"{number}"})
    await shared_gateway.change("toggleCreate", {"name": "another"})

    whole = await versions(shared_gateway, t)
    first = await versions(shared_gateway, t, first=2)
    second = await versions(shared_gateway, t, first=2, after=first["pageInfo"]["endCursor"])
    before = await versions(shared_gateway, t, last=1, before=second["pageInfo"]["startCursor"])

    assert [node["toggle"]["description"] for node in whole["nodes"]] == [
        "3",
        "2",
        "1",
        "0",
        f"What {t} is for.",
    ]
    assert whole["totalCount"] == 5
    assert first["nodes"] + second["nodes"] == whole["nodes"][:4]
    assert second["pageInfo"]["hasNextPage"] is True
    assert before["nodes"] == whole["nodes"][1:2]


@pytest.mark.parametrize("page", [{"first": 501}, {"first": -1}, {"after": "x"}])
async def test_bad_pages_of_versions_are_refused(
    shared_gateway: Gateway, t: str, page: Any
) -> None:
    response = await shared_gateway.post(VERSIONS, {"name": t, **page})

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_what_a_version_refers_to_may_be_gone(shared_gateway: Gateway, t: str) -> None:
    async with shared_gateway.store.write(SYSTEM) as work:
        await create_project(work, name="gone")
        await create_tag_type(work, name="gone")
    segment = await create_segment(shared_gateway, t)
    await shared_gateway.change("environmentCreate", {"name": "gone", "copyFrom": "production"})
    await shared_gateway.change("strategyCreate", {"name": "gone"})
    await shared_gateway.change("toggleCreate", {"name": "gone"})
    await shared_gateway.change("toggleUpdate", {"name": t, "project": "gone"})
    await shared_gateway.change("toggleTags", {"name": t, "add": [{"type": "gone", "value": "x"}]})
    await shared_gateway.change(
        "toggleSetDependencies", {"name": t, "dependencies": [{"toggle": "gone"}]}
    )
    await shared_gateway.change(
        "toggleConfigure",
        {
            "name": t,
            "strategies": [{"name": "gone", "segments": [segment]}],
        },
    )
    full = shared_gateway.store.snapshot.toggles[t].revision
    # Restore the plain values, so that all of these objects can be deleted.
    await shared_gateway.change("toggleUpdate", {"name": t, "project": "default"})
    await shared_gateway.change(
        "toggleTags", {"name": t, "remove": [{"type": "gone", "value": "x"}]}
    )
    await shared_gateway.change("toggleSetDependencies", {"name": t, "dependencies": []})
    await shared_gateway.change("toggleConfigure", {"name": t, "strategies": []})
    await shared_gateway.change("toggleArchive", {"name": "gone"})
    for mutation, input in (
        ("toggleDelete", {"name": "gone"}),
        ("strategyDelete", {"name": "gone"}),
        ("segmentDelete", {"id": segment}),
        ("environmentDelete", {"name": "gone"}),
    ):
        assert (await shared_gateway.change(mutation, input))["errors"] == []
    async with shared_gateway.store.write(SYSTEM) as work:
        await delete_project(work, "gone")
        await delete_tag_type(work, "gone")

    found = next(
        node for node in (await versions(shared_gateway, t))["nodes"] if node["revision"] == full
    )

    toggle = found["toggle"]
    *_, gone = toggle["environments"]
    strategy = toggle["environments"][0]["strategies"][0]
    assert (toggle["projectName"], toggle["project"]) == ("gone", None)
    assert toggle["tags"][0] == {"typeName": "gone", "type": None, "value": "x"}
    assert toggle["dependencies"][0]["toggleName"] == "gone"
    assert toggle["dependencies"][0]["toggle"] is None
    assert (gone["environmentName"], gone["environment"]) == ("gone", None)
    assert (strategy["name"], strategy["strategy"]) == ("gone", None)
    assert strategy["segments"] == [None]


async def test_a_toggle_that_was_deleted_and_brought_back_shows_the_gap(
    shared_gateway: Gateway,
    t: str,
) -> None:
    await shared_gateway.change("toggleArchive", {"name": t})
    deleted = await shared_gateway.change(
        "changeSetApply", {"changes": [{"toggleDelete": {"name": t}}]}, "changeSet { id }"
    )
    await shared_gateway.change("changeSetRevert", {"id": deleted["changeSet"]["id"]})

    found = (await versions(shared_gateway, t))["nodes"]

    assert [item["toggle"] is None for item in found] == [False, True, False, False]
    assert [item["toggle"]["archived"] for item in found if item["toggle"]] == [True, True, False]
    assert found[1]["event"]["changeSet"] == deleted["changeSet"]


AT = """
query At($name: String!, $time: DateTime!) {
  toggle(name: $name) { versionAt(time: $time) { revision toggle { description } event { type } } }
}
"""
OF_NAME = """
query OfName($name: String!, $first: Int, $after: String) {
  toggleVersions(name: $name, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { revision toggle { description archived } event { type } }
  }
}
"""


async def test_a_version_is_found_by_time(shared_gateway: Gateway, t: str) -> None:
    store = shared_gateway.store
    times = [store.snapshot.toggles[t].updated_at]
    for number in range(2):
        await shared_gateway.change("toggleUpdate", {"name": t, "description": f"{number}"})
        times.append(store.snapshot.toggles[t].updated_at)
    before = times[0] - timedelta(microseconds=1)
    last_moment = times[1] - timedelta(microseconds=1)

    found = [
        (await shared_gateway.run(AT, {"name": t, "time": format_datetime(time)}))["toggle"][
            "versionAt"
        ]
        for time in (
            before,
            times[0],
            last_moment,
            times[1],
            times[2],
            times[2] + timedelta(days=9),
        )
    ]

    assert found[0] is None
    assert [version["toggle"]["description"] for version in found[1:]] == [
        f"What {t} is for.",
        f"What {t} is for.",
        "0",
        "1",
        "1",
    ]
    assert found[1]["event"]["type"] == "TOGGLE_CONFIGURED"


async def test_the_versions_of_many_toggles_by_time_take_one_statement(
    shared_gateway: Gateway, t: str
) -> None:
    time = format_datetime(shared_gateway.store.clock())
    document = (
        "query($time: DateTime!) { toggles { nodes { versionAt(time: $time) { revision } } } }"
    )

    with counted_statements() as statements:
        data = await shared_gateway.run(document, {"time": time})

    assert all(node["versionAt"] for node in data["toggles"]["nodes"])
    assert len(statements) == 1


async def test_versions_of_deleted_toggles_are_found_by_their_name(
    shared_gateway: Gateway, t: str
) -> None:
    await shared_gateway.change("toggleArchive", {"name": t})
    changes = [{"toggleDelete": {"name": t}}, {"toggleCreate": {"name": t, "description": "new"}}]
    await shared_gateway.change("changeSetApply", {"changes": changes})
    await shared_gateway.change("toggleArchive", {"name": t})
    await shared_gateway.change("toggleDelete", {"name": t})

    with counted_statements() as statements:
        whole = (await shared_gateway.run(OF_NAME, {"name": t}))["toggleVersions"]
    pages: list[Any] = []
    after = None
    for _ in range(3):
        variables = {"name": t, "first": 2, "after": after}
        page = (await shared_gateway.run(OF_NAME, variables))["toggleVersions"]
        pages += page["nodes"]
        after = page["pageInfo"]["endCursor"]

    assert [node["event"]["type"] for node in whole["nodes"]] == [
        "TOGGLE_DELETED",
        "TOGGLE_ARCHIVED",
        "TOGGLE_CREATED",
        "TOGGLE_DELETED",
        "TOGGLE_ARCHIVED",
        "TOGGLE_CONFIGURED",
    ]
    assert [node["toggle"] is None for node in whole["nodes"]] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    assert pages == whole["nodes"]
    assert whole["totalCount"] == 6
    assert len(statements) == 2  # the page, and the count


async def test_a_name_that_no_toggle_had_has_no_versions(shared_gateway: Gateway) -> None:
    found = (await shared_gateway.run(OF_NAME, {"name": "nobody"}))["toggleVersions"]

    assert (found["totalCount"], found["nodes"]) == (0, [])


async def test_a_cursor_of_one_list_of_versions_is_none_of_the_other(
    shared_gateway: Gateway, t: str
) -> None:
    page = await versions(shared_gateway, t, first=1)

    response = await shared_gateway.post(
        OF_NAME, {"name": t, "after": page["pageInfo"]["endCursor"]}
    )

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


# ------------------------------------------------------------------ restoring


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
    # Values that did not differ were not touched.
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
        # The revision that created the reference data.
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
