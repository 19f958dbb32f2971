"""The playground shows the effect of changes on decisions, without applying them."""

from collections.abc import Sequence
from typing import Any

import pytest

from graph.ids import ASSUMED, encode_id
from store import Store
from store.model import SYSTEM
from store.operations.inputs import StrategySpec
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAY = """
query Play($contexts: [ContextInput!]! = [{}], $filter: ToggleFilter, $changes: [ChangeInput!]) {
  playground(contexts: $contexts, filter: $filter, changes: $changes) {
    totalCount
    nodes {
      toggle {
        id name enabled
        strategies { id name }
        environments { id enabled toggle { id } strategies { id toggleEnvironment { id } } }
        dependencies { toggle { name } }
        events(first: 1) { totalCount }
      }
      evaluations {
        enabled reason explanation
        toggle { id }
        matchedStrategy { id }
        strategies {
          strategy { id name segments { id } parameters { value } toggleEnvironment { enabled } }
          segments { segment { id name constraints { values } } constraints { contextValue } }
        }
        dependencies { outcome dependency { toggle { id name } } }
      }
    }
  }
}
"""


async def fill(store: Store) -> None:
    """Create a toggle for each kind of assumed change."""
    installation = Installation(store)
    users = StrategySpec(name="userWithId", parameters={"userIds": "ada"})
    disabled = StrategySpec(name="default", title="kept", disabled=True)
    for name in ("off", "off-too"):
        await installation.toggle(name, enabled=False)
    for name in ("on", "leaving", "old", "older"):
        await installation.toggle(name, enabled=True)
    for name in ("old", "older"):
        await installation.archive(name)
    await installation.toggle("for-users", enabled=True, strategies=(users, disabled))
    testers = StrategySpec(name="default", segments=(1,))
    await installation.toggle("for-testers", enabled=True, strategies=(testers,))
    await installation.toggle("without-strategies", enabled=True, strategies=())


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles of `fill`."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database of each kind, because tests check that assumed changes are not stored."""
    return shared_url_on_each


async def played(
    gateway: Gateway, names: Sequence[str], *changes: Any, **variables: Any
) -> dict[str, Any]:
    """Query the playground, check that nothing was stored, and return the results by toggle."""
    before, events = gateway.store.snapshot, await gateway.number_of_events()
    filter = {"names": names, **variables.pop("filter", {})}
    data = await gateway.run(
        PLAY, {"changes": changes, "filter": filter, **variables}, token="viewer"
    )
    assert gateway.store.snapshot is before
    assert await gateway.number_of_events() == events
    return {node["toggle"]["name"]: node for node in data["playground"]["nodes"]}


def evaluation(result: Any) -> Any:
    (only,) = result["evaluations"]
    return only


async def test_a_switch_that_is_assumed_decides_and_the_toggle_is_shown_as_saved(
    shared_gateway: Gateway,
) -> None:
    both = ("off", "off-too")
    saved = await played(shared_gateway, both)

    assumed = await played(
        shared_gateway, both, {"toggleSetEnabled": {"name": "off", "enabled": True}}
    )

    assert evaluation(saved["off"])["reason"] == "DISABLED"
    assert evaluation(assumed["off"])["reason"] == "STRATEGY_MATCHED"
    assert assumed["off"]["toggle"] == saved["off"]["toggle"]
    assert assumed["off"]["toggle"]["enabled"] is False
    (strategy,) = saved["off"]["toggle"]["strategies"]
    assert evaluation(assumed["off"])["matchedStrategy"] == {"id": strategy["id"]}
    assert assumed["off-too"] == saved["off-too"]


async def test_strategies_that_are_assumed_have_ids_of_their_own(shared_gateway: Gateway) -> None:
    name = "for-users"
    saved = evaluation((await played(shared_gateway, [name]))[name])
    ids = [strategy["strategy"]["id"] for strategy in saved["strategies"]]
    changed = {
        "id": ids[0],
        "parameters": [{"name": "userIds", "value": "eve"}],
    }
    added = {"toggle": name, "strategy": {"name": "default"}}

    assumed = evaluation(
        (
            await played(
                shared_gateway,
                [name],
                {"toggleStrategyUpdate": changed},
                {"toggleStrategyAdd": added},
                contexts=[{"userId": "eve"}],
            )
        )[name]
    )

    first, second, third = (strategy["strategy"] for strategy in assumed["strategies"])
    assert first["parameters"] == [{"value": "eve"}]
    assert first["id"].startswith("assumed:")
    assert assumed["matchedStrategy"] == {"id": first["id"]}
    assert second == saved["strategies"][1]["strategy"]
    assert third["id"].startswith(ASSUMED)
    assert len({first["id"], second["id"], third["id"]}) == 3


