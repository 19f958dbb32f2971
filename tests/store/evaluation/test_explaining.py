"""Explanations give users the reason for a decision."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from store.evaluation import Context, Explanation, Reason, evaluate, explain
from store.evaluation.explaining import Outcome
from store.evaluation.payloads import snapshot_of
from store.model import DEFAULT_ENVIRONMENT, ToggleStrategy
from store.snapshot import Draft

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NORWAY = {"contextName": "country", "operator": "IN", "values": ["NO"]}


def feature(name: str = "one", *strategies: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "enabled": True, "strategies": list(strategies), **more}


def explained(*features: dict[str, Any], segments: Any = (), **context: Any) -> Explanation:
    """Return the explanation of the first toggle."""
    snapshot = snapshot_of({"features": features, "segments": segments})
    toggle = snapshot.toggles[features[0]["name"]]
    return explain(snapshot, toggle, DEFAULT_ENVIRONMENT, Context(current_time=NOW, **context))


def test_a_toggle_that_is_off_is_off() -> None:
    explanation = explained(feature(enabled=False))

    assert explanation.reason is Reason.DISABLED
    assert explanation.explanation == "The toggle is off in 'default'."


def test_a_toggle_that_is_on_without_strategies_is_on_for_everybody() -> None:
    explanation = explained(feature())

    assert explanation.enabled
    assert explanation.reason is Reason.NO_STRATEGIES


@pytest.mark.parametrize(
    ("properties", "found", "value"),
    [({}, "country is not given.", None), ({"country": "SE"}, "country is 'SE'.", "SE")],
)
def test_a_constraint_that_does_not_hold_is_explained_with_the_value(
    properties: dict[str, str], found: str, value: str | None
) -> None:
    strategy = {"name": "default", "constraints": [NORWAY]}

    explanation = explained(feature("one", strategy), properties=properties)

    (outcome,) = explanation.strategies
    assert outcome.outcome is Outcome.NOT_MET
    assert outcome.explanation == (
        f"The constraint \"country is one of 'NO'\" does not hold: {found}"
    )
    assert explanation.explanation == f"Its one strategy does not match. {outcome.explanation}"
    assert [constraint.context_value for constraint in outcome.constraints] == [value]


def test_a_rollout_is_explained_with_bucket_and_share() -> None:
    strategy = {
        "name": "flexibleRollout",
        "parameters": {"rollout": "50", "stickiness": "userId", "groupId": "checkout"},
    }

    inside = explained(feature("one", strategy), user_id="u1").strategies[0]
    outside = explained(feature("one", strategy), user_id="u2").strategies[0]
    missing = explained(feature("one", strategy)).strategies[0]

    assert (inside.bucket, inside.rollout, inside.stickiness_value) == (21, 50, "u1")
    assert inside.explanation == "'u1' falls into bucket 21 of 100, within the rollout of 50 %."
    assert outside.outcome is Outcome.NOT_MET
    assert outside.explanation.endswith("beyond the rollout of 50 %.")
    assert missing.explanation == "The rollout hashes userId, which is missing from the context."
    assert (missing.bucket, missing.rollout) == (None, 50)


def test_without_user_and_session_chance_decides_and_the_explanation_says_so() -> None:
    strategy = {"name": "flexibleRollout", "parameters": {"rollout": "50"}}

    explanation = explained(feature("one", strategy), chance=lambda: 0.495)

    assert explanation.enabled
    assert explanation.strategies[0].explanation == (
        "A random number falls into bucket 50 of 100, within the rollout of 50 %."
    )
    assert explanation.strategies[0].stickiness_value is None


def test_a_missing_segment_prevents_a_strategy_from_matching() -> None:
    explanation = explained(feature("one", {"name": "default", "segments": [7]}))

    assert not explanation.enabled
    assert explanation.explanation == (
        "Its one strategy does not match. Its segment 7 does not exist, so it matches nobody."
    )


def test_a_segment_that_does_not_match_is_explained_by_name() -> None:
    segment = {"id": 7, "name": "nordics", "constraints": [NORWAY]}

    explanation = explained(
        feature("one", {"name": "default", "segments": [7]}), segments=[segment]
    )

    (outcome,) = explanation.strategies
    assert outcome.explanation.startswith("The segment 'nordics' does not match. The constraint")
    assert [item.outcome for item in outcome.segments] == [Outcome.NOT_MET]


@pytest.mark.parametrize(
    ("dependency", "sentence"),
    [
        ({"feature": "none"}, "It needs the toggle 'none', which does not exist."),
        ({"feature": "two"}, "It needs the toggle 'two' to be on, but the toggle is off."),
        (
            {"feature": "three", "enabled": False},
            "It needs the toggle 'three' to be off, but the toggle is on.",
        ),
        (
            {"feature": "four", "variants": ["red", "blue"]},
            "It needs the toggle 'four' with the variant 'red' or 'blue', but does not get it.",
        ),
    ],
)
def test_a_dependency_that_is_not_met_is_explained(
    dependency: dict[str, Any], sentence: str
) -> None:
    green = [{"name": "green", "weight": 1000}]

    explanation = explained(
        feature("one", dependencies=[dependency]),
        feature("two", enabled=False),
        feature("three"),
        feature("four", variants=green),
    )

    assert explanation.reason is Reason.DEPENDENCY_NOT_MET
    assert explanation.explanation == sentence
    assert [item.outcome for item in explanation.dependencies] == [Outcome.NOT_MET]


def test_deciding_and_explaining_blame_an_unmet_dependency_before_disabled_strategies() -> None:
    toggle = feature(dependencies=[{"feature": "nothing"}])
    snapshot = snapshot_of({"features": [toggle]})
    configured = snapshot.toggles["one"].environments[DEFAULT_ENVIRONMENT]
    strategy = ToggleStrategy(
        id="s",
        toggle_id="one",
        environment=DEFAULT_ENVIRONMENT,
        name="default",
        sort_order=0,
        disabled=True,
    )
    one = replace(
        snapshot.toggles["one"],
        environments={DEFAULT_ENVIRONMENT: replace(configured, strategies=(strategy,))},
    )
    draft = Draft(snapshot, 2)
    draft.put(one)
    context = Context(current_time=NOW)

    assert evaluate(draft, one, DEFAULT_ENVIRONMENT, context).reason is Reason.DEPENDENCY_NOT_MET
    assert explain(draft, one, DEFAULT_ENVIRONMENT, context).reason is Reason.DEPENDENCY_NOT_MET


def test_toggles_that_depend_on_each_other_are_off() -> None:
    explanation = explained(
        feature("one", dependencies=[{"feature": "two"}]),
        feature("two", dependencies=[{"feature": "one"}]),
    )

    assert explanation.reason is Reason.DEPENDENCY_NOT_MET


def test_a_custom_strategy_is_up_to_the_sdk_once_all_else_holds() -> None:
    custom = {"name": "byMoon", "constraints": [NORWAY]}

    here = explained(feature("one", custom), properties={"country": "NO"})
    elsewhere = explained(feature("one", custom))

    assert (here.enabled, here.reason) == (False, Reason.UNDECIDED)
    assert here.explanation == "It depends on 'byMoon'. Only an SDK can evaluate 'byMoon'."
    assert elsewhere.reason is Reason.NO_STRATEGY_MATCHED


def test_a_default_strategy_with_conditions_names_them() -> None:
    adults = {"id": 1, "name": "adults", "constraints": [NORWAY]}
    constrained = feature("one", {"name": "default", "constraints": [NORWAY]})
    segmented = feature("one", {"name": "default", "constraints": [NORWAY], "segments": [1]})

    texts = [
        explained(toggle, segments=[adults], properties={"country": "NO"}).explanation
        for toggle in (constrained, segmented)
    ]

    assert texts == [
        f"The strategy 'default' matches. It applies to everybody who meets its {conditions}."
        for conditions in ("constraints", "constraints and segments")
    ]


def test_the_first_strategy_that_matches_settles_it_and_hands_out_its_variant() -> None:
    strategies = [
        {"name": "userWithId", "parameters": {"userIds": "u9"}},
        {"name": "default", "variants": [{"name": "red", "weight": 1000}]},
        {"name": "default"},
    ]

    explanation = explained(
        feature("one", *strategies, variants=[{"name": "blue", "weight": 1000}]), user_id="u1"
    )

    assert explanation.matched_strategy is explanation.strategies[1].strategy
    assert explanation.explanation == "The strategy 'default' matches. It applies to everybody."
    assert explanation.strategies[0].explanation == "userId 'u1' is not among the users listed."
    assert explanation.picked is not None
    assert (explanation.picked.variant.name, explanation.picked.stickiness_value) == ("red", "u1")
