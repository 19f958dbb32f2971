"""The operations in `docs/tasks/` work on the example installation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.documentation.pages import DOCS, blocks
from tests.documentation.screenshots.tasks import TASKS
from tests.server import TOKENS, ForkedServer, Server

PAGES = {page.stem: page for page in sorted((DOCS / "tasks").glob("*.md"))}
RUN = tuple(block for page in PAGES.values() for block in blocks(page, "graphql"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the example installation."""
    with ForkedServer(tmp_path_factory.mktemp("demo"), "--demo", **TOKENS) as server:
        yield server


def answer(demo: Server, task: str, **variables: Any) -> dict[str, Any]:
    """Run the operation of a page. Return its only field, whose errors must be empty."""
    (operation,) = blocks(PAGES[task], "graphql")
    (data,) = demo.graphql(operation.text, **variables).values()
    assert data.get("errors", []) == []
    return data


def test_each_task_has_one_operation_and_a_program_that_follows_its_steps() -> None:
    assert [block.page for block in RUN] == [f"docs/tasks/{name}.md" for name in PAGES]
    assert PAGES.keys() == TASKS.keys()


@pytest.mark.thorough
@pytest.mark.slow
def test_a_toggle_is_rolled_out(demo: Server) -> None:
    configuration = answer(demo, "roll-out")["toggleEnvironment"]

    (strategy,) = configuration["strategies"]
    assert configuration["enabled"] is True
    assert strategy["summary"].startswith("Matches 5 % of everybody")


@pytest.mark.slow
def test_a_toggle_is_switched_off(demo: Server) -> None:
    assert answer(demo, "switch-off") == {"toggleEnvironment": {"enabled": False}, "errors": []}


@pytest.mark.slow
def test_a_change_set_is_undone(demo: Server) -> None:
    listed = demo.graphql("{ changeSets(first: 50) { nodes { id comment } } }")["changeSets"]
    (change_set,) = [
        node["id"]
        for node in listed["nodes"]
        if node["comment"] == "Fewer experiments during the sale"
    ]

    assert len(answer(demo, "undo-a-bulk-change", id=change_set)["changes"]) == 3


@pytest.mark.slow
def test_a_configuration_is_copied(demo: Server) -> None:
    configuration = answer(demo, "compare-environments")["toggleEnvironment"]

    assert configuration["enabled"] is True
    assert len(configuration["strategies"]) == 2


@pytest.mark.slow
def test_a_change_is_scheduled(demo: Server) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)

    assert answer(demo, "schedule-a-change", at=at.isoformat())["changeSet"]["state"] == "SCHEDULED"


@pytest.mark.slow
def test_each_strategy_of_a_toggle_has_a_reason(demo: Server) -> None:
    evaluation = answer(demo, "find-out-why")["evaluate"]

    assert evaluation["enabled"] is True
    assert [strategy["outcome"] for strategy in evaluation["strategies"]] == ["NOT_MET", "MET"]
    assert all(strategy["explanation"] for strategy in evaluation["strategies"])


@pytest.mark.slow
def test_stale_toggles_that_nobody_asks_for_are_listed(demo: Server) -> None:
    mark = (
        "mutation($input: ToggleUpdateInput!) { toggleUpdate(input: $input) { errors { code } } }"
    )
    demo.graphql(mark, input={"name": "beta-programme", "stale": True})

    assert [toggle["name"] for toggle in answer(demo, "clean-up")["nodes"]] == ["beta-programme"]


@pytest.mark.slow
def test_a_segment_is_used_in_two_toggles(demo: Server) -> None:
    create = (
        "mutation($input: SegmentCreateInput!) { segmentCreate(input: $input) { segment { id } } }"
    )
    created = demo.graphql(create, input={"name": "german-speaking", "constraints": []})
    segment = created["segmentCreate"]["segment"]["id"]

    assert len(answer(demo, "use-a-segment", segment=segment)["changes"]) == 2


@pytest.mark.slow
def test_undefined_names_are_listed_with_their_applications(demo: Server) -> None:
    (name,) = answer(demo, "find-undefined-names")["nodes"]

    assert name["name"] == "wish-list-sharing"
    assert name["applications"] == [{"name": "storefront-web"}]


@pytest.mark.slow
def test_a_token_is_created(demo: Server) -> None:
    created = answer(demo, "create-a-token")

    assert created["apiToken"]["expiresAt"] is None
    assert created["secret"].startswith("*:development.")


@pytest.mark.slow
def test_a_webhook_for_slack_is_created(demo: Server) -> None:
    created = answer(demo, "send-events-to-slack")

    assert created["webhook"]["enabled"] is False


@pytest.mark.slow
def test_an_import_is_tried(demo: Server) -> None:
    exported = demo.graphql("{ stateExport { content } }")["stateExport"]["content"]
    changed = exported.replace('"beta-programme"', '"gamma-programme"')

    plans = [
        change["plan"] for change in answer(demo, "import-an-export", content=changed)["changes"]
    ]
    assert any("gamma-programme" in plan for plan in plans)


@pytest.mark.slow
def test_toggles_are_found_as_the_palette_finds_them(demo: Server) -> None:
    names = [toggle["name"] for toggle in answer(demo, "work-from-the-keyboard")["nodes"]]

    assert "checkout-one-page" in names
