"""The usage of a toggle and its recent changes on the toggle's page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.console.answers import refuse
from tests.console.conftest import Looks, Visit, apply, create_toggles
from tests.console.states import State, check_state, rows
from tests.console.visitor import Visitor
from tests.server import CLIENT_TOKEN, Server

pytestmark = pytest.mark.browser


def report(server: Server, toggle: str, counts: dict[str, Any], application: str = "shop") -> None:
    """Report counts of the last minute from the environment `default`, as SDKs do."""
    now = datetime.now(UTC)
    bucket = {
        "start": (now - timedelta(minutes=1)).isoformat(),
        "stop": now.isoformat(),
        "toggles": {toggle: counts},
    }
    body = {"appName": application, "instanceId": "one", "bucket": bucket}
    answer = httpx.post(
        f"{server.url}/api/client/metrics", json=body, headers={"Authorization": CLIENT_TOKEN}
    )
    assert answer.status_code == 202


def usage(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Usage", exact=True)


@pytest.mark.thorough
def test_reports_appear_second_by_second(server: Server, visit: Visit) -> None:
    create_toggles(server, "live-usage")
    with visit() as visitor:
        visitor.open("toggles/live-usage?env=default&range=1m")
        chart = usage(visitor).get_by_role("img")
        name = "Evaluations in default, the last minute: {}"
        expect(chart).to_have_accessible_name(name.format("0 yes, 0 no"))
        visitor.wait_until_live()

        report(server, "live-usage", {"yes": 3, "no": 2})
        expect(chart).to_have_accessible_name(name.format("3 yes, 2 no"))
        report(server, "live-usage", {"yes": 4, "no": 0})
        expect(chart).to_have_accessible_name(name.format("7 yes, 2 no"))


@pytest.mark.thorough
def test_a_range_shows_the_counts_of_a_toggle_and_of_an_application(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "past-usage")
    with visit() as visitor:
        visitor.open("toggles/past-usage?env=default")
        chart = usage(visitor).get_by_role("img")
        expect(usage(visitor)).to_contain_text("No evaluation was reported in the last 24 hours")
        visitor.wait_until_live()
        counts = {"yes": 5, "no": 1, "variants": {"red": 4, "blue": 1}}
        report(server, "past-usage", counts, application="past-shop")
        expect(chart).to_have_accessible_name(
            "Evaluations in default, the last 24 hours: 5 yes, 1 no"
        )
        expect(usage(visitor)).to_contain_text("blue 1, red 4")

        visitor.button("1 h").click()
        expect(chart).to_have_accessible_name("Evaluations in default, the last hour: 5 yes, 1 no")
        usage(visitor).get_by_text("Show as a table").click()
        cells = usage(visitor).get_by_role("table").get_by_role("cell")
        expect(cells).to_have_text(["5", "1"])
        assert visitor.page.url.endswith("?env=default&range=1h")

        visitor.open("applications/past-shop?range=1h", token=None)
        expect(chart).to_have_accessible_name(
            "Evaluations in all environments, the last hour: 5 yes, 1 no"
        )


@pytest.mark.thorough
def test_recent_changes_lead_to_the_version(server: Server, visit: Visit) -> None:
    create_toggles(server, "recent", description="First")
    with visit() as visitor:
        visitor.open("toggles/recent")
        visitor.wait_until_live()
        card = visitor.page.get_by_role("region", name="Recent changes")
        expect(card.get_by_role("listitem")).to_have_count(1)
        apply(server, [{"toggleUpdate": {"name": "recent", "description": "Second"}}])
        expect(card.get_by_role("listitem")).to_have_count(2)

        card.get_by_role("link", name="Created toggle").click()
        versions = visitor.page.get_by_role("list", name="Versions")
        expect(versions.locator("[aria-current=true]")).to_contain_text("Created toggle")


def show_table(visitor: Visitor) -> None:
    visitor.open("toggles/usage-states?env=default&range=7d")
    usage(visitor).get_by_text("Show as a table").click()
    usage(visitor).get_by_role("table").wait_for()


def show_last_minute(visitor: Visitor) -> None:
    visitor.open("toggles/usage-states?env=default&range=1m")
    usage(visitor).get_by_role("img").wait_for()


def show_errors(visitor: Visitor) -> None:
    visitor.page.route("**/graphql", refuse("ToggleUsage"))
    visitor.open("toggles/usage-states?env=default")
    expect(usage(visitor).get_by_role("alert")).to_contain_text("costs 9,999")


STATES: dict[str, State] = {
    "table": show_table,
    "last minute": show_last_minute,
    "error": show_errors,
}


@pytest.fixture(scope="module")
def toggles(server: Server) -> None:
    create_toggles(server, "usage-states")
    report(server, "usage-states", {"yes": 1_234, "no": 50_000, "variants": {"red": 1_234}})


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.usefixtures("toggles")
@pytest.mark.parametrize("state", rows(STATES, "table"))
def test_a_state_has_no_barrier(visit: Visit, axe: str, looks: Looks, state: str) -> None:
    check_state(visit, axe, looks, STATES[state])
