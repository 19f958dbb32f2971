"""Invalid configurations of toggles over GraphQL, and the rule and path of each error."""

from typing import Any

import pytest

from graph.ids import encode_id, toggle_strategy_id
from store import Store
from store.model import SYSTEM
from store.operations.inputs import StrategySpec
from store.operations.toggles import archive_toggle, create_toggle
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with an archived toggle, and the toggle `t` with one strategy."""

    async def fill(store: Store) -> None:
        async with store.write(SYSTEM) as work:
            await create_toggle(work, name="t", strategies=(StrategySpec(name="default"),))
            await create_toggle(work, name="old")
        async with store.write(SYSTEM) as work:
            await archive_toggle(work, "old")

    return filled(gateway_database, fill)


def strategy_id(gateway: Gateway) -> str:
    """The ID of the strategy of `t`."""
    (found,) = gateway.store.snapshot.toggles["t"].in_environment("default").strategies
    return toggle_strategy_id(found.toggle_id, found.environment, found.id)


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
    shared_gateway: Gateway, mutation: str, input: dict[str, Any], path: list[str]
) -> None:
    error = await shared_gateway.refusal(mutation, input)

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


@pytest.mark.parametrize(("variants", "rule", "path"), VARIANTS_REFUSED)
async def test_variants_that_break_a_rule_are_refused(
    shared_gateway: Gateway, variants: list[dict[str, Any]], rule: str, path: list[str]
) -> None:
    on_the_environment = await shared_gateway.refusals(
        "toggleConfigure", {"name": "t", "variants": variants}
    )
    on_a_strategy = await shared_gateway.refusals(
        "toggleConfigure", {"name": "t", "strategies": [{"name": "default", "variants": variants}]}
    )

    assert (rule, ["variants", *path]) in [
        (item["rule"], item["path"]) for item in on_the_environment
    ]
    assert (rule, ["strategies", "0", "variants", *path]) in [
        (item["rule"], item["path"]) for item in on_a_strategy
    ]


@pytest.mark.parametrize(
    ("constraint", "rule", "path"),
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
    shared_gateway: Gateway, constraint: dict[str, Any], rule: str, path: list[str]
) -> None:
    strategy = {"name": "default", "constraints": [{"contextName": "field", **constraint}]}

    error = await shared_gateway.refusal("toggleStrategyAdd", {"toggle": "t", "strategy": strategy})

    assert (error["code"], error["rule"]) == ("INVALID", rule)
    assert error["path"] == ["strategy", "constraints", "0", *path]


async def test_a_parameter_is_given_once(shared_gateway: Gateway) -> None:
    twice = [{"name": "rollout", "value": "1"}, {"name": "rollout", "value": "2"}]

    error = await shared_gateway.refusal(
        "toggleStrategyAdd",
        {"toggle": "t", "strategy": {"name": "flexibleRollout", "parameters": twice}},
    )

    assert (error["rule"], error["path"]) == (
        "parameters-unique",
        ["strategy", "parameters", "1", "name"],
    )


@pytest.mark.parametrize("position", [-1, 2])
async def test_a_position_outside_of_the_list_is_refused(
    shared_gateway: Gateway, position: int
) -> None:
    error = await shared_gateway.refusal(
        "toggleStrategyAdd",
        {"toggle": "t", "position": position, "strategy": {"name": "default"}},
    )

    assert (error["code"], error["path"]) == ("INVALID", ["position"])


@pytest.mark.parametrize(
    ("mutation", "id"),
    [
        ("toggleStrategyUpdate", ""),
        ("toggleStrategyUpdate", "nonsense"),
        ("toggleStrategyUpdate", encode_id("Toggle", "t")),
        ("toggleStrategyUpdate", encode_id("ToggleStrategy", "only-one-part")),
        ("toggleStrategyRemove", "nonsense"),
    ],
)
async def test_what_is_no_id_of_a_strategy_is_refused(
    shared_gateway: Gateway, mutation: str, id: str
) -> None:
    error = await shared_gateway.refusal(mutation, {"id": id})

    assert (error["code"], error["rule"], error["path"]) == ("INVALID", "id", ["id"])


@pytest.mark.parametrize("id", ["nonsense", encode_id("Segment", "x"), encode_id("Toggle", 1)])
async def test_what_is_no_id_of_a_segment_is_refused(shared_gateway: Gateway, id: str) -> None:
    error = await shared_gateway.refusal(
        "toggleStrategyAdd",
        {"toggle": "t", "strategy": {"name": "default", "segments": [id]}},
    )

    assert (error["rule"], error["path"]) == ("id", ["strategy", "segments", "0"])


@pytest.mark.parametrize("field", ["enabled", "strategies", "variants"])
async def test_null_in_a_configuration_is_refused(shared_gateway: Gateway, field: str) -> None:
    error = await shared_gateway.refusal("toggleConfigure", {"name": "t", field: None})

    assert (error["rule"], error["path"]) == ("not-null", [field])


@pytest.mark.parametrize(
    "field", ["title", "disabled", "parameters", "constraints", "segments", "variants"]
)
async def test_null_in_a_strategy_is_refused(shared_gateway: Gateway, field: str) -> None:
    strategy = strategy_id(shared_gateway)

    error = await shared_gateway.refusal("toggleStrategyUpdate", {"id": strategy, field: None})

    assert (error["rule"], error["path"]) == ("not-null", [field])


async def test_an_archived_toggle_cannot_be_configured(shared_gateway: Gateway) -> None:
    error = await shared_gateway.refusal("toggleSetEnabled", {"name": "old", "enabled": True})

    assert (error["code"], error["path"]) == ("WRONG_STATE", ["name"])
