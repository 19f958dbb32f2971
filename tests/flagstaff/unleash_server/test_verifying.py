"""Comparing the bodies that two servers send to SDKs."""

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from yggdrasil_engine.engine import UnleashEngine

from flagstaff.unleash_server.contexts import generate_contexts
from flagstaff.unleash_server.verifying import MAX_PER_TOGGLE, compare_bodies
from tests.store.evaluation import generating

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def constrained(**constraint: Any) -> dict[str, Any]:
    """A body with one toggle that has one constraint."""
    strategy = {"name": "default", "constraints": [constraint]}
    return {"features": [{"name": "a", "enabled": True, "strategies": [strategy]}]}


def values(body: dict[str, Any], name: str) -> set[str]:
    contexts = generate_contexts([body], 300, now=NOW)
    fields = ({**context, **context["properties"]} for context in contexts)
    return {each[name] for each in fields if name in each}


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ({"operator": "NUM_GT", "value": "5", "values": []}, {"4", "4.999", "5", "5.001", "6"}),
        ({"operator": "IN", "values": ["pro", "free"]}, {"pro", "free", "prox", "PRO", "xfree"}),
        ({"operator": "SEMVER_GT", "value": "1.2.3"}, {"1.2.2", "1.2.3", "1.2.4"}),
        (
            {"operator": "DATE_AFTER", "value": "2026-05-01T12:00:00Z"},
            {"2026-05-01T11:59:59+00:00", "2026-05-01T12:00:01+00:00"},
        ),
        ({"operator": "IN_CIDR", "values": ["10.0.0.0/8"]}, {"9.255.255.255", "11.0.0.0"}),
    ],
)
def test_contexts_have_each_value_of_a_condition_and_its_neighbours(
    constraint: dict[str, Any], expected: set[str]
) -> None:
    found = values(constrained(contextName="plan", **constraint), "plan")

    assert found >= expected


def test_contexts_have_the_fields_that_are_only_hashed() -> None:
    body = constrained(contextName="plan", operator="IN", values=["a"])
    body["features"][0]["strategies"].append(
        {"name": "flexibleRollout", "parameters": {"rollout": "5", "stickiness": "company"}}
    )

    assert len(values(body, "company")) > 100
    assert len(values(body, "userId")) > 100
    assert list(generate_contexts([body], 9, now=NOW)) == list(
        generate_contexts([body], 9, now=NOW)
    )


def changed_body(random: Random, body: dict[str, Any]) -> dict[str, Any]:
    """A body in which some toggles are different."""
    other = json.loads(json.dumps(body))
    for feature in random.sample(other["features"], 5):
        feature["enabled"] = not feature["enabled"]
    for feature in random.sample(other["features"], 5):
        feature["strategies"] = feature["strategies"][1:]
    return other


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_the_toggles_that_differ_are_those_of_the_official_engine(seed: int) -> None:
    random = Random(seed)
    there = generating.payload(random, toggles=25)
    here = changed_body(random, there)
    engines: list[Any] = []
    for body in (there, here):
        engine: Any = UnleashEngine()
        engine.take_state(json.dumps(body))
        engines.append(engine)

    verdict = compare_bodies("default", there, here, now=NOW, contexts=100)

    different = {
        (feature["name"], json.dumps(context))
        for context in generate_contexts((there, here), 100, now=NOW)
        # Without a user, the engine decides by chance.
        if "userId" in context
        for feature in there["features"]
        if len({_answer(engine, feature["name"], context) for engine in engines}) > 1
    }
    assert {name for name, _ in different} <= {each.toggle for each in verdict.differences}
    with_user = {
        (each.toggle, json.dumps(each.context))
        for each in verdict.differences
        if "userId" in each.context
    }
    assert with_user
    assert with_user <= different
    assert len(verdict.differences) <= MAX_PER_TOGGLE * 25


def _answer(engine: Any, name: str, context: dict[str, Any]) -> tuple[bool, Any]:
    variant = engine.get_variant(name, context).variant
    payload = json.dumps(variant.payload)
    return bool(engine.is_enabled(name, context).is_enabled), (variant.name, payload)


def test_a_toggle_by_chance_is_equal_to_itself() -> None:
    strategy = {"name": "flexibleRollout", "parameters": {"rollout": "50", "stickiness": "random"}}
    body = {"features": [{"name": "a", "enabled": True, "strategies": [strategy]}]}

    verdict = compare_bodies("default", body, body, now=NOW, contexts=200)

    assert verdict.is_equal
    assert verdict.evaluations == 200
