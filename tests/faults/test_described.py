"""A small part of the requests that schemathesis makes from the OpenAPI document."""

import time
from pathlib import Path

import pytest

from tests.faults.described import run_rounds

pytestmark = pytest.mark.slow


@pytest.mark.thorough
def test_answers_to_made_up_requests_are_as_described(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    # Generating requests takes most of the time. Examples and refused requests are always sent.
    cases = 2 if request.config.getoption("--every-row") else 0

    # In the second round no report is stored.
    findings, document = run_rounds(
        tmp_path, seed=1, end=time.monotonic() + 600, cases=cases, max_rounds=2
    )

    assert findings.problems == {}
    assert findings.unexplained(document) == []
