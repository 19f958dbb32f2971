"""Fixtures: Chromium, and a server for the pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from flagstaff.pages.bundle import BUNDLE
from tests.clients.chromium import launched
from tests.server import FRONTEND_TOKEN, TOKENS, ForkedServer, Server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    if not BUNDLE.is_dir():
        pytest.skip("The pages are not built; pip install --editable . builds them")
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with tokens of all types."""
    variables = {**TOKENS, "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN}
    with ForkedServer(tmp_path_factory.mktemp("server"), **variables) as running:
        yield running