async def test_the_same_assumption_gives_the_same_ids_and_another_one_others(
    shared_gateway: Gateway,
) -> None:
    def add(title: str) -> Any:
        strategy = {"name": "default", "title": title}
        return {"toggleStrategyAdd": {"toggle": "on", "strategy": strategy}}

    first = await played(shared_gateway, ["on"], add("a"))
    again = await played(shared_gateway, ["on"], add("a"))
    other = await played(shared_gateway, ["on"], add("b"))

    def added(results: Any) -> str:
        return evaluation(results["on"])["strategies"][1]["strategy"]["id"]

    assert added(first) == added(again)
    assert added(first) != added(other)


async def test_a_toggle_that_is_assumed_shows_whole_and_is_no_object_of_the_server(
    shared_gateway: Gateway,
) -> None:
    created = {"name": "new", "enabled": True, "strategies": [{"name": "default"}]}
    needs = {"name": "new", "dependencies": [{"toggle": "on"}]}
    needed = {"name": "child", "dependencies": [{"toggle": "base"}]}

    results = await played(
        shared_gateway,
        ("base", "child", "new", "on"),
        {"toggleCreate": created},
        {"toggleSetDependencies": needs},
        {"toggleCreate": {"name": "base", "enabled": True}},
        {"toggleCreate": {"name": "child", "enabled": True}},
        {"toggleSetDependencies": needed},
    )

    assert list(results) == ["base", "child", "new", "on"]
    toggle = results["new"]["toggle"]
    assert toggle["id"].startswith(ASSUMED)
    assert toggle["environments"][0]["id"].startswith(ASSUMED)
    assert toggle["environments"][0]["toggle"] == {"id": toggle["id"]}
    assert toggle["dependencies"] == [{"toggle": {"name": "on"}}]
    assert toggle["events"]["totalCount"] == 0
    assert evaluation(results["new"])["reason"] == "STRATEGY_MATCHED"
    (dependency,) = evaluation(results["child"])["dependencies"]
    assert dependency == {
        "outcome": "MET",
        "dependency": {"toggle": {"id": results["base"]["toggle"]["id"], "name": "base"}},
    }
    response = await shared_gateway.post(f'{{ node(id: "{toggle["id"]}") {{ id }} }}')
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_segment_that_is_assumed_decides_and_is_shown_as_saved(
    shared_gateway: Gateway,
) -> None:
    name = "for-testers"
    context = {"properties": [{"name": "email", "value": "x@c.example"}]}
    saved = (await played(shared_gateway, [name], contexts=[context]))[name]
    (segment,) = evaluation(saved)["strategies"][0]["segments"]
    ends = {"contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@c.example"]}
    change = {"segmentUpdate": {"id": segment["segment"]["id"], "constraints": [ends]}}

    assumed = (await played(shared_gateway, [name], change, contexts=[context]))[name]

    assert (evaluation(saved)["enabled"], evaluation(assumed)["enabled"]) == (False, True)
    assert evaluation(assumed)["strategies"][0]["segments"][0]["segment"] == segment["segment"]
    assert evaluation(
        (await played(shared_gateway, [name], contexts=[context]))[name]
    ) == evaluation(saved)


async def test_a_segment_that_is_assumed_to_be_new_has_an_id_of_its_own(
    shared_gateway: Gateway,
) -> None:
    name = "without-strategies"
    country = {"contextName": "country", "operator": "IN", "values": ["NO"]}
    create = {"name": "north", "constraints": [country]}
    # The key of a new object is not returned, but can be guessed.
    use = {"name": "default", "segments": [encode_id("Segment", 2)]}

    results = await played(
        shared_gateway,
        [name],
        {"segmentCreate": create},
        {"toggleStrategyAdd": {"toggle": name, "strategy": use}},
        contexts=[{"properties": [{"name": "country", "value": "NO"}]}],
    )

    outcome = evaluation(results[name])
    (strategy,) = outcome["strategies"]
    assert outcome["enabled"]
    assert strategy["segments"][0]["segment"]["name"] == "north"
    assert strategy["segments"][0]["segment"]["id"].startswith(ASSUMED)
    assert strategy["strategy"]["segments"] == [{"id": strategy["segments"][0]["segment"]["id"]}]


async def test_toggles_are_found_as_they_are_or_would_be(shared_gateway: Gateway) -> None:
    names = ("leaving", "old", "older", "on")

    results = await played(
        shared_gateway,
        names,
        {"toggleArchive": {"name": "leaving"}},
        {"toggleRevive": {"name": "old"}},
        {"toggleDelete": {"name": "older"}},
    )
    archived = await played(
        shared_gateway, names, {"toggleDelete": {"name": "older"}}, filter={"archived": True}
    )

    assert {name: evaluation(result)["reason"] for name, result in results.items()} == {
        "leaving": "ARCHIVED",
        "old": "DISABLED",
        "on": "STRATEGY_MATCHED",
    }
    assert list(archived) == ["old"]


