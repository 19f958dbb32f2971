"""Decisions about generated toggles equal those of the official engine."""

from random import Random
from typing import Any

from store.evaluation import evaluate
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT
from tests.benchmarks.evaluation import seconds, typical_payload, works_over
from tests.store.evaluation import generating
from tests.store.evaluation.compare import differences


def test_generated_decisions_equal_those_of_the_official_engine() -> None:
    assert differences(2_000, seed=3) == []


def test_generated_cases_decide_both_ways_and_hand_out_variants() -> None:
    random = Random(3)
    snapshot = snapshot_of(generating.payload(random, toggles=25))
    decisions = [
        evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context)
        for context in (context_of(generating.context(random)) for _ in range(40))
        for toggle in snapshot.toggles.values()
    ]

    on = sum(decision.enabled for decision in decisions)
    with_variant = sum(decision.variant is not None for decision in decisions)

    assert 100 < on < 900
    assert with_variant > 50


def test_deciding_takes_a_small_part_of_what_the_official_engine_takes() -> None:
    works = works_over(typical_payload(Random(1), toggles=200), contexts=2)

    ours, the_engines = seconds(works["evaluate"]), seconds(works["official engine"])

    # On an idle machine the ratio is about a hundred.
    assert the_engines > 20 * ours


def _picked(weights: list[float]) -> list[Any]:
    variants = [
        {"name": f"v{at}", "weight": weight, "stickiness": "userId"}
        for at, weight in enumerate(weights)
    ]
    feature = {"name": "a", "enabled": True, "strategies": [], "variants": variants}
    snapshot = snapshot_of({"features": [feature]})
    decisions = [
        evaluate(
            snapshot,
            snapshot.toggles["a"],
            DEFAULT_ENVIRONMENT,
            context_of({"userId": f"u{number}"}),
        )
        for number in range(300)
    ]
    return [decision.variant.name if decision.variant else None for decision in decisions]


def test_weights_that_are_fractions_hand_out_what_sdks_do_who_get_whole_ones() -> None:
    assert _picked([0.7, 0.7, 1.6]) == _picked([0, 1, 2])
    assert set(_picked([0.7, 0.7, 1.6])) == {"v1", "v2"}
    assert set(_picked([0.5])) == {None}
