"""The source distribution contains everything that building the wheel needs."""

import json
import subprocess
import sys
import tarfile

import pytest

from hatch_build import NOT_SOURCES, SHARED
from tests.server import ROOT


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "sdist"]
    subprocess.run([*command, "--directory", str(folder)], cwd=ROOT, check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        return {name.partition("/")[2] for name in opened.getnames()}


@pytest.mark.thorough
def test_the_sources_of_all_bundles_are_in_it(names: set[str]) -> None:
    workspaces = json.loads((ROOT / "package.json").read_text())["workspaces"]
    sources = {
        path.relative_to(ROOT).as_posix()
        for workspace in workspaces
        for path in (ROOT / workspace).rglob("*")
        if path.is_file() and NOT_SOURCES.isdisjoint(path.relative_to(ROOT).parts)
    }

    assert sources - names == set()
    assert {*SHARED, "hatch_build.py", "pyproject.toml"} - names == set()


def test_no_package_of_npm_is_in_it(names: set[str]) -> None:
    assert [name for name in names if "node_modules" in name.split("/")] == []
