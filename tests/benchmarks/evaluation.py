"""How long a decision takes, beside one of the official engine: `python -m …`."""

import json
import time
from collections.abc import Callable
from random import Random

from yggdrasil_engine.engine import UnleashEngine

from store.evaluation import evaluate, explain
from store.model import DEFAULT_ENVIRONMENT
from tests.store.evaluation import generating
from tests.store.evaluation.payloads import context_of, snapshot_of

_TOGGLES = 500
_ROUNDS = 5


def main() -> None:
    """Print processor time per toggle, the best of some rounds."""
    random = Random(1)
    payload = generating.payload(random, toggles=_TOGGLES)
    fields = generating.context(random)
    context = context_of(fields)
    snapshot = snapshot_of(payload)
    engine = UnleashEngine()
    engine.take_state(json.dumps(payload))
    toggles = list(snapshot.toggles.values())

    def decide() -> None:
        for toggle in toggles:
            evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context)

    def explaining() -> None:
        for toggle in toggles:
            explain(snapshot, toggle, DEFAULT_ENVIRONMENT, context)

    def ask_engine() -> None:
        for toggle in toggles:
            engine.is_enabled(toggle.name, fields)

    for name, work in (
        ("evaluate", decide),
        ("explain", explaining),
        ("official engine, enabled only", ask_engine),
    ):
        print(f"{name}: {_seconds(work) / _TOGGLES * 1e6:.2f} µs a toggle")


def _seconds(work: Callable[[], None]) -> float:
    times: list[float] = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    main()