async def test_changes_that_are_refused_are_reported_with_the_path_of_each(
    shared_gateway: Gateway,
) -> None:
    changes = [
        {"toggleSetEnabled": {"name": "off", "enabled": True}},
        {"toggleSetEnabled": {"name": "nobody", "enabled": True}},
        {"toggleStrategyAdd": {"toggle": "off", "strategy": {"name": "unheard-of"}}},
    ]

    response = await shared_gateway.post(PLAY, {"changes": changes})

    (error,) = response.json()["errors"]
    assert error["path"] == ["playground"]
    assert error["message"] == (
        "changes[1].toggleSetEnabled.name: No toggle is named 'nobody'. "
        "The extensions list all 2 errors."
    )
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert [(item["code"], item["path"]) for item in error["extensions"]["errors"]] == [
        ("NOT_FOUND", ["changes", "1", "toggleSetEnabled", "name"]),
        ("NOT_FOUND", ["changes", "2", "toggleStrategyAdd", "strategy", "name"]),
    ]


async def test_at_most_two_hundred_changes_are_assumed(shared_gateway: Gateway) -> None:
    switch = {"toggleSetEnabled": {"name": "off", "enabled": True}}

    response = await shared_gateway.post(PLAY, {"changes": [switch] * 201})

    (error,) = response.json()["errors"]
    assert error["message"] == "changes: 201 changes are too many; at most 200 are allowed."
    assert error["extensions"]["errors"][0]["code"] == "LIMIT_EXCEEDED"


async def test_other_fields_of_a_request_know_nothing_of_what_one_assumes(
    shared_gateway: Gateway,
) -> None:
    names = 'filter: { names: ["new", "off"] }'
    on = '{ toggleSetEnabled: { name: "off", enabled: true } }'
    new = '{ toggleCreate: { name: "new", enabled: true } }'

    data = await shared_gateway.run(
        f"""{{
          switched: playground(contexts: [{{}}], {names}, changes: [{on}, {new}]) {{ ...Parts }}
          toggles({names}) {{ nodes {{ name evaluate(context: {{}}) {{ enabled }} }} }}
          created: playground(contexts: [{{}}], {names}, changes: [{new}]) {{ ...Parts }}
          toggle(name: "new") {{ id }}
        }}
        fragment Parts on PlaygroundResultConnection {{
          nodes {{ toggle {{ id name }} evaluations {{ enabled }} }}
        }}"""
    )

    def decisions(results: Any) -> dict[str, bool]:
        return {node["toggle"]["name"]: evaluation(node)["enabled"] for node in results["nodes"]}

    assert decisions(data["switched"]) == {"new": True, "off": True}
    assert decisions(data["created"]) == {"new": True, "off": False}
    assert data["toggles"]["nodes"] == [{"name": "off", "evaluate": {"enabled": False}}]
    assert data["toggle"] is None
    ids = [item["nodes"][0]["toggle"]["id"] for item in (data["switched"], data["created"])]
    assert ids[0] != ids[1]


async def test_a_version_can_be_assumed_and_what_decides_nothing_is_accepted(
    shared_gateway: Gateway,
) -> None:
    toggle = shared_gateway.store.snapshot.toggles["for-users"]
    installation = Installation(shared_gateway.store)
    await installation.register("shop")
    await installation.aggregate()
    changes = [
        {"toggleSetEnabled": {"name": "for-users", "enabled": False}},
        {"toggleRevertTo": {"name": "for-users", "revision": toggle.revision}},
        {"applicationUpdate": {"name": "shop", "description": "The shop."}},
        {"applicationUpdate": {"name": "shop", "icon": "cart"}},
        {"projectCreate": {"name": "assumed"}},
    ]

    assumed = await played(shared_gateway, ["for-users"], *changes, contexts=[{"userId": "ada"}])

    assert evaluation(assumed["for-users"])["enabled"]
    data = await shared_gateway.run('{ application(name: "shop") { description icon } }')
    assert data["application"] == {"description": "", "icon": None}


async def test_assuming_takes_no_lock_and_no_statement(shared_gateway: Gateway) -> None:
    switch = [{"toggleSetEnabled": {"name": "off", "enabled": True}}]
    arguments = {"filter": {"names": ["off"]}, "changes": switch}

    document = PLAY.replace("events(first: 1) { totalCount }", "")
    async with shared_gateway.store.write(SYSTEM):
        with counted_statements() as statements:
            data = await shared_gateway.run(document, arguments)

    assert statements == []
    assert evaluation(data["playground"]["nodes"][0])["enabled"]


async def test_assuming_a_change_of_an_application_writes_nothing(shared_gateway: Gateway) -> None:
    installation = Installation(shared_gateway.store)
    await installation.register("unlocked")
    await installation.aggregate()
    change = {"applicationUpdate": {"name": "unlocked", "description": "x"}}
    document = PLAY.replace("events(first: 1) { totalCount }", "")

    # Meanwhile, another writer has the lock.
    async with shared_gateway.store.write(SYSTEM):
        with counted_statements() as statements:
            await shared_gateway.run(document, {"filter": {"names": ["off"]}, "changes": [change]})

    assert len(statements) == 1
    assert statements[0].startswith("SELECT")
