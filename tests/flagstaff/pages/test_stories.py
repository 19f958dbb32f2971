"""The stories of the sample application on real servers."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flagstaff.pages.sample import SAMPLE, node, run_stories
from tests.server import ADMIN_TOKEN, TOKENS, ForkedServer, Server

RUN = "test01"
CHECKOUT = f"sample-checkout-{RUN}"
EVERYTHING = """
{
  toggles(filter: { archived: null }) { nodes { name } }
  segments { nodes { name } }
  strategies { nodes { name builtIn } }
  contextFields { name builtIn }
  tagTypes { name }
  tags { nodes { value } }
  applications { nodes { name } }
  apiTokens { nodes { name } }
  environments { name }
  projects { name }
}
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A new server."""
    with ForkedServer(tmp_path, **TOKENS) as running:
        yield running


def failures(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (f"{line['story']}: {line.get('title', 'removal')}", str(line.get("problem", line)))
        for line in lines
        if line.get("status") == "failed"
    ]


def statuses(lines: list[dict[str, Any]], story: str) -> list[str]:
    return [
        line["status"] for line in lines if line.get("story") == story and line["step"] != "removal"
    ]


def test_all_stories_pass_and_call_every_documented_operation(server: Server) -> None:
    before = server.graphql(EVERYTHING)

    *lines, summary = run_stories(server.url)

    called = len(summary["documented"]) - len(summary["missing"])
    print(f"The stories call {called} of {len(summary['documented'])} documented operations.")
    assert failures(lines) == []
    assert len({line["story"] for line in lines}) == 8
    assert summary["missing"] == []
    assert server.graphql(EVERYTHING) == before


@pytest.mark.thorough
@pytest.mark.postgres
def test_all_stories_pass_on_postgresql(
    tmp_path: Path,
    migrated_database: Callable[[str], str],
    copy_database: Callable[[str, Path], str],
) -> None:
    url = copy_database(migrated_database("postgresql"), tmp_path)
    with ForkedServer(tmp_path, **TOKENS, FLAGSTAFF_DATABASE_URL=url) as server:
        *lines, _ = run_stories(server.url)

    assert failures(lines) == []


@pytest.mark.thorough
def test_stories_can_run_at_once(server: Server) -> None:
    before = server.graphql(EVERYTHING)
    runs = [run_stories(server.url, "--only", "release") for _ in range(2)]

    lines = [line for pair in zip(*runs, strict=True) for line in pair]

    assert failures(lines) == []
    assert server.graphql(EVERYTHING) == before


# This program runs a story. It gets the steps as JSON.
RUN_STEPS = """
import { dataOf, ensure } from "./engine/checks.js";
import { StoryRun } from "./engine/runner.js";

