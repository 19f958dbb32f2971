"""Evaluating a toggle returns the decision of SDKs, and explains the decision in sentences."""

from typing import Any

import pytest
from msgspec import structs

from store import Store
from store.evaluation.context import MAX_FIELDS
from store.model import SYSTEM
from store.operations.dependencies import set_dependencies
from store.operations.inputs import StrategySpec
from store.operations.toggles import create_toggle
from store.values import Constraint, Dependency, Variant, VariantOverride, VariantPayload
from tests.graph.conftest import PreparedDatabase
from tests.graph.evaluations import EVALUATION, HALF, properties, refused
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation
from tests.steps import counted_steps

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVALUATE = f"""
query Evaluate($name: String!, $context: ContextInput!, $environment: String! = "default") {{
  toggle(name: $name) {{
    evaluate(context: $context, environment: $environment) {{ {EVALUATION} }}
  }}
}}
"""


@pytest.fixture(scope="module")
def prepared_database(furnished_database: PreparedDatabase) -> PreparedDatabase:
    """The databases with the reference data of an installation."""
    return furnished_database


@pytest.fixture
def installation(shared_store: Store) -> Installation:
    """Each test creates separate toggles in the shared store."""
    return Installation(shared_store)


async def evaluated(gateway: Gateway, name: str, **context: Any) -> Any:
    data = await gateway.run(EVALUATE, {"name": name, "context": context})
    return data["toggle"]["evaluate"]


async def test_a_constraint_that_does_not_hold_is_reported_with_the_value_found(
    shared_gateway: Gateway, installation: Installation
) -> None:
    norway = Constraint("country", "IN", values=("NO",))
    strategy = StrategySpec(name="default", constraints=(norway,))
    await installation.toggle("constrained", enabled=True, strategies=(strategy,))

    evaluation = await evaluated(shared_gateway, "constrained", properties=properties(country="SE"))

    assert (evaluation["enabled"], evaluation["reason"]) == (False, "NO_STRATEGY_MATCHED")
    assert evaluation["explanation"] == (
        "Its one strategy does not match. "
        "The constraint \"country is one of 'NO'\" does not hold: country is 'SE'."
    )
    assert evaluation["strategies"][0]["constraints"] == [
        {
            "outcome": "NOT_MET",
            "contextValue": "SE",
            "constraint": {
                "contextName": "country",
                "operator": "IN",
                "values": ["NO"],
                "inverted": False,
            },
        }
    ]
    assert evaluation["variant"] == {
        "name": "disabled",
        "enabled": False,
        "payload": None,
        "stickinessValue": None,
    }


