"""People see what does not fit between an application and the server, and mend it."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.console.conftest import Visit, apply, create_toggles, create_token
from tests.console.test_clean_up import report as send_report
from tests.console.visitor import Visitor
from tests.server import CLIENT_TOKEN, Server
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


USAGE = "query($name: String!) { application(name: $name) { usages { totalCount } } }"


def report(server: Server, application: str, *toggles: str) -> None:
    """Report that an application has asked for toggles, and wait until pages show that."""

    def is_shown() -> bool:
        found = server.graphql(USAGE, name=application)["application"]
        return found is not None and found["usages"]["totalCount"] == len(toggles)

    send_report(server, application, *toggles)
    wait_until(is_shown)


def register(server: Server, application: str, **fields: Any) -> None:
    """Register an instance of an application."""
    body = {
        "appName": application,
        "instanceId": "instance-1",
        "sdkVersion": "unleash-node-sdk:6.1.0",
        "strategies": ["default"],
        "started": "2026-11-30T10:00:00Z",
        "interval": 15,
    }
    answer = httpx.post(
        f"{server.url}/api/client/register",
        json=body | fields,
        headers={"Authorization": CLIENT_TOKEN},
    )
    assert answer.status_code == 202


def register_misfit(server: Server, name: str) -> None:
    """Register an application with an issue of each kind."""
    for toggle in ("archived", "custom"):
        create_toggles(server, f"{name}-{toggle}")
    apply(
        server,
        [
            {"toggleArchive": {"name": f"{name}-archived"}},
            {"strategyCreate": {"name": f"{name}-here"}},
            {
                "toggleStrategyAdd": {
                    "toggle": f"{name}-custom",
                    "strategy": {"name": f"{name}-here"},
                }
            },
        ],
    )
    register(
        server,
        name,
        sdkVersion="unleash-client-java:4.4.1",
        strategies=["default", f"{name}-there"],
    )
    report(server, name, f"{name}-archived", f"{name}-custom", f"{name}-undefined")


def group(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("region", name=name)


@pytest.mark.thorough
def test_each_misfit_has_its_fix_beside_it(server: Server, visit: Visit) -> None:
    register_misfit(server, "misfit")
    with visit() as visitor:
        visitor.open("applications?issues=yes&q=misfit")
        expect(visitor.page.get_by_role("row").filter(has_text="misfit")).to_contain_text(
            "1 undefined name"
        )
        visitor.page.get_by_role("link", name="misfit", exact=True).click()

        define = group(visitor, "Names that nobody defined").get_by_role("link")
        expect(define).to_have_attribute("href", "/console/toggles/new?name=misfit-undefined")
        strategies = group(visitor, "Strategies that only the application has").get_by_role("link")
        expect(strategies).to_have_attribute("href", "/console/strategies/new?name=misfit-there")
        expect(group(visitor, "SDKs that are too old")).to_contain_text("unleash-client-java 4.4.1")
        lacking = group(visitor, "Strategies that the SDK lacks")
        lacking.get_by_role("link", name="Toggles with misfit-here").click()
        assert visitor.page.get_by_role("searchbox").input_value() == (
            "strategy:misfit-here app:misfit"
        )
        expect(visitor.page.get_by_role("rowheader").locator("bdi")).to_have_text(["misfit-custom"])

        visitor.page.go_back()
        visitor.button("Revive misfit-archived…").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Revive 1 toggle").click()
        expect(group(visitor, "Archived toggles that it still asks for")).to_have_count(0)


@pytest.mark.thorough
def test_a_name_is_defined_and_no_longer_an_issue(server: Server, visit: Visit) -> None:
    report(server, "asks-early", "asked-early")
    with visit() as visitor:
        visitor.open("applications/asks-early")
        visitor.page.get_by_role("link", name="Create asked-early").click()
        expect(visitor.page.get_by_label("Name", exact=True)).to_have_value("asked-early")
        visitor.page.go_back()
        visitor.wait_until_live()

        create_toggles(server, "asked-early")

        expect(visitor.page.get_by_text("Everything that the application asks for")).to_be_visible()


@pytest.mark.thorough
def test_an_application_is_described_and_deleted(server: Server, visit: Visit) -> None:
    register(server, "described")
    with visit() as visitor:
        visitor.open("applications/described")
        expect(visitor.page.get_by_role("list", name="Instances")).to_contain_text("instance-1")
        visitor.page.get_by_label("Description").fill("The shop")
        visitor.button("Review").click()
        visitor.page.get_by_role("dialog").get_by_role("button", name="Apply").click()
        visitor.page.get_by_role("dialog").wait_for(state="hidden")
        read = '{ application(name: "described") { description } }'
        assert server.graphql(read)["application"] == {"description": "The shop"}

        visitor.button("Delete…").click()
        dialog = visitor.page.get_by_role("dialog")
        expect(dialog).to_contain_text("This cannot be undone.")
        dialog.get_by_role("button", name="Delete").click()
        expect(visitor.page.get_by_role("heading", name="Applications", level=1)).to_be_visible()
        assert server.graphql(read)["application"] is None


@pytest.mark.thorough
def test_a_viewer_sees_the_issues_and_no_fixes(server: Server, visit: Visit) -> None:
    report(server, "only-viewed", "viewed-undefined")
    token, _ = create_token(server, "reader of applications", "VIEWER")
    with visit() as visitor:
        visitor.open("applications/only-viewed", token=token)
        names = group(visitor, "Names that nobody defined")

        expect(names).to_contain_text("viewed-undefined")
        expect(names.get_by_role("link")).to_have_count(0)
        expect(visitor.button("Delete…")).to_have_count(0)
