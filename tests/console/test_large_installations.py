"""The pages of an installation with many toggles and environments."""

import asyncio
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.console.conftest import LOOKS, Looks, apply
from tests.console.visitor import Visitor, visiting
from tests.filling import Size, fill, toggle_name
from tests.server import TOKENS, ForkedServer, Server

pytestmark = pytest.mark.browser

# `make test` uses the smaller installation, which has more of everything than a page shows.
SOME = Size(toggles=60, applications=0, reference_data=3, change_sets=3)
SOME_ENVIRONMENTS = 12
MANY = Size(toggles=5_000, applications=20, reference_data=50)
MANY_ENVIRONMENTS = 197

TOGGLE = toggle_name(1)
# The pages by address, each with something that appears when the page is complete.
PAGES: dict[str, Callable[[Page], Locator]] = {
    "toggles": lambda page: page.get_by_role("rowheader").nth(49),
    f"toggles/{TOGGLE}": lambda page: page.get_by_role("tab").last,
    f"toggles/{TOGGLE}/compare": lambda page: page.get_by_role("rowheader").first,
    "toggles/new": lambda page: page.get_by_role("checkbox", name="production"),
    "clean-up": lambda page: page.get_by_role("list", name="Marked as stale"),
    "playground": lambda page: page.get_by_role("rowheader").first,
    "activity": lambda page: page.get_by_role("list", name="Events"),
}


@pytest.fixture(scope="module")
def large(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Server]:
    """A server with many toggles and environments."""
    every_row = request.config.getoption("--every-row")
    size, count = (MANY, MANY_ENVIRONMENTS) if every_row else (SOME, SOME_ENVIRONMENTS)
    folder = tmp_path_factory.mktemp("large")
    url = f"sqlite:///{folder / 'flagstaff.db'}"
    asyncio.run(fill(url, size))
    with ForkedServer(folder, FLAGSTAFF_DATABASE_URL=url, **TOKENS) as server:
        names = [f"region-with-a-long-name-{number:03}" for number in range(count)]
        apply(server, [{"environmentCreate": {"name": name, "type": "TEST"}} for name in names])
        yield server


@pytest.mark.thorough
def test_each_page_is_answered_and_fits_the_screen(
    large: Server, browser: Browser, looks: Looks
) -> None:
    with visiting(browser, large.url) as visitor:
        visitor.open()
        visitor.wait_until_live()
        for path, complete in PAGES.items():
            visitor.open(path, token=None)
            complete(visitor.page).wait_for()
            for scheme, width in looks:
                visitor.change_look(scheme, width)
                assert scroll_width(visitor) <= width, (path, width)
            # The server refuses operations that cost too much.
            assert visitor.page.get_by_role("alert").all_inner_texts() in ([], [""]), path


@pytest.mark.thorough
def test_a_playground_that_costs_too_much_says_what_costs_less(
    large: Server, browser: Browser
) -> None:
    query = "{ environments { name } }"
    names = [each["name"] for each in large.graphql(query)["environments"]]
    contexts = [str(number) for number in range(3_000 // len(names))]
    parameters = [("env", name) for name in names] + [("context", each) for each in contexts]
    with visiting(browser, large.url) as visitor:
        visitor.open(f"playground?{urlencode(parameters)}")

        expect(visitor.alert("a narrower search cost less")).to_be_visible()
        visitor.page.get_by_label("Users to try").fill("7")
        expect(visitor.page.get_by_role("rowheader").first).to_be_visible()
        assert scroll_width(visitor) <= LOOKS[0][1]


def scroll_width(visitor: Visitor) -> int:
    return visitor.page.evaluate("document.documentElement.scrollWidth")
