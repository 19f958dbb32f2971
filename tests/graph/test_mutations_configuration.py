"""Toggles are switched and configured in environments through GraphQL."""

from typing import Any

import pytest

from graph.ids import encode_id, toggle_strategy_id
from tests.graph.gateway import Gateway

CONFIGURATION = """
  toggleEnvironment {
    id enabled revision
    toggle { name } environment { name }
    strategies { id name sortOrder }
    variants { name weight }
  }
"""
STRATEGY = """
  toggleStrategy {
    id name title disabled sortOrder
    parameters { name value }
    constraints { contextName operator values caseInsensitive inverted }
    variants { name weight }
    toggleEnvironment { revision }
  }
"""
SWITCHED = "toggleEnvironment { enabled revision environment { name } }"


@pytest.fixture
def prepared_url(sqlite_url: str) -> str:
    """SQLite alone: nothing here depends on the database."""
    return sqlite_url


@pytest.fixture(autouse=True)
async def toggle(gateway: Gateway) -> None:
    """A toggle `t`, off, with the strategy `default`, and a second environment."""
    await gateway.change("environmentCreate", {"name": "staging", "type": "TEST"})
    await gateway.change("toggleCreate", {"name": "t"})


async def added(gateway: Gateway, **strategy: Any) -> Any:
    """A strategy put on the toggle `t`."""
    spec = {"name": "flexibleRollout", **strategy}
    payload = await gateway.change(
        "toggleStrategyAdd", {"toggle": "t", "strategy": spec}, STRATEGY + CONFIGURATION
    )
    assert payload["errors"] == []
    return payload


async def latest_event(gateway: Gateway) -> tuple[str, str | None]:
    """Type and environment of the newest event."""
    event = (await gateway.events())[0]
    return event.type.name, event.environment


async def test_a_toggle_is_switched_on_in_one_environment_only(gateway: Gateway) -> None:
    payload = await gateway.change(
        "toggleSetEnabled", {"name": "t", "environment": "staging", "enabled": True}, SWITCHED
    )

    assert payload["toggleEnvironment"] == {
        "enabled": True,
        "revision": gateway.store.snapshot.revision,
        "environment": {"name": "staging"},
    }
    assert not gateway.store.snapshot.toggles["t"].in_environment("default").enabled
    assert await latest_event(gateway) == ("TOGGLE_ENABLED", "staging")


async def test_switching_off_has_its_own_event(gateway: Gateway) -> None:
    await gateway.change("toggleSetEnabled", {"name": "t", "enabled": True})

    await gateway.change("toggleSetEnabled", {"name": "t", "enabled": False})

    assert await latest_event(gateway) == ("TOGGLE_DISABLED", "default")


async def test_switching_to_what_is_already_so_leaves_no_event(gateway: Gateway) -> None:
    before = len(await gateway.events())

    payload = await gateway.change("toggleSetEnabled", {"name": "t", "enabled": False}, SWITCHED)

    assert payload["errors"] == []
    assert payload["toggleEnvironment"]["enabled"] is False
    assert len(await gateway.events()) == before


async def test_configuring_replaces_what_is_given_and_keeps_the_rest(gateway: Gateway) -> None:
    await gateway.change("toggleConfigure", {"name": "t", "variants": [{"name": "v"}]})

    payload = await gateway.change(
        "toggleConfigure",
        {
            "name": "t",
            "enabled": True,
            "strategies": [{"name": "gradualRolloutRandom"}, {"name": "default"}],
        },
        CONFIGURATION,
    )

    configured = payload["toggleEnvironment"]
    assert configured["enabled"] is True
    assert [(it["name"], it["sortOrder"]) for it in configured["strategies"]] == [
        ("gradualRolloutRandom", 0),
        ("default", 1),
    ]
    assert configured["variants"] == [{"name": "v", "weight": 1000}]
    assert await latest_event(gateway) == ("TOGGLE_CONFIGURED", "default")


async def test_configuring_only_variants_has_its_own_event(gateway: Gateway) -> None:
    payload = await gateway.change(
        "toggleConfigure",
        {"name": "t", "variants": [{"name": "a"}, {"name": "b"}, {"name": "c"}]},
        CONFIGURATION,
    )

    assert [it["weight"] for it in payload["toggleEnvironment"]["variants"]] == [334, 333, 333]
    assert await latest_event(gateway) == ("TOGGLE_VARIANTS_UPDATED", "default")


