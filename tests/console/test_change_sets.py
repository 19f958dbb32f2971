"""The pages of change sets: schedule, cancel, undo, and the steps of rollouts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.console.conftest import Visit, create_toggles, create_token, is_enabled
from tests.server import Server

pytestmark = pytest.mark.browser

APPLY = """
mutation($input: ChangeSetApplyInput!) {
  changeSetApply(input: $input) { changeSet { id } errors { message } }
}
"""
STRATEGY = """
query($name: String!) {
  toggle(name: $name) { environment(name: "production") { strategies { id } } }
}
"""
STEPS = """
{
  changeSets(filter: { search: "step by step" }) {
    nodes { rollout { steps { rollout after } } }
  }
}
"""
SCHEDULE = """
mutation($input: RolloutScheduleInput!) {
  rolloutSchedule(input: $input) { changeSet { id } errors { message } }
}
"""


def apply_with(server: Server, comment: str, *changes: dict[str, Any], **options: object) -> str:
    """Apply or schedule changes with a reason. Return the ID of the change set."""
    input = {"changes": list(changes), "comment": comment, **options}
    applied = server.graphql(APPLY, input=input)["changeSetApply"]
    assert applied["errors"] == []
    return applied["changeSet"]["id"]


def switch(toggle: str, enabled: bool) -> dict[str, Any]:
    """A change that switches a toggle in production."""
    change = {"name": toggle, "environment": "production", "enabled": enabled}
    return {"toggleSetEnabled": change}


def in_hours(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:00:00Z")


def create_rollout(server: Server, toggle: str) -> str:
    """Create a toggle with a rollout of 5 percent in production. Return the ID of the strategy."""
    strategies = [{"name": "flexibleRollout", "parameters": [{"name": "rollout", "value": "5"}]}]
    configuration = {"name": toggle, "environment": "production", "strategies": strategies}
    create_toggles(server, toggle)
    apply_with(server, "", {"toggleConfigure": configuration})
    (strategy,) = server.graphql(STRATEGY, name=toggle)["toggle"]["environment"]["strategies"]
    return strategy["id"]


def schedule_rollout(server: Server, toggle: str, comment: str) -> str:
    """Schedule a rollout in two steps. Return the ID of its change set."""
    strategy = create_rollout(server, toggle)
    steps = [{"at": in_hours(3), "rollout": 50}, {"after": 60, "rollout": 100}]
    input = {"strategy": strategy, "steps": steps, "comment": comment}
    scheduled = server.graphql(SCHEDULE, input=input)["rolloutSchedule"]
    assert scheduled["errors"] == []
    return scheduled["changeSet"]["id"]


@pytest.mark.thorough
def test_a_change_set_is_found_opened_and_undone(server: Server, visit: Visit) -> None:
    create_toggles(server, "set-a", "set-b", enabled=False)
    apply_with(server, "both at once", switch("set-a", True), switch("set-b", True))
    with visit() as visitor:
        visitor.open("change-sets?q=both")
        visitor.page.get_by_role("link", name="both at once").click()
        changes = visitor.page.get_by_role("list", name="Changes")
        expect(changes.get_by_role("listitem")).to_have_count(2)
        expect(changes).to_contain_text("Switched toggle 'set-a' on in production.")

        visitor.button("Undo…").click()
        visitor.button("Undo 2 changes").click()
        expect(visitor.page.get_by_text("undone", exact=True)).to_be_visible()
        expect(visitor.button("Undo…")).to_have_count(0)
        assert is_enabled(server, "set-a", "production") is False

        visitor.undo_link().click()
        title = "2 changes: Restored toggle 'set-b' (off in production) and another one"
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(visitor.page.get_by_role("link", name="both at once")).to_be_visible()
        expect(visitor.page.get_by_text("applied", exact=True)).to_be_visible()


@pytest.mark.thorough
def test_changes_are_scheduled_in_a_review_and_cancelled(server: Server, visit: Visit) -> None:
    create_toggles(server, "later-a", enabled=False)
    with visit() as visitor:
        visitor.open("toggles?pick=later-a&do=on:production")
        dialog = visitor.page.get_by_role("dialog")
        dialog.get_by_label("Why?").fill("at night")
        dialog.get_by_label("Later").check()
        expect(dialog.get_by_text("your time zone, ")).to_be_visible()
        dialog.get_by_label("Time", exact=True).fill("2020-01-01T03:00")
        expect(dialog.get_by_role("alert")).not_to_be_empty()
        night = f"{datetime.now(UTC).date() + timedelta(days=2)}T03:00"
        dialog.get_by_label("Time", exact=True).fill(night)
        dialog.get_by_role("button", name="Schedule").click()
        expect(visitor.page.get_by_text("Scheduled for")).to_be_visible()
        query = "{ changeSets(filter: { states: [SCHEDULED] }) { nodes { applyAt comment } } }"
        scheduled = server.graphql(query)["changeSets"]["nodes"]
        assert scheduled == [{"applyAt": f"{night}:00.000000Z", "comment": "at night"}]
        assert is_enabled(server, "later-a", "production") is False

        visitor.open("change-sets?state=scheduled", token=None)
        visitor.page.get_by_role("link", name="at night").click()
        visitor.button("Cancel…").click()
        visitor.button("Keep the changes").click()
        visitor.button("Cancel…").click()
        visitor.button("Cancel the changes").click()
        expect(visitor.page.get_by_text("cancelled", exact=True)).to_be_visible()
        expect(visitor.button("Cancel…")).to_have_count(0)


@pytest.mark.thorough
def test_a_rollout_shows_its_steps_and_is_paused_and_resumed(server: Server, visit: Visit) -> None:
    id = schedule_rollout(server, "stepwise", "slowly")
    with visit() as visitor:
        visitor.open(f"change-sets/{id}")
        steps = visitor.page.get_by_role("region", name="Rollout").get_by_role("listitem")
        expect(steps).to_have_count(2)
        expect(steps.first).to_contain_text("50 %")
        expect(steps.last).to_contain_text("1 hour after the previous step")

        visitor.button("Pause").click()
        expect(visitor.page.get_by_text("paused", exact=True)).to_be_visible()
        visitor.button("Resume").click()
        expect(visitor.button("Pause")).to_be_visible()
        visitor.button("Cancel…").click()
        visitor.button("Cancel the steps").click()
        expect(visitor.button("Pause")).to_have_count(0)


@pytest.mark.thorough
def test_a_change_of_a_percentage_is_scheduled_in_steps(server: Server, visit: Visit) -> None:
    strategy = create_rollout(server, "in-steps")
    update = {"id": strategy, "parameters": [{"name": "rollout", "value": "35"}]}
    changes = quote(json.dumps([{"toggleStrategyUpdate": update}]))
    with visit() as visitor:
        visitor.open(f"playground?q=in-steps&changes={changes}")
        visitor.button("Review…").click()
        dialog = visitor.page.get_by_role("dialog")
        dialog.get_by_label("In steps").check()
        dialog.get_by_label("Percentage of step 1").fill("200")
        expect(dialog.get_by_role("alert")).not_to_be_empty()
        dialog.get_by_label("Percentage of step 1").fill("10")
        dialog.get_by_role("button", name="Remove step 2").click()
        dialog.get_by_label("Unit of the time before step 2").select_option("days")
        dialog.get_by_label("Why?").fill("step by step")
        dialog.get_by_role("button", name="Schedule 2 steps").click()
        expect(visitor.page.get_by_text("Scheduled for")).to_be_visible()
    (scheduled,) = server.graphql(STEPS)["changeSets"]["nodes"]
    assert scheduled["rollout"]["steps"] == [
        {"rollout": 10, "after": 60},
        {"rollout": 35, "after": 1_440},
    ]


@pytest.mark.thorough
def test_the_list_shows_new_change_sets_at_once(server: Server, visit: Visit) -> None:
    create_toggles(server, "live-set", enabled=False)
    with visit() as visitor:
        visitor.open("change-sets?q=live")
        expect(visitor.page.get_by_text("No change set matches")).to_be_visible()
        visitor.wait_until_live()

        apply_with(server, "live one", switch("live-set", True))

        expect(visitor.page.get_by_role("link", name="live one")).to_be_visible()


@pytest.mark.thorough
def test_a_long_change_set_has_pages(server: Server, visit: Visit) -> None:
    names = [f"many-{number:02}" for number in range(60)]
    changes = [{"toggleCreate": {"name": name}} for name in names]
    id = apply_with(server, "many", *changes)
    with visit() as visitor:
        visitor.open(f"change-sets/{id}")
        changes = visitor.page.get_by_role("list", name="Changes").get_by_role("listitem")
        expect(changes).to_have_count(50)
        visitor.button("10 more").click()
        expect(changes).to_have_count(10)
        visitor.button("First changes").click()
        expect(changes).to_have_count(50)


@pytest.mark.thorough
def test_a_viewer_reads_change_sets_and_an_unknown_one_is_explained(
    server: Server, visit: Visit
) -> None:
    create_toggles(server, "viewed-set", enabled=False)
    id = apply_with(server, "for readers", switch("viewed-set", True))
    token, _ = create_token(server, "reader of change sets", "VIEWER")
    with visit() as visitor:
        visitor.open(f"change-sets/{id}", token=token)
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("for readers")
        assert visitor.button("Undo…").count() == 0

        visitor.open("change-sets/RXZlbnQ6OTk5OTk5", token=None)
        expect(visitor.page.get_by_text("There is no change set with this ID")).to_be_visible()
