"""The wheel has the expected content, and the installed server works."""

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from urllib.parse import urljoin
from zipfile import ZipFile

import httpx
import pytest

from flagstaff.pages.bundle import BUNDLE, PAGES
from graph.console.page import BUNDLE as CONSOLE
from graph.ide.page import BUNDLE as GRAPHIQL
from hatch_build import SHARED
from tests.server import ROOT, Server

pytestmark = [pytest.mark.npm, pytest.mark.slow]

PACKAGES = ("flagstaff", "graph", "rest_compat", "store")
FILES = (
    *(".gitignore", "LICENSE", "README.md", "hatch_build.py", "pyproject.toml"),
    *("tests/__init__.py", "tests/conftest.py"),
    *SHARED,
)
SOURCES = ("graph/ide/sources/", "graph/console/sources/", "flagstaff/pages/sources/")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files of a wheel, and some other files."""
    if not (GRAPHIQL.is_dir() and CONSOLE.is_dir() and BUNDLE.is_dir()):
        pytest.skip("The pages are not built; pip install --editable . builds them")
    folder = tmp_path_factory.mktemp("packaging") / "sources"
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "dist")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    # `make docs` builds this folder.
    guide = folder / "flagstaff" / "guide" / "site"
    guide.mkdir(exist_ok=True)
    (guide / "index.html").touch()
    for name in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(sources: Path) -> Path:
    """The wheel; bundles are built again only if their sources have changed."""
    folder = sources.parent
    _run_pip("wheel", "--no-build-isolation", "--wheel-dir", str(folder), str(sources))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel."""
    folder = tmp_path_factory.mktemp("installed")
    _run_pip("install", "--target", str(folder), str(wheel))
    return folder


@pytest.fixture(scope="module")
def server(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that runs from the installed wheel."""
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, FLAGSTAFF_LOG_LEVEL="debug", PYTHONPATH=str(installed)) as running:
        yield running


def _run_pip(command: str, *arguments: str) -> None:
    """Run pip with the packages of this environment only."""
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "pip", command, *offline, *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
    )


def test_all_of_the_packages_is_in_it_but_the_sources_of_bundles(
    wheel: Path, sources: Path
) -> None:
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = {
        path.relative_to(sources).as_posix()
        for package in PACKAGES
        for path in (sources / package).rglob("*")
        if path.is_file()
    }

    assert names == {name for name in files if not name.startswith(SOURCES)}
    assert names >= {"graph/ide/bundle/index.html", "store/migrations/script.py.mako"}
    assert names >= {f"graph/console/bundle/{file}" for file in ("index.html", "documents.json")}
    assert names >= {f"flagstaff/pages/bundle/{file}" for file in PAGES.values()}
    assert "flagstaff/guide/site/index.html" in names


def test_its_metadata_name_the_command_and_the_license(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        read = {name.partition("/")[2]: name for name in archive.namelist() if "dist-info/" in name}
        metadata = Parser().parsestr(archive.read(read["METADATA"]).decode())
        commands = archive.read(read["entry_points.txt"]).decode()

    assert metadata["Name"] == "flagstaff"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert "licenses/LICENSE" in read
    assert "flagstaff = flagstaff.__main__:main" in commands


@pytest.mark.parametrize(
    ("path", "bundle"),
    [
        ("/graphql", "graph/ide/bundle"),
        ("/console/toggles", "graph/console/bundle"),
        *((path, "flagstaff/pages/bundle") for path in PAGES),
    ],
)
def test_what_is_installed_serves_its_pages(
    server: Server, installed: Path, path: str, bundle: str
) -> None:
    with httpx.Client(base_url=server.url, verify=False) as client:
        page = client.get(path, headers={"Accept": "text/html"})
        script = page.text.partition('src="')[2].partition('"')[0]
        asset = client.get(urljoin(str(page.url), script))

    script_file = installed / bundle / "assets" / f"{Path(script).name}.gz"
    assert asset.status_code == 200
    assert asset.content == gzip.decompress(script_file.read_bytes())
    assert asset.headers["content-type"] == "text/javascript; charset=utf-8"


def test_what_is_installed_answers_graphql(server: Server) -> None:
    assert server.graphql("{ viewer { canWrite } }") == {"viewer": {"canWrite": True}}
