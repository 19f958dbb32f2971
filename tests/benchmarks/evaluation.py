"""Compare the CPU times for evaluating a toggle in Flagstaff and in Unleash's engine."""

import json
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from yggdrasil_engine.engine import UnleashEngine

from store.evaluation import deciders, explain
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT
from tests.store.evaluation import generating

_TOGGLES = 500
_CONTEXTS = 10
_ROUNDS = 5


def main() -> None:
    """Print the CPU time per toggle in the best of several rounds."""
    for name, payload in (
        ("toggles as installations have them", typical_payload(Random(1), toggles=_TOGGLES)),
        ("toggles made up of all there is", generating.payload(Random(1), toggles=_TOGGLES)),
    ):
        works = works_over(payload, contexts=_CONTEXTS)
        us = {item: seconds(work) / _CONTEXTS / _TOGGLES * 1e6 for item, work in works.items()}
        print(f"{name}: {', '.join(f'{item} {cost:.2f} µs' for item, cost in us.items())}")


def works_over(payload: Mapping[str, Any], *, contexts: int) -> dict[str, Callable[[], None]]:
    """Functions that evaluate all toggles for some contexts. The keys are names of methods.

    Each call creates new contexts, as requests do. Therefore the results include the work per
    context.
    """
    random = Random(2)
    documents = [generating.context(random) for _ in range(contexts)]
    snapshot = snapshot_of(payload)
    engine = UnleashEngine()
    engine.take_state(json.dumps(payload))

    def evaluating() -> None:
        decide = deciders(snapshot, DEFAULT_ENVIRONMENT)
        for context in map(context_of, documents):
            for toggle in snapshot.live_toggles:
                decide[toggle.name](context)

    def explaining() -> None:
        for context in map(context_of, documents):
            for toggle in snapshot.live_toggles:
                explain(snapshot, toggle, DEFAULT_ENVIRONMENT, context)

    def ask_engine() -> None:
        for document in documents:
            for toggle in snapshot.live_toggles:
                if engine.is_enabled(toggle.name, document).is_enabled:
                    engine.get_variant(toggle.name, document)

    return {"evaluate": evaluating, "explain": explaining, "official engine": ask_engine}


def typical_payload(random: Random, *, toggles: int) -> dict[str, Any]:
    """A typical features body.

    Toggles have one or two strategies and few constraints. Most strategies are rollouts.
    """
    segments = [
        {"id": 1, "name": "nordic", "constraints": [_one_of("country", "NO", "SE", "DK", "7")]}
    ]
    features = [_typical_feature(random, f"toggle-{number}") for number in range(toggles)]
    return {"version": 2, "features": features, "segments": segments}


def _typical_feature(random: Random, name: str) -> dict[str, Any]:
    variants = [
        {"name": "a", "weight": 500, "stickiness": "userId"},
        {"name": "b", "weight": 500, "stickiness": "userId"},
    ]
    strategies = [_typical_strategy(random, name) for _ in range(random.choice([1, 1, 1, 2]))]
    return {
        "name": name,
        "enabled": random.random() < 0.8,
        "strategies": strategies,
        "variants": variants if random.random() < 0.1 else [],
    }


def _typical_strategy(random: Random, name: str) -> dict[str, Any]:
    share = random.choice(["10", "25", "50", "100", "100"])
    rollout = {"groupId": name, "rollout": share, "stickiness": "default"}
    constraint = random.choice(
        [
            _one_of("plan", "u1", "u2", "pro"),
            _one_of("userId", "u1", "u3", "u17"),
            {"contextName": "version", "operator": "SEMVER_GT", "value": "1.2.3", "values": []},
            {"contextName": "userId", "operator": "STR_ENDS_WITH", "values": ["@example.com"]},
        ]
    )
    return {
        "name": "flexibleRollout",
        "parameters": rollout,
        "constraints": [constraint] if random.random() < 0.5 else [],
        "segments": [1] if random.random() < 0.1 else [],
    }


def _one_of(field: str, *values: str) -> dict[str, Any]:
    return {"contextName": field, "operator": "IN", "values": list(values)}


def seconds(work: Callable[[], None]) -> float:
    """The lowest CPU time of several rounds."""
    times: list[float] = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    main()
