"""The playground tells what changes would do to decisions, without making them."""

from typing import Any

import pytest

from graph.ids import ASSUMED, encode_id
from store.model import SYSTEM
from store.operations.inputs import StrategySpec
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.statements import counted_statements

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


@pytest.fixture
async def installation(gateway: Gateway) -> Installation:
    installation = Installation(gateway.store)
    await installation.surroundings()
    return installation


async def played(gateway: Gateway, *changes: Any, **variables: Any) -> dict[str, Any]:
    """The results by the names of the toggles; nothing is stored by it."""
    before, events = gateway.store.snapshot, await gateway.events()
    data = await gateway.run(PLAY, {"changes": changes, **variables}, token="viewer")
    assert gateway.store.snapshot is before
    assert await gateway.events() == events
    return {it["toggle"]["name"]: it for it in data["playground"]["nodes"]}


def evaluation(result: Any) -> Any:
    (only,) = result["evaluations"]
    return only


async def test_a_switch_that_is_assumed_decides_and_the_toggle_is_shown_as_saved(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("one", enabled=False)
    await installation.toggle("two", enabled=False)
    saved = await played(gateway)

    assumed = await played(gateway, {"toggleSetEnabled": {"name": "one", "enabled": True}})

    assert evaluation(saved["one"])["reason"] == "DISABLED"
    assert evaluation(assumed["one"])["reason"] == "STRATEGY_MATCHED"
    assert assumed["one"]["toggle"] == saved["one"]["toggle"]
    assert assumed["one"]["toggle"]["enabled"] is False
    (strategy,) = saved["one"]["toggle"]["strategies"]
    assert evaluation(assumed["one"])["matchedStrategy"] == {"id": strategy["id"]}
    assert assumed["two"] == saved["two"]


async def test_strategies_that_are_assumed_have_ids_of_their_own(
    gateway: Gateway, installation: Installation
) -> None:
    users = StrategySpec(name="userWithId", parameters={"userIds": "ada"})
    kept = StrategySpec(name="default", title="kept", disabled=True)
    await installation.toggle("one", enabled=True, strategies=(users, kept))
    saved = evaluation((await played(gateway))["one"])
    ids = [it["strategy"]["id"] for it in saved["strategies"]]
    changed = {
        "id": ids[0],
        "parameters": [{"name": "userIds", "value": "eve"}],
    }
    added = {"toggle": "one", "strategy": {"name": "default"}}

    assumed = evaluation(
        (
            await played(
                gateway,
                {"toggleStrategyUpdate": changed},
                {"toggleStrategyAdd": added},
                contexts=[{"userId": "eve"}],
            )
        )["one"]
    )

    first, second, third = (it["strategy"] for it in assumed["strategies"])
    assert first["parameters"] == [{"value": "eve"}]
    assert first["id"].startswith("assumed:")
    assert assumed["matchedStrategy"] == {"id": first["id"]}
    assert second == saved["strategies"][1]["strategy"]
    assert third["id"].startswith(ASSUMED)
    assert len({first["id"], second["id"], third["id"]}) == 3


async def test_the_same_assumption_gives_the_same_ids_and_another_one_others(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("one", enabled=True)

    def add(title: str) -> Any:
        strategy = {"name": "default", "title": title}
        return {"toggleStrategyAdd": {"toggle": "one", "strategy": strategy}}

    first = await played(gateway, add("a"))
    again = await played(gateway, add("a"))
    other = await played(gateway, add("b"))

    def added(results: Any) -> str:
        return evaluation(results["one"])["strategies"][1]["strategy"]["id"]

    assert added(first) == added(again)
    assert added(first) != added(other)


async def test_a_toggle_that_is_assumed_shows_whole_and_is_no_object_of_the_server(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("parent", enabled=True)
    created = {"name": "new", "enabled": True, "strategies": [{"name": "default"}]}
    needs = {"name": "new", "dependencies": [{"toggle": "parent"}]}
    needed = {"name": "child", "dependencies": [{"toggle": "base"}]}

    results = await played(
        gateway,
        {"toggleCreate": created},
        {"toggleSetDependencies": needs},
        {"toggleCreate": {"name": "base", "enabled": True}},
        {"toggleCreate": {"name": "child", "enabled": True}},
        {"toggleSetDependencies": needed},
    )

    assert list(results) == ["base", "child", "new", "parent"]
    toggle = results["new"]["toggle"]
    assert toggle["id"].startswith(ASSUMED)
    assert toggle["environments"][0]["id"].startswith(ASSUMED)
    assert toggle["environments"][0]["toggle"] == {"id": toggle["id"]}
    assert toggle["dependencies"] == [{"toggle": {"name": "parent"}}]
    assert toggle["events"]["totalCount"] == 0
    assert evaluation(results["new"])["reason"] == "STRATEGY_MATCHED"
    (dependency,) = evaluation(results["child"])["dependencies"]
    assert dependency == {
        "outcome": "MET",
        "dependency": {"toggle": {"id": results["base"]["toggle"]["id"], "name": "base"}},
    }
    response = await gateway.post(f'{{ node(id: "{toggle["id"]}") {{ id }} }}')
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_segment_that_is_assumed_decides_and_is_shown_as_saved(
    gateway: Gateway, installation: Installation
) -> None:
    strategy = StrategySpec(name="default", segments=(1,))
    await installation.toggle("one", enabled=True, strategies=(strategy,))
    context = {"properties": [{"name": "email", "value": "x@c.example"}]}
    saved = (await played(gateway, contexts=[context]))["one"]
    (segment,) = evaluation(saved)["strategies"][0]["segments"]
    ends = {"contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@c.example"]}
    change = {"segmentUpdate": {"id": segment["segment"]["id"], "constraints": [ends]}}

    assumed = (await played(gateway, change, contexts=[context]))["one"]

    assert (evaluation(saved)["enabled"], evaluation(assumed)["enabled"]) == (False, True)
    assert evaluation(assumed)["strategies"][0]["segments"][0]["segment"] == segment["segment"]
    assert evaluation((await played(gateway, contexts=[context]))["one"]) == evaluation(saved)


async def test_a_segment_that_is_assumed_to_be_new_has_an_id_of_its_own(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("one", enabled=True, strategies=())
    country = {"contextName": "country", "operator": "IN", "values": ["NO"]}
    create = {"name": "north", "constraints": [country]}
    # Nobody is told the key of what is not there yet; it can be guessed.
    use = {"name": "default", "segments": [encode_id("Segment", 2)]}

    results = await played(
        gateway,
        {"segmentCreate": create},
        {"toggleStrategyAdd": {"toggle": "one", "strategy": use}},
        contexts=[{"properties": [{"name": "country", "value": "NO"}]}],
    )

    outcome = evaluation(results["one"])
    (strategy,) = outcome["strategies"]
    assert outcome["enabled"]
    assert strategy["segments"][0]["segment"]["name"] == "north"
    assert strategy["segments"][0]["segment"]["id"].startswith(ASSUMED)
    assert strategy["strategy"]["segments"] == [{"id": strategy["segments"][0]["segment"]["id"]}]


async def test_toggles_are_found_as_they_are_or_would_be(
    gateway: Gateway, installation: Installation
) -> None:
    for name in ("live", "leaving", "old", "older"):
        await installation.toggle(name, enabled=True)
    for name in ("old", "older"):
        await installation.archive(name)

    results = await played(
        gateway,
        {"toggleArchive": {"name": "leaving"}},
        {"toggleRevive": {"name": "old"}},
        {"toggleDelete": {"name": "older"}},
    )
    archived = await played(gateway, {"toggleDelete": {"name": "older"}}, filter={"archived": True})

    assert {name: evaluation(it)["reason"] for name, it in results.items()} == {
        "leaving": "ARCHIVED",
        "live": "STRATEGY_MATCHED",
        "old": "DISABLED",
    }
    assert list(archived) == ["old"]


async def test_changes_that_are_refused_are_told_with_the_way_to_each(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("one")
    changes = [
        {"toggleSetEnabled": {"name": "one", "enabled": True}},
        {"toggleSetEnabled": {"name": "nobody", "enabled": True}},
        {"toggleStrategyAdd": {"toggle": "one", "strategy": {"name": "unheard-of"}}},
    ]

    response = await gateway.post(PLAY, {"changes": changes})

    (error,) = response.json()["errors"]
    assert error["path"] == ["playground"]
    assert error["message"] == (
        "changes[1].toggleSetEnabled.name: No toggle is named 'nobody'. "
        "There is more; the extensions list all 2 errors."
    )
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert [(it["code"], it["path"]) for it in error["extensions"]["errors"]] == [
        ("NOT_FOUND", ["changes", "1", "toggleSetEnabled", "name"]),
        ("NOT_FOUND", ["changes", "2", "toggleStrategyAdd", "strategy", "name"]),
    ]


async def test_at_most_two_hundred_changes_are_assumed(gateway: Gateway) -> None:
    switch = {"toggleSetEnabled": {"name": "one", "enabled": True}}

    response = await gateway.post(PLAY, {"changes": [switch] * 201})

    (error,) = response.json()["errors"]
    assert error["message"] == "changes: There are 201 changes; at most 200 are made together."
    assert error["extensions"]["errors"][0]["code"] == "LIMIT_EXCEEDED"


async def test_other_fields_of_a_request_know_nothing_of_what_one_assumes(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("one", enabled=False)
    on = '{ toggleSetEnabled: { name: "one", enabled: true } }'
    new = '{ toggleCreate: { name: "new", enabled: true } }'

    data = await gateway.run(
        f"""{{
          switched: playground(contexts: [{{}}], changes: [{on}, {new}]) {{ ...Parts }}
          toggles {{ nodes {{ name evaluate(context: {{}}) {{ enabled }} }} }}
          created: playground(contexts: [{{}}], changes: [{new}]) {{ ...Parts }}
          toggle(name: "new") {{ id }}
        }}
        fragment Parts on PlaygroundResultConnection {{
          nodes {{ toggle {{ id name }} evaluations {{ enabled }} }}
        }}"""
    )

    def decisions(results: Any) -> dict[str, bool]:
        return {it["toggle"]["name"]: evaluation(it)["enabled"] for it in results["nodes"]}

    assert decisions(data["switched"]) == {"new": True, "one": True}
    assert decisions(data["created"]) == {"new": True, "one": False}
    assert data["toggles"]["nodes"] == [{"name": "one", "evaluate": {"enabled": False}}]
    assert data["toggle"] is None
    ids = [it["nodes"][0]["toggle"]["id"] for it in (data["switched"], data["created"])]
    assert ids[0] != ids[1]


async def test_assuming_takes_no_lock_and_no_statement(
    gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("one")
    switch = [{"toggleSetEnabled": {"name": "one", "enabled": True}}]

    document = PLAY.replace("events(first: 1) { totalCount }", "")
    async with gateway.store.write(SYSTEM):
        with counted_statements() as statements:
            data = await gateway.run(document, {"changes": switch})

    assert statements == []
    assert evaluation(data["playground"]["nodes"][0])["enabled"]
