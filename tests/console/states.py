"""Check that no state of a page has a barrier."""

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import expect

from tests.clients.accessibility import violations
from tests.console.conftest import Looks, Visit
from tests.console.visitor import Visitor

# Brings a page into a state.
State = Callable[[Visitor], None]


def rows(states: Iterable[str], *common: str) -> list[object]:
    """Return the states as rows of a test. `make test` runs only the common ones."""
    return [
        pytest.param(state, marks=() if state in common else pytest.mark.thorough)
        for state in states
    ]


def check_state(visit: Visit, axe: str, looks: Looks, show: State) -> None:
    """Check that a state has one heading and no barrier, and fits the screen in each look."""
    scheme, width = looks[0]
    with visit(scheme=scheme, width=width) as visitor:
        show(visitor)

        expect(visitor.page.locator("h1")).to_have_count(1)
        check_looks(visitor, axe, looks)


def check_looks(visitor: Visitor, axe: str, looks: Looks) -> None:
    """Check that the page fits the screen in each look.

    The first look of each theme is also checked against the rules of axe, which take most of the
    time.
    """
    themes: set[str] = set()
    for scheme, width in looks:
        visitor.change_look(scheme, width)
        found = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, (scheme, width)
        if scheme not in themes:
            themes.add(scheme)
            assert violations(visitor.page, axe) == {}, (scheme, width)
