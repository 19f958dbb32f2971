"""Every case of the client specification has the expected result."""

from pathlib import Path
from typing import Any

import pytest

from store.evaluation import evaluate
from store.evaluation.payloads import context_of, snapshot_of
from store.model import DEFAULT_ENVIRONMENT
from tests.specification.reading import Specification, fetch_specifications

pytestmark = pytest.mark.npm


def problems_of(specification: Specification) -> list[str]:
    snapshot = snapshot_of(specification.payload)
    problems: list[str] = []

    def ask(test: Any) -> Any:
        toggle = snapshot.toggles.get(test["toggleName"])
        if toggle is None:
            return None
        return evaluate(snapshot, toggle, DEFAULT_ENVIRONMENT, context_of(test["context"]))

    for test in specification.tests:
        decision = ask(test)
        if (decision is not None and decision.enabled) != test["expectedResult"]:
            problems.append(f"{specification.name}: {test['description']}")
    for test in specification.variant_tests:
        decision, expected = ask(test), test["expectedResult"]
        variant = decision.variant if decision else None
        payload = variant.payload if variant else None
        answer = {
            "name": variant.name if variant else "disabled",
            "enabled": variant is not None,
            "feature_enabled": decision is not None and decision.enabled,
        }
        if payload:
            answer["payload"] = {"type": payload.type, "value": payload.value}
        if answer != {key: item for key, item in expected.items() if key in (*answer, "payload")}:
            problems.append(f"{specification.name}: {test['description']}: {answer}")
    return problems


def test_every_answer_is_that_of_the_specification(tmp_path: Path) -> None:
    specifications = fetch_specifications(tmp_path)

    problems = [item for specification in specifications for item in problems_of(specification)]

    assert problems == []
    counts = [len(item.tests) + len(item.variant_tests) for item in specifications]
    assert all(counts)
    assert sum(counts) > 250
