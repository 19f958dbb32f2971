"""Decisions equal those that the official engine made over payloads of real servers."""

import json
from pathlib import Path

import pytest

from store.evaluation import Decision, evaluate, explain
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT

DATA = Path(__file__).parents[2] / "data"
RECORDINGS = {
    "unleash-3.17.6-client-features": "unleash-3.17.6-evaluations",
    "unleash-8.2-client-features-development": "unleash-8.2-evaluations-development",
    "unleash-8.2-client-features-production": "unleash-8.2-evaluations-production",
}


def answer(decision: Decision) -> bool | str:
    """A decision in the form of the recordings: the variant's name, or whether the toggle is on."""
    return decision.variant.name if decision.variant else decision.enabled


@pytest.mark.parametrize(("payload", "evaluations"), RECORDINGS.items(), ids=list(RECORDINGS))
def test_every_recorded_evaluation_comes_out_equal(payload: str, evaluations: str) -> None:
    snapshot = snapshot_of(json.loads((DATA / f"{payload}.json").read_text(encoding="utf-8")))
    recorded = json.loads((DATA / f"{evaluations}.json").read_text(encoding="utf-8"))
    differing: list[str] = []

    for entry in recorded:
        context = context_of(entry["context"])
        for name, expected in entry["results"].items():
            toggle = snapshot.toggles[name]
            decision = evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context)
            explanation = explain(snapshot, toggle, DEFAULT_ENVIRONMENT, context)
            if answer(decision) != expected or explanation.reason != decision.reason:
                differing.append(f"{name} for {entry['context']}: {decision}, not {expected}")

    assert differing == []
