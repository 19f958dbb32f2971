"""A toggle's history: its state after each revision and at any time."""

from datetime import timedelta
from typing import Any

import pytest

from graph.ids import toggle_strategy_id
from graph.scalars import format_datetime
from store.model import SYSTEM
from store.operations.projects import create_project, delete_project
from store.operations.tag_types import create_tag_type, delete_tag_type
from tests.graph.gateway import Gateway
from tests.graph.toggle_versions import VERSIONS, create_segment, versions
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
    assert len(statements) == 2  # one for the page, and one for the count


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
