"""Compare decisions with those of Unleash's engine: `python -m … --cases 100000 --seed 1`."""

import argparse
import json
import sys
from random import Random
from typing import Any

from yggdrasil_engine.engine import UnleashEngine

from store.evaluation import Decision, evaluate, explain
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT
from tests.store.evaluation import generating

_TOGGLES = 25
_CONTEXTS = 40


def differences(cases: int, *, seed: int) -> list[str]:
    """Return the differences in a number of cases, each with a toggle and a context."""
    random = Random(seed)
    found: list[str] = []
    done = 0
    while done < cases:
        payload = generating.payload(random, toggles=_TOGGLES)
        contexts = [generating.context(random) for _ in range(_CONTEXTS)]
        found += _differences(payload, contexts)
        done += _TOGGLES * _CONTEXTS
    return found


def _differences(payload: dict[str, Any], contexts: list[dict[str, Any]]) -> list[str]:
    engine = UnleashEngine()
    warnings = engine.take_state(json.dumps(payload))
    assert not warnings, warnings
    snapshot = snapshot_of(payload)
    found: list[str] = []
    for fields in contexts:
        context = context_of(fields)
        for feature in payload["features"]:
            name = feature["name"]
            toggle = snapshot.toggles[name]
            decision = evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context)
            explanation = explain(snapshot, toggle, DEFAULT_ENVIRONMENT, context)
            expected = _engine_answer(engine, name, fields)
            picked = explanation.picked.variant if explanation.picked else None
            explained = (explanation.enabled, explanation.reason, picked)
            if _answer(decision) != expected or explained != (
                decision.enabled,
                decision.reason,
                decision.variant,
            ):
                difference = f"{_answer(decision)} ({explanation.explanation}), not {expected}"
                found.append(f"{difference}\n  {json.dumps(feature)}\n  {json.dumps(fields)}")
    return found


def _engine_answer(engine: UnleashEngine, name: str, fields: dict[str, Any]) -> tuple[bool, str]:
    enabled = bool(engine.is_enabled(name, fields).is_enabled)
    return enabled, engine.get_variant(name, fields).variant.name


def _answer(decision: Decision) -> tuple[bool, str]:
    return decision.enabled, decision.variant.name if decision.variant else "disabled"


def main() -> int:
    """Compare the requested number of cases, and print the first differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    found = differences(arguments.cases, seed=arguments.seed)
    print(*found[:10], sep="\n")
    print(f"{len(found):,} of {arguments.cases:,} cases differ.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