async def test_a_strategy_is_added_at_the_end_or_at_a_position(gateway: Gateway) -> None:
    await added(gateway, title="last")

    payload = await gateway.change(
        "toggleStrategyAdd",
        {"toggle": "t", "position": 0, "strategy": {"name": "userWithId", "title": "first"}},
        STRATEGY + CONFIGURATION,
    )

    assert payload["toggleStrategy"]["sortOrder"] == 0
    assert [it["name"] for it in payload["toggleEnvironment"]["strategies"]] == [
        "userWithId",
        "default",
        "flexibleRollout",
    ]
    assert await latest_event(gateway) == ("TOGGLE_STRATEGY_ADDED", "default")


async def test_only_given_fields_of_a_strategy_change(gateway: Gateway) -> None:
    constraint = {"contextName": "userId", "operator": "IN", "values": ["1"], "inverted": True}
    strategy = (await added(gateway, title="Old", constraints=[constraint]))["toggleStrategy"]

    payload = await gateway.change(
        "toggleStrategyUpdate",
        {
            "id": strategy["id"],
            "disabled": True,
            "parameters": [{"name": "rollout", "value": "10"}],
            "variants": [{"name": "only"}],
        },
        STRATEGY,
    )

    changed = payload["toggleStrategy"]
    assert payload["errors"] == []
    assert changed["id"] == strategy["id"]
    assert (changed["title"], changed["disabled"]) == ("Old", True)
    assert changed["parameters"] == [{"name": "rollout", "value": "10"}]
    assert changed["constraints"] == [{**constraint, "caseInsensitive": False}]
    assert changed["variants"] == [{"name": "only", "weight": 1000}]
    assert await latest_event(gateway) == ("TOGGLE_STRATEGY_UPDATED", "default")


async def test_a_strategy_is_moved(gateway: Gateway) -> None:
    strategy = (await added(gateway))["toggleStrategy"]

    payload = await gateway.change(
        "toggleStrategyUpdate", {"id": strategy["id"], "position": 0}, STRATEGY + CONFIGURATION
    )

    assert payload["toggleStrategy"]["sortOrder"] == 0
    assert [it["name"] for it in payload["toggleEnvironment"]["strategies"]] == [
        "flexibleRollout",
        "default",
    ]
    assert await latest_event(gateway) == ("TOGGLE_STRATEGIES_REORDERED", "default")


async def test_a_strategy_is_removed(gateway: Gateway) -> None:
    strategy = (await added(gateway))["toggleStrategy"]

    payload = await gateway.change(
        "toggleStrategyRemove", {"id": strategy["id"]}, "removedId " + CONFIGURATION
    )

    assert payload["removedId"] == strategy["id"]
    assert [it["name"] for it in payload["toggleEnvironment"]["strategies"]] == ["default"]
    assert await latest_event(gateway) == ("TOGGLE_STRATEGY_REMOVED", "default")


@pytest.mark.parametrize(
    ("mutation", "input", "path"),
    [
        ("toggleSetEnabled", {"name": "nobody", "enabled": True}, ["name"]),
        ("toggleConfigure", {"name": "nobody", "enabled": True}, ["name"]),
        ("toggleStrategyAdd", {"toggle": "nobody", "strategy": {"name": "default"}}, ["toggle"]),
        (
            "toggleSetEnabled",
            {"name": "t", "environment": "nowhere", "enabled": True},
            ["environment"],
        ),
        ("toggleConfigure", {"name": "t", "environment": "nowhere"}, ["environment"]),
        (
            "toggleStrategyAdd",
            {"toggle": "t", "environment": "nowhere", "strategy": {"name": "default"}},
            ["environment"],
        ),
        (
            "toggleConfigure",
            {"name": "t", "strategies": [{"name": "default"}, {"name": "nothing"}]},
            ["strategies", "1", "name"],
        ),
        (
            "toggleStrategyAdd",
            {"toggle": "t", "strategy": {"name": "nothing"}},
            ["strategy", "name"],
        ),
        (
            "toggleStrategyAdd",
            {"toggle": "t", "strategy": {"name": "default", "segments": [encode_id("Segment", 9)]}},
            ["strategy", "segments", "0"],
        ),
        ("toggleStrategyUpdate", {"id": toggle_strategy_id("x", "default", "y")}, ["id"]),
        ("toggleStrategyRemove", {"id": toggle_strategy_id("x", "default", "y")}, ["id"]),
    ],
)
async def test_what_a_configuration_refers_to_must_exist(
    gateway: Gateway, mutation: str, input: dict[str, Any], path: list[str]
) -> None:
    error = await gateway.refusal(mutation, input)

    assert (error["code"], error["path"]) == ("NOT_FOUND", path)