const checks = {
  data: (answer) => dataOf(answer),
  holdsFlag: ({ event }, { flag }) => ensure(event.data.includes(flag), "Another toggle's event."),
  holdsOther: ({ event }, { other }) => ensure(event.data.includes(other), "Not the other's."),
};
const [address, token, text] = process.argv.slice(1);
const { steps, ...story } = JSON.parse(text);
const made = [];
const results = [];
const run = new StoryRun(
  { ...story, steps: steps.map((step) => ({ ...step, check: checks[step.check] })) },
  {
    server: new URL(address),
    token,
    report: (step, { status, problem }) => results.push([step, status, problem]),
    onMade: (objects) => made.push(...objects.map(({ kind }) => kind)),
  },
);
console.log(JSON.stringify({ passed: await run.run(), made, results }));
"""


def run_steps(server: Server, steps: list[dict[str, Any]], **story: Any) -> dict[str, Any]:
    """Run a story with the names `flag` and `other`.

    Return whether the story passed, and all reports.
    """
    names = {"flag": "flag", "other": "other"}
    text = json.dumps({"id": "test", "names": names, "steps": steps, **story})
    run = subprocess.run(
        [node(), "--input-type=module", "--eval", RUN_STEPS, f"{server.url}/", ADMIN_TOKEN, text],
        cwd=SAMPLE,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(run.stdout)


REMOVE_PROJECT = 'mutation { projectDelete(input: { name: "sample" }) { errors { message } } }'
CREATE_TOGGLE = """
mutation($name: String!) {
  toggleCreate(input: { name: $name, project: "sample" }) { errors { message } }
}
"""


def creation(name: str) -> dict[str, Any]:
    """The step that creates a toggle."""
    return {
        "method": "POST",
        "path": "/api/admin/projects/{project}/features",
        "body": {"name": name},
        "status": 201,
        "makes": [["toggle", name]],
    }


@pytest.mark.thorough
@pytest.mark.parametrize(
    "step",
    [
        creation("{flag}"),
        {
            "method": "POST",
            "path": "/graphql",
            "body": {"query": CREATE_TOGGLE, "variables": {"name": "{flag}"}},
            "check": "data",
            "makes": [["toggle", "{flag}"]],
        },
    ],
    ids=["rest", "graphql"],
)
def test_a_project_that_another_run_removes_is_created_again(
    server: Server, step: dict[str, Any]
) -> None:
    before = server.graphql(EVERYTHING)
    removal = {"method": "POST", "path": "/graphql", "body": {"query": REMOVE_PROJECT}}

    story = run_steps(server, [removal, step])

    assert story["passed"], story["results"]
    assert {"project", "toggle"} <= set(story["made"])
    assert server.graphql(EVERYTHING) == before


@pytest.mark.thorough
def test_events_of_other_changes_are_passed_over(server: Server) -> None:
    stream = {"method": "GET", "path": "/api/client/streaming", "as": "client"}
    steps = [
        {**stream, "stream": "slow", "firstEvent": True},
        {**stream, "stream": "fast", "firstEvent": True},
        creation("{other}"),
        {"listen": "fast", "check": "holdsOther"},
        creation("{flag}"),
        {"listen": "slow", "check": "holdsFlag"},
    ]

    story = run_steps(server, steps, tokens=["client"])

    assert story["passed"], story["results"]


@pytest.mark.thorough
def test_a_project_of_somebody_else_stays(server: Server) -> None:
    server.graphql(
        'mutation { projectCreate(input: {name: "sample", title: "Mine"}) { errors { message } } }'
    )

    *lines, _ = run_stories(server.url, "--only", "graphql")

    assert failures(lines) == []
    assert {"name": "sample"} in server.graphql(EVERYTHING)["projects"]


@pytest.mark.thorough
def test_stories_run_on_a_server_without_authentication(tmp_path: Path) -> None:
    with ForkedServer(tmp_path, FLAGSTAFF_AUTH="none") as server:
        *lines, _ = run_stories(server.url, "--only", "release", token=None)

    assert failures(lines) == []


@pytest.mark.thorough
def test_a_server_that_goes_away_is_reported_at_that_step(server: Server) -> None:
    lines: list[dict[str, Any]] = []

    for line in run_stories(server.url):
        lines.append(line)
        if line.get("step") == 3:
            server.kill()

    found = statuses(lines, "release")
    failed = found.index("failed")
    assert failed > 3
    assert set(found[:failed]) == {"passed"}
    assert set(found[failed + 1 :]) == {"skipped"}
    problem = next(line["problem"] for line in lines if line.get("status") == "failed")
    assert problem == "The server does not answer. Is it running?"
    removal = next(line for line in lines if line.get("step") == "removal")
    assert removal["status"] == "failed"
    assert {"kind": "toggle", "name": removal["left"][-1]["name"]} in removal["left"]
    # The other stories are not run.
    assert {line.get("story") for line in lines[:-1]} == {"release"}


@pytest.mark.thorough
def test_a_revoked_token_is_reported_at_that_step(server: Server) -> None:
    secret = server.graphql(
        'mutation { apiTokenCreate(input: {name: "doomed", type: ADMIN}) '
        "{ apiToken { id } secret } }"
    )["apiTokenCreate"]
    lines: list[dict[str, Any]] = []

    for line in run_stories(server.url, token=secret["secret"]):
        lines.append(line)
        if line.get("step") == 3:
            server.graphql(
                "mutation($id: ID!) { apiTokenRevoke(input: {id: $id}) { errors { message } } }",
                id=secret["apiToken"]["id"],
            )

    problems = [line["problem"] for line in lines if line.get("problem")]
    assert problems == ["The server does not accept the admin token any more."]
    assert secret["secret"] not in str(lines)


@pytest.mark.thorough
def test_what_a_story_did_not_make_stays(server: Server) -> None:
    server.graphql(
        "mutation($name: String!) { toggleCreate(input: {name: $name}) { errors { message } } }",
        name=CHECKOUT,
    )

    *lines, _ = run_stories(server.url, "--only", "release", "--run", RUN)

    (failure,) = failures(lines)
    assert failure[0] == "release: Check that the name is free"
    after = server.graphql(EVERYTHING)
    assert after["toggles"]["nodes"] == [{"name": CHECKOUT}]
    assert "sample" not in {project["name"] for project in after["projects"]}
    assert len(after["apiTokens"]["nodes"]) == 2


@pytest.mark.thorough
def test_no_step_shows_a_token(server: Server) -> None:
    *lines, _ = run_stories(server.url, "--only", "everything")

    output = str(lines)
    assert server.admin_token not in output
    assert "$ADMIN_TOKEN" in output
    secrets = [line["answer"]["text"] for line in lines if line.get("title", "").endswith("token")]
    assert any('"secret":"(not shown)"' in text for text in secrets)
