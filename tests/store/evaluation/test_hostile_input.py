"""Evaluation always ends, in a number of steps that is linear in the size of its input."""

from datetime import UTC, datetime
from typing import Any

import pytest

from store.evaluation import Context, Decision, evaluate
from store.evaluation.payloads import snapshot_of
from store.model import DEFAULT_ENVIRONMENT
from tests.steps import steps_to

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def decided(strategy: dict[str, Any], **context: Any) -> Decision:
    feature = {"name": "one", "enabled": True, "strategies": [strategy]}
    snapshot = snapshot_of({"features": [feature]})
    return evaluate(
        snapshot,
        snapshot.toggles["one"],
        DEFAULT_ENVIRONMENT,
        Context(current_time=NOW, **context),
    )


def constrained(operator: str, value: str, **more: Any) -> dict[str, Any]:
    constraint = {"contextName": "field", "operator": operator, "value": value, **more}
    return {"name": "default", "constraints": [constraint]}


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("REGEX", "("),
        ("REGEX", "(?=x)"),
        ("NUM_GT", "many"),
        ("DATE_AFTER", "yesterday"),
        ("SEMVER_GT", "v1"),
        ("LIKE", "%"),
    ],
)
def test_what_cannot_be_read_matches_nobody(operator: str, value: str) -> None:
    assert not decided(constrained(operator, value), properties={"field": "1.2.3"}).enabled


@pytest.mark.parametrize("operator", ["NUM_GT", "DATE_AFTER", "SEMVER_GT"])
def test_an_unreadable_value_in_the_context_meets_only_the_opposite(operator: str) -> None:
    value = {"NUM_GT": "1", "DATE_AFTER": "2026-01-01T00:00:00Z", "SEMVER_GT": "1.0.0"}[operator]
    context = {"field": "1_0 ٣"}

    assert not decided(constrained(operator, value), properties=context).enabled
    assert decided(constrained(operator, value, inverted=True), properties=context).enabled


@pytest.mark.parametrize("rollout", ["", "ten", "-1", "50.5", "\u0665", "1" * 5_000, None, [1], {}])
def test_a_rollout_that_is_no_percentage_matches_nobody(rollout: Any) -> None:
    strategy = {"name": "flexibleRollout", "parameters": {"rollout": rollout}}

    assert not decided(strategy, user_id="u1").enabled


@pytest.mark.parametrize("address", ["", "10.0.0", "10.0.0.1%eth0", "::1%lo", "9" * 10_000])
def test_an_address_that_is_none_is_in_no_block(address: str) -> None:
    strategy = {"name": "remoteAddress", "parameters": {"IPs": "0.0.0.0/0, ::/0, x"}}

    assert not decided(strategy, remote_address=address).enabled


def test_half_a_surrogate_pair_draws_as_if_it_were_not_there() -> None:
    strategy = {
        "name": "flexibleRollout",
        "parameters": {"rollout": "50", "stickiness": "userId", "groupId": "\udfff"},
        "variants": [{"name": "red", "weight": 1000}],
    }

    assert not decided(strategy, user_id="\ud800").enabled


def test_variants_without_weight_hand_out_nothing() -> None:
    strategy = {"name": "default", "variants": [{"name": "red", "weight": 0}]}

    decision = decided(strategy, user_id="u1")

    assert decision.enabled
    assert decision.variant is None


def test_a_pattern_takes_time_by_the_length_of_the_value_only() -> None:
    strategy = constrained("REGEX", "^(a+)+(a|aa)*$")

    # A backtracking matcher would not return.
    assert not decided(strategy, properties={"field": "a" * 64_000 + "!"}).enabled
    assert decided(strategy, properties={"field": "a" * 64_000}).enabled


def test_a_context_of_many_properties_is_read_by_name_only() -> None:
    strategy = constrained("NUM_GT", "1")
    few = {"field": "2"}
    many = {**few, **{f"p{number}": "x" for number in range(10_000)}}

    assert decided(strategy, properties=many).enabled
    assert steps_to(lambda: decided(strategy, properties=many)) == steps_to(
        lambda: decided(strategy, properties=few)
    )