VARIANTS_REFUSED: list[tuple[list[dict[str, Any]], str, list[str]]] = [
    ([{"name": "a", "weightType": "FIX", "weight": 1001}], "weight-range", ["0", "weight"]),
    ([{"name": "a", "weightType": "FIX", "weight": -1}], "weight-range", ["0", "weight"]),
    ([{"name": "a", "weightType": "FIX"}], "weight-required", ["0", "weight"]),
    ([{"name": "a", "weightType": "FIX", "weight": 400}], "weights-sum", []),
    (
        [
            {"name": "a", "weightType": "FIX", "weight": 600},
            {"name": "b", "weightType": "FIX", "weight": 600},
            {"name": "c"},
        ],
        "weights-sum",
        [],
    ),
    ([{"name": "a"}, {"name": "b"}, {"name": "a"}], "variants-unique", ["2", "name"]),
    ([{"name": "a b"}], "name-pattern", ["0", "name"]),
    (
        [{"name": "a", "payload": {"type": "JSON", "value": "{"}}],
        "payload-value",
        ["0", "payload", "value"],
    ),
    (
        [{"name": "a", "payload": {"type": "NUMBER", "value": "one"}}],
        "payload-value",
        ["0", "payload", "value"],
    ),
]


@pytest.mark.parametrize(("variants", "rule", "place"), VARIANTS_REFUSED)
async def test_variants_that_break_a_rule_are_refused(
    gateway: Gateway, variants: list[dict[str, Any]], rule: str, place: list[str]
) -> None:
    on_the_environment = await gateway.refusals(
        "toggleConfigure", {"name": "t", "variants": variants}
    )
    on_a_strategy = await gateway.refusals(
        "toggleConfigure", {"name": "t", "strategies": [{"name": "default", "variants": variants}]}
    )

    assert (rule, ["variants", *place]) in [(it["rule"], it["path"]) for it in on_the_environment]
    assert (rule, ["strategies", "0", "variants", *place]) in [
        (it["rule"], it["path"]) for it in on_a_strategy
    ]


@pytest.mark.parametrize(
    ("constraint", "rule", "place"),
    [
        ({"operator": "NUM_EQ", "values": []}, "constraint-values", ["values"]),
        ({"operator": "REGEX", "values": ["a", "b"]}, "constraint-values", ["values"]),
        ({"operator": "NUM_EQ", "values": ["x"]}, "constraint-number", ["values", "0"]),
        ({"operator": "DATE_AFTER", "values": ["soon"]}, "constraint-date", ["values", "0"]),
        ({"operator": "SEMVER_EQ", "values": ["1"]}, "constraint-version", ["values", "0"]),
        ({"operator": "REGEX", "values": ["("]}, "constraint-regex", ["values", "0"]),
        ({"operator": "IN_CIDR", "values": ["x"]}, "constraint-cidr", ["values", "0"]),
        ({"operator": "IN", "values": ["ok", ""]}, "text-length", ["values", "1"]),
    ],
)
async def test_constraints_that_break_a_rule_are_refused(
    gateway: Gateway, constraint: dict[str, Any], rule: str, place: list[str]
) -> None:
    strategy = {"name": "default", "constraints": [{"contextName": "field", **constraint}]}

    error = await gateway.refusal("toggleStrategyAdd", {"toggle": "t", "strategy": strategy})

    assert (error["code"], error["rule"]) == ("INVALID", rule)
    assert error["path"] == ["strategy", "constraints", "0", *place]


