"""Check that no state of a page has a barrier."""

from collections.abc import Callable

from tests.clients.accessibility import violations
from tests.console.conftest import Visit
from tests.console.visitor import Visitor

# Brings a page into a state.
State = Callable[[Visitor], None]


def check_state(visit: Visit, axe: str, look: tuple[str, int], show: State) -> None:
    """Check that a state has one heading, fits the screen, and passes the rules of axe."""
    scheme, width = look
    with visit(scheme=scheme, width=width) as visitor:
        show(visitor)

        assert visitor.page.locator("h1").count() == 1
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(visitor.page, axe) == {}
