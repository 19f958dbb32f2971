"""The examples of `docs/answers/` give the documented output.

The examples of a page run in order on a new server. A block in the language `json` or `text` is the
expected output of the block before it. `…` matches any string.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from store.usage import sdks
from tests.documentation.pages import DOCS, ROOT, Block, blocks
from tests.server import (
    ADMIN_TOKEN,
    CLIENT_TOKEN,
    FRONTEND_TOKEN,
    TOKENS,
    ForkedServer,
    Server,
)

PAGES = sorted((DOCS / "answers").glob("*.md"))
RUN = tuple(
    block for page in PAGES for block in blocks(page) if block.language in ("graphql", "sh", "json")
)
ANY = "…"
# Reports are aggregated once a second.
MAX_TRIES = 50
PAUSE_S = 0.2


@pytest.mark.sample(2)
@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page)], ids=lambda page: page.stem
)
def test_the_examples_of_a_page_give_the_results_that_it_shows(page: Path, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    variables = {**TOKENS, "FLAGSTAFF_INIT_FRONTEND_TOKENS": FRONTEND_TOKEN}
    with ForkedServer(tmp_path, **variables) as server:
        steps = blocks(page)
        for position, step in enumerate(steps):
            following = steps[position + 1] if position + 1 < len(steps) else None
            if step.language in ("json", "text"):
                continue
            assert step.language in ("graphql", "sh"), f"{page.name} has a block of {step.language}"
            check(step, following, server, tmp_path)


def test_a_differing_result_is_noticed() -> None:
    assert matches({"at": ANY, "list": [1, {"a": None}]}, {"at": "now", "list": [1, {"a": None}]})
    assert not matches({"at": ANY}, {"at": 1})
    assert not matches({"a": 1}, {"a": 1, "b": 2})
    assert not matches({"a": 1, "b": 2}, {"a": 1})
    assert not matches([1], [1, 2])
    assert not matches({"a": True}, {"a": 1})
    assert not matches("on", "off")


def check(step: Block, following: Block | None, server: Server, folder: Path) -> None:
    """Run a block until its output is as expected. If no output is expected, run the block once."""
    expected = following if following and following.language in ("json", "text") else None
    output = run(step, server, folder)
    if expected is None:
        assert '"message"' not in output, f"{step.text}\nis answered with {output}"
        return
    for _ in range(MAX_TRIES):
        if agrees(expected, output) or is_change(step):
            break
        time.sleep(PAUSE_S)
        output = run(step, server, folder)
    assert agrees(expected, output), f"{step.text}\nis answered with {output}"


def is_change(step: Block) -> bool:
    """Whether a block must not run twice."""
    return step.text.startswith("mutation")


def run(step: Block, server: Server, folder: Path) -> str:
    """Run a block and return its output."""
    if step.language == "graphql":
        return server.request("POST", "/graphql", json={"query": step.text}).text
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step.text.replace("http://127.0.0.1:4242", server.url)],
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "FLAGSTAFF_DATABASE_URL": f"sqlite:///{folder / 'flagstaff.db'}",
            "ADMIN_TOKEN": ADMIN_TOKEN,
            "CLIENT_TOKEN": CLIENT_TOKEN,
            "FRONTEND_TOKEN": FRONTEND_TOKEN,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def agrees(expected: Block, output: str) -> bool:
    """Whether an output equals the output on a page. The indentation of text is ignored."""
    if expected.language == "text":
        return expected.text.split() == output.split()
    return matches(json.loads(expected.text), json.loads(output))


def matches(expected: Any, actual: Any) -> bool:
    """Whether two JSON values are equal. `…` equals any string."""
    if expected == ANY:
        return isinstance(actual, str)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(
            matches(expected[key], actual[key]) for key in expected
        )
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(matches, expected, actual))
    return type(expected) is type(actual) and expected == actual


def test_the_page_about_sdks_names_the_versions_that_the_tests_install() -> None:
    text = (DOCS / "answers" / "tested-sdks.md").read_text(encoding="utf-8")
    packages: dict[str, str] = {}
    for folder in ("clients/javascript", "clients/proxy", "specification"):
        package = json.loads((ROOT / "tests" / folder / "package.json").read_text("utf-8"))
        packages |= package["dependencies"] | package.get("devDependencies", {})
    python = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = "\n".join(python["optional-dependencies"]["dev"])
    oldest = dict(re.findall(r"^([\w-]+)(?:\[\w+\])?>=([\d.]+)$", declared, re.MULTILINE))

    named = re.findall(r"`([@\w/-]+)`(?: \((?:\w+)\) \||)[ |]+(\d[\d.]*\d)( or later)?", text)
    named += re.findall(r"`(yggdrasil-engine)` \((\d[\d.]*\d)( or later)\)", text)

    versions = {name: version for name, version, _ in named}
    assert versions == {name: (packages | oldest)[name] for name in versions}
    assert len(versions) >= 14
    for name, _, later in named:
        assert bool(later) == (name in oldest)


def test_the_page_about_sdks_names_the_versions_below_which_an_instance_is_outdated() -> None:
    text = (DOCS / "answers" / "tested-sdks.md").read_text(encoding="utf-8")
    names = {".NET": "unleash-client-dotnet", "Unleash Edge": "unleash-edge"}

    rows = re.findall(r"^\| ([.\w ]+) \| (\d+)\.(\d+)\.(\d+) \|$", text, re.MULTILINE)

    assert {names.get(language, f"unleash-client-{language.lower()}") for language, *_ in rows} == {
        name for name in sdks._OLDEST_BY_NAME if not name.endswith("-sdk")
    }
    for language, *version in rows:
        name = names.get(language, f"unleash-client-{language.lower()}")
        assert sdks._OLDEST_BY_NAME[name] == tuple(map(int, version))
