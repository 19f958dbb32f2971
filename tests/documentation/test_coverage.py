"""The page about the operations of Unleash is up to date, and nothing is left out silently."""

import asyncio
import re

import pytest

from flagstaff.openapi.document import build_document
from tests.contract.operations import unleash_operations
from tests.documentation.coverage import Coverage, ask_own_server, coverage_page, missing
from tests.documentation.pages import DOCS

REFERENCE = DOCS / "reference"


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    """Which operations a server has."""
    return asyncio.run(ask_own_server())


def test_the_page_about_operations_is_current(coverage: Coverage) -> None:
    # To update the page, run `python -m tests.documentation.coverage` (see coverage.py).
    page = (REFERENCE / "admin-api-coverage.md").read_text(encoding="utf-8")

    assert page == coverage_page(coverage)


def test_every_operation_that_programs_call_is_there_or_has_a_reason(coverage: Coverage) -> None:
    differences = (REFERENCE / "rest-differences.md").read_text(encoding="utf-8")
    reasons = {one.left_out for one in unleash_operations() if one.left_out}

    assert [one.id for one in missing(coverage)] == []
    assert [key for key in reasons if f"| `{key}` |" not in differences] == []


def test_operations_with_a_reason_are_absent(coverage: Coverage) -> None:
    assert [one.id for one in unleash_operations() if one.left_out and coverage[one.id]] == []


def test_the_server_describes_every_operation_that_it_says_it_has(coverage: Coverage) -> None:
    """This fails if a path only matches a route with a parameter, such as `segments/validate`."""
    described = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, methods in build_document()["paths"].items()
        for method in methods
    }

    undescribed = [
        one.id
        for one in unleash_operations()
        if coverage[one.id] and (one.method, re.sub(r"\{\w+\}", "{}", one.path)) not in described
    ]

    assert undescribed == []
