"""Fixtures: Chromium for GraphiQL."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from graph.ide.page import BUNDLE
from tests.clients.chromium import launched


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    if not (BUNDLE / "index.html").is_file():
        pytest.skip("GraphiQL is not built; pip install --editable . builds it")
    with launched() as chromium:
        yield chromium