async def test_a_rollout_is_reported_with_bucket_and_share(
    shared_gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("rolled-out", enabled=True, strategies=(HALF,))

    evaluation = await evaluated(shared_gateway, "rolled-out", userId="u1")

    assert evaluation["matchedStrategy"] == {"name": "flexibleRollout"}
    (strategy,) = evaluation["strategies"]
    assert strategy["explanation"] == (
        "'u1' falls into bucket 21 of 100, within the rollout of 50 %."
    )
    assert (strategy["bucket"], strategy["rollout"], strategy["stickinessValue"]) == (21, 50, "u1")


async def test_a_segment_that_does_not_match_is_reported_by_name(
    shared_gateway: Gateway, installation: Installation
) -> None:
    strategy = StrategySpec(name="default", segments=(1,))
    await installation.toggle("for-testers", enabled=True, strategies=(strategy,))

    evaluation = await evaluated(
        shared_gateway, "for-testers", properties=properties(email="x@a.example")
    )

    assert evaluation["explanation"] == (
        "Its one strategy does not match. The segment 'beta testers' does not match. "
        "The constraint \"email ends with '@b.example'\" does not hold: email is 'x@a.example'."
    )
    assert evaluation["strategies"][0]["segments"] == [
        {
            "outcome": "NOT_MET",
            "segment": {"name": "beta testers"},
            "constraints": [{"outcome": "NOT_MET", "contextValue": "x@a.example"}],
        }
    ]


async def test_a_dependency_that_is_not_met_is_reported(
    shared_gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("parent", enabled=False)
    await installation.toggle("child", enabled=True)
    async with shared_gateway.store.write(SYSTEM) as work:
        await set_dependencies(work, "child", (Dependency("parent", variants=("red",)),))

    evaluation = await evaluated(shared_gateway, "child")

    assert evaluation["reason"] == "DEPENDENCY_NOT_MET"
    assert evaluation["explanation"] == (
        "It needs the toggle 'parent' with the variant 'red', but does not get it."
    )
    assert evaluation["dependencies"] == [
        {
            "outcome": "NOT_MET",
            "dependency": {"enabled": True, "variants": ["red"], "toggle": {"name": "parent"}},
        }
    ]


async def test_a_dependency_that_is_archived_is_reported(
    shared_gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("old")
    await installation.archive("old")
    child = await installation.toggle("child-of-old", enabled=True)
    await installation.put(structs.replace(child, dependencies=(Dependency("old"),)))

    evaluation = await evaluated(shared_gateway, "child-of-old")

    assert evaluation["explanation"] == "It needs the toggle 'old', which is archived."
    (dependency,) = evaluation["dependencies"]
    assert dependency["dependency"]["toggle"] == {"name": "old"}


async def test_a_dependency_that_depends_on_others_is_reported(
    shared_gateway: Gateway, installation: Installation
) -> None:
    child = await installation.toggle("its-own-parent", enabled=True)
    await installation.put(structs.replace(child, dependencies=(Dependency("its-own-parent"),)))

    evaluation = await evaluated(shared_gateway, "its-own-parent")

    assert evaluation["explanation"] == (
        "It needs the toggle 'its-own-parent', which depends on other toggles; "
        "SDKs treat such a dependency as not met."
    )
    (dependency,) = evaluation["dependencies"]
    assert dependency["dependency"]["toggle"] == {"name": "its-own-parent"}


async def test_a_variant_is_handed_out_with_its_payload_and_what_picked_it(
    shared_gateway: Gateway, installation: Installation
) -> None:
    red = Variant("red", 1000, payload=VariantPayload("string", "#f00"), stickiness="default")
    await installation.toggle("sticky", enabled=True, variants=(red,))
    always = structs.replace(red, overrides=(VariantOverride("userId", ("ada",)),))
    await installation.toggle("overridden", enabled=True, variants=(always,))

    sticky = await evaluated(shared_gateway, "sticky", userId="ada")
    overridden = await evaluated(shared_gateway, "overridden", userId="ada")

    handed_out = {
        "name": "red",
        "enabled": True,
        "payload": {"type": "string", "value": "#f00"},
    }
    assert sticky["variant"] == {**handed_out, "stickinessValue": "ada"}
    assert overridden["variant"] == {**handed_out, "stickinessValue": None}


async def test_an_archived_toggle_and_a_custom_strategy_have_reasons_of_their_own(
    shared_gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("archived", enabled=True)
    await installation.archive("archived")
    custom = (StrategySpec(name="byWeather"),)
    await installation.toggle("custom", enabled=True, strategies=custom)

    old, undecided = (
        await evaluated(shared_gateway, "archived"),
        await evaluated(shared_gateway, "custom"),
    )

    assert (old["reason"], old["enabled"]) == ("ARCHIVED", False)
    assert (undecided["reason"], undecided["enabled"]) == ("UNDECIDED", False)
    assert undecided["strategies"][0]["outcome"] == "UNKNOWN"


async def test_the_context_is_shown_as_it_was_evaluated(
    shared_gateway: Gateway, installation: Installation
) -> None:
    by_time = Constraint("currentTime", "DATE_AFTER", values=(), value="2030-01-01T00:00:00Z")
    by_environment = Constraint("environment", "IN", values=("production",))
    strategy = StrategySpec(name="default", constraints=(by_time, by_environment))
    await installation.toggle(
        "shown", environment="production", enabled=True, strategies=(strategy,)
    )
    context = {
        "userId": "u1",
        "sessionId": None,
        "remoteAddress": "10.0.0.1",
        "appName": "shop",
        "currentTime": "2031-05-06T07:08:09+02:00",
        "properties": properties(country="NO"),
    }

    data = await shared_gateway.run(
        EVALUATE, {"name": "shown", "context": context, "environment": "production"}
    )

    evaluation = data["toggle"]["evaluate"]
    assert evaluation["enabled"]
    assert evaluation["environment"] == {"name": "production"}
    assert evaluation["context"] == {**context, "currentTime": "2031-05-06T05:08:09.000000Z"}


async def test_a_toggle_is_not_evaluated_in_an_environment_that_is_none(
    shared_gateway: Gateway, installation: Installation
) -> None:
    await installation.toggle("nowhere")

    message = await refused(
        shared_gateway, EVALUATE, name="nowhere", context={}, environment="moon"
    )

    assert message == "environment: No environment is named 'moon'."


async def test_a_context_is_read_once_for_all_toggles_of_a_list(
    shared_gateway: Gateway, installation: Installation, never_giving_way: None
) -> None:
    async with shared_gateway.store.write(SYSTEM) as work:
        for number in range(80):
            await create_toggle(work, name=f"t{number}")
    document = """query Evaluate($context: ContextInput!, $first: Int!) {
      toggles(first: $first) { nodes { evaluate(context: $context) { enabled } } }
    }"""

    large = {"properties": properties(**{f"p{item}": "" for item in range(MAX_FIELDS)})}

    async def count(context: Any, first: int) -> int:
        with counted_steps() as steps:
            await shared_gateway.run(document, {"context": context, "first": first})
        return steps.count

    await count({}, 1)
    for_all_toggles = await count(large, 80) - await count({}, 80)
    for_one_toggle = await count(large, 1) - await count({}, 1)

    assert for_all_toggles < 8 * for_one_toggle