async def test_a_parameter_is_given_once(gateway: Gateway) -> None:
    twice = [{"name": "rollout", "value": "1"}, {"name": "rollout", "value": "2"}]

    error = await gateway.refusal(
        "toggleStrategyAdd",
        {"toggle": "t", "strategy": {"name": "flexibleRollout", "parameters": twice}},
    )

    assert (error["rule"], error["path"]) == (
        "parameters-unique",
        ["strategy", "parameters", "1", "name"],
    )


@pytest.mark.parametrize("position", [-1, 2])
async def test_a_position_outside_of_the_list_is_refused(gateway: Gateway, position: int) -> None:
    error = await gateway.refusal(
        "toggleStrategyAdd",
        {"toggle": "t", "position": position, "strategy": {"name": "default"}},
    )

    assert (error["code"], error["path"]) == ("INVALID", ["position"])


@pytest.mark.parametrize(
    "id", ["", "nonsense", encode_id("Toggle", "t"), encode_id("ToggleStrategy", "only-one-part")]
)
@pytest.mark.parametrize("mutation", ["toggleStrategyUpdate", "toggleStrategyRemove"])
async def test_what_is_no_id_of_a_strategy_is_refused(
    gateway: Gateway, mutation: str, id: str
) -> None:
    error = await gateway.refusal(mutation, {"id": id})

    assert (error["code"], error["rule"], error["path"]) == ("INVALID", "id", ["id"])


@pytest.mark.parametrize("id", ["nonsense", encode_id("Segment", "x"), encode_id("Toggle", 1)])
async def test_what_is_no_id_of_a_segment_is_refused(gateway: Gateway, id: str) -> None:
    error = await gateway.refusal(
        "toggleStrategyAdd",
        {"toggle": "t", "strategy": {"name": "default", "segments": [id]}},
    )

    assert (error["rule"], error["path"]) == ("id", ["strategy", "segments", "0"])


@pytest.mark.parametrize("field", ["enabled", "strategies", "variants"])
async def test_null_in_a_configuration_is_refused(gateway: Gateway, field: str) -> None:
    error = await gateway.refusal("toggleConfigure", {"name": "t", field: None})

    assert (error["rule"], error["path"]) == ("not-null", [field])


@pytest.mark.parametrize(
    "field", ["title", "disabled", "parameters", "constraints", "segments", "variants"]
)
async def test_null_in_a_strategy_is_refused(gateway: Gateway, field: str) -> None:
    strategy = (await added(gateway))["toggleStrategy"]

    error = await gateway.refusal("toggleStrategyUpdate", {"id": strategy["id"], field: None})

    assert (error["rule"], error["path"]) == ("not-null", [field])


async def test_an_archived_toggle_cannot_be_configured(gateway: Gateway) -> None:
    await gateway.change("toggleArchive", {"name": "t"})

    error = await gateway.refusal("toggleSetEnabled", {"name": "t", "enabled": True})

    assert (error["code"], error["path"]) == ("WRONG_STATE", ["name"])


async def test_a_revision_conflict_is_about_the_environment_alone(gateway: Gateway) -> None:
    switched = await gateway.change("toggleSetEnabled", {"name": "t", "enabled": True}, SWITCHED)
    known = switched["toggleEnvironment"]["revision"]
    elsewhere = {"name": "t", "environment": "staging", "enabled": True}
    await gateway.change("toggleSetEnabled", elsewhere)

    undisturbed = await gateway.change(
        "toggleConfigure",
        {"name": "t", "variants": [{"name": "v"}], "expectedRevision": known},
        CONFIGURATION,
    )
    await gateway.change("toggleSetEnabled", {**elsewhere, "enabled": False})
    error = await gateway.refusal(
        "toggleSetEnabled", {"name": "t", "enabled": False, "expectedRevision": known}
    )

    assert undisturbed["errors"] == []
    assert error["code"] == "REVISION_CONFLICT"
    assert error["actualRevision"] == undisturbed["toggleEnvironment"]["revision"]
    assert error["current"] == {
        "__typename": "ToggleEnvironment",
        "id": undisturbed["toggleEnvironment"]["id"],
    }
    assert error["lastEvent"]["type"] == "TOGGLE_VARIANTS_UPDATED"
