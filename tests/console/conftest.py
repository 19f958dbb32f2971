"""Fixtures for tests of the console in Chromium. The browser can reach only the server."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol, TypeAlias

import pytest
from playwright.sync_api import Browser

from graph.console.page import BUNDLE
from tests.clients.accessibility import fetch_axe
from tests.clients.chromium import launched
from tests.console.visitor import Profiles, Visitor
from tests.server import TOKENS, ForkedServer, Server

# Pairs of a theme and the width of the window.
Looks: TypeAlias = Sequence[tuple[str, int]]

# `make test` uses the first look, and `make test-all` uses all of them.
LOOKS: Looks = [("light", 1440), ("dark", 390), ("light", 720), ("light", 320)]

APPLY = """
mutation($changes: [ChangeInput!]!) {
  changeSetApply(input: { changes: $changes }) { errors { message } }
}
"""
EXISTING = """
query($names: [String!]) {
  toggles(filter: { names: $names, archived: null }, first: 500) {
    nodes { name archivedAt }
  }
}
"""
CREATE_TOKEN = """
mutation($input: ApiTokenCreateInput!) {
  apiTokenCreate(input: $input) { secret apiToken { id } errors { message } }
}
"""


class Visit(Protocol):
    """Opens a browser for a person."""

    def __call__(
        self, *, scheme: str = "light", width: int = 1440
    ) -> AbstractContextManager[Visitor]: ...


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Its event loop must end before tests of other modules run."""
    if not (BUNDLE / "index.html").is_file():
        pytest.skip("The console is not built; pip install --editable . builds it")
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    return fetch_axe(tmp_path_factory.mktemp("axe"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of a module. Each test creates its own toggles."""
    with ForkedServer(tmp_path_factory.mktemp("server"), **TOKENS) as running:
        create_environments(running)
        yield running


@pytest.fixture(scope="session")
def looks(pytestconfig: pytest.Config) -> Looks:
    """The themes and widths in which the states of pages are checked."""
    return LOOKS if pytestconfig.getoption("--every-row") else LOOKS[:1]


@pytest.fixture(scope="module")
def profiles(browser: Browser) -> Profiles:
    """Profiles with the files of the console in their caches."""
    return Profiles(browser)


@pytest.fixture
def visit(profiles: Profiles, server: Server) -> Visit:
    """Opens browsers on the server."""
    return partial(profiles.visiting, server.url)


def create_environments(server: Server) -> None:
    """Create an environment for development and an environment for production."""
    changes = [
        {"environmentCreate": {"name": name, "type": name.upper()}}
        for name in ("development", "production")
    ]
    apply(server, changes)


def apply(server: Server, changes: list[dict[str, Any]]) -> None:
    """Make changes in one change set."""
    assert server.graphql(APPLY, changes=changes)["changeSetApply"]["errors"] == []


def create_toggles(server: Server, *names: str, **fields: object) -> None:
    """Create toggles with the same fields.

    A test that is run again creates its toggles again, so existing ones are deleted first.
    """
    existing = server.graphql(EXISTING, names=names)["toggles"]["nodes"]
    live = [toggle["name"] for toggle in existing if toggle["archivedAt"] is None]
    deleted = [
        *({"toggleArchive": {"name": name}} for name in live),
        *({"toggleDelete": {"name": toggle["name"]}} for toggle in existing),
    ]
    if deleted:
        apply(server, deleted)
    apply(server, [{"toggleCreate": {"name": name, **fields}} for name in names])


def create_token(server: Server, name: str, type: str) -> tuple[str, str]:
    """Create a token. Return its secret and its ID."""
    created = server.graphql(CREATE_TOKEN, input={"name": name, "type": type})["apiTokenCreate"]
    assert created["errors"] == []
    return created["secret"], created["apiToken"]["id"]


def is_enabled(server: Server, toggle: str, environment: str) -> bool:
    """Whether a toggle is on in an environment, according to the server."""
    document = (
        "query($name: String!, $in: String!) { toggle(name: $name) { enabled(environment: $in) } }"
    )
    return server.graphql(document, **{"name": toggle, "in": environment})["toggle"]["enabled"]


def set_enabled(server: Server, toggle: str, environment: str, enabled: bool) -> None:
    """Switch a toggle without the console."""
    switch = {"name": toggle, "environment": environment, "enabled": enabled}
    apply(server, [{"toggleSetEnabled": switch}])
