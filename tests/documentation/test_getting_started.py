"""The commands in README's "First five minutes" and `docs/getting-started.md` run as written."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.clients.packages import run_node, run_package
from tests.documentation.pages import DOCS, README, Block, blocks
from tests.server import ADMIN_TOKEN, Server

PAGE = DOCS / "getting-started.md"
CREATE, ASK_WHY, USAGE, SWITCH_OFF = blocks(PAGE, "graphql")
(IN_PYTHON,) = blocks(PAGE, "python")
(IN_NODE,) = blocks(PAGE, "js")
SHORT_CREATE, SHORT_ASK_WHY = blocks(README, "graphql")
(SHORT_PROGRAM,) = blocks(README, "python")
CODEGEN, LIST, CREATE_TYPED = blocks(PAGE, "ts")
(TSCONFIG,) = blocks(PAGE, "json")
RUN = (
    *(CREATE, ASK_WHY, USAGE, SWITCH_OFF, IN_PYTHON, IN_NODE),
    *(CODEGEN, LIST, CREATE_TYPED, TSCONFIG),
    *(SHORT_CREATE, SHORT_ASK_WHY, SHORT_PROGRAM),
)


@pytest.mark.slow
def test_the_first_steps_go_as_described(server: Server, tmp_path: Path) -> None:
    created = server.graphql(CREATE.text)["toggleCreate"]
    (played,) = server.graphql(ASK_WHY.text)["playground"]["nodes"]
    printed = run_python(IN_PYTHON, server, tmp_path)
    seen = usage_of_the_toggle(server)
    off = server.graphql(SWITCH_OFF.text)["toggleSetEnabled"]

    assert created["errors"] == []
    assert [variant["weight"] for variant in created["toggle"]["variants"]] == [500, 500]
    assert played["evaluations"][0]["explanation"] == (
        "The strategy 'Standard' matches. It applies to everybody."
    )
    on_in_austria, on_in_france, variant = printed
    assert (on_in_austria, on_in_france) == ("True", "False")
    assert re.search("green|blue", variant)
    assert seen["lastSeenAt"] is not None
    assert seen["usages"]["nodes"][0]["application"]["name"] == "five-minutes"
    assert seen["events"]["nodes"][0]["type"] == "TOGGLE_CREATED"
    assert off["errors"] == []
    assert off["toggleEnvironment"]["enabled"] is False


@pytest.mark.slow
def test_the_five_minutes_of_the_readme_go_as_described(server: Server, tmp_path: Path) -> None:
    name = "new-checkout"
    created = server.graphql(SHORT_CREATE.text)["toggleCreate"]
    printed = run_python(SHORT_PROGRAM, server, tmp_path)
    played = server.graphql(SHORT_ASK_WHY.text)["playground"]["nodes"]

    (of_the_toggle,) = (node for node in played if node["toggle"]["name"] == name)
    assert created["errors"] == []
    assert printed == ["True", "False"]
    assert of_the_toggle["evaluations"][0]["enabled"] is False


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.slow
def test_the_program_for_node_prints_what_it_says(javascript: Path, server: Server) -> None:
    server.graphql(CREATE.text)
    program = javascript / "five-minutes.cjs"
    program.write_text(at(IN_NODE, server))

    enabled, *variant = run_node(program.name, javascript).splitlines()

    assert enabled == "true"
    assert re.search("name: '(green|blue)'", " ".join(variant))


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.slow
def test_the_client_in_typescript_lists_creates_and_follows_toggles(
    javascript: Path, server: Server
) -> None:
    server.graphql(CREATE.text)
    project = javascript / "typed"
    (project / "src").mkdir(parents=True)
    (project / "codegen.ts").write_text(CODEGEN.text)
    (project / "tsconfig.json").write_text(TSCONFIG.text)
    for name, block in (("list", LIST), ("create", CREATE_TYPED)):
        (project / "src" / f"{name}.ts").write_text(at(block, server))
    (project / "schema.graphql").write_text(server.request("GET", "/schema.graphql").text)
    (project / "package.json").write_text('{"type": "module"}')
    (project / "node_modules").symlink_to(javascript / "node_modules")

    run_package("graphql-codegen", "--config", "codegen.ts", folder=project)
    run_package("tsc", folder=project)
    listed = run_node("built/list.js", project, ADMIN_TOKEN=ADMIN_TOKEN)
    refused, *followed = run_node("built/create.js", project, ADMIN_TOKEN=ADMIN_TOKEN).splitlines()

    assert listed == "new-checkout true\n"
    assert refused.startswith("name The toggle name 'dark mode' may contain only ")
    assert followed == ["created dark-mode", "Created toggle 'dark-mode'."]


def usage_of_the_toggle(server: Server) -> dict[str, Any]:
    """Wait until the report has been aggregated. Return the result of the query on the page."""
    waits_left = 100
    while True:
        toggle = server.graphql(USAGE.text)["toggle"]
        if toggle["lastSeenAt"] is not None or waits_left == 0:
            return toggle
        waits_left -= 1
        time.sleep(0.1)


def at(block: Block, server: Server) -> str:
    """Insert the address and the client token of a server into a program of the page."""
    return block.text.replace("http://127.0.0.1:4242", server.url).replace(
        "CLIENT-TOKEN", server.client_token
    )


def run_python(block: Block, server: Server, folder: Path) -> list[str]:
    """Run a program of a page and return its printed lines."""
    program = folder / "five_minutes.py"
    program.write_text(at(block, server))
    ran = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOME": str(folder)},  # where the SDK caches fetched data
    )
    return ran.stdout.splitlines()
