"""Clients that are generated from the OpenAPI document work."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from flagstaff.openapi.document import build_document
from tests.clients.packages import fetch_packages, run_package
from tests.openapi.seed import TOKENS
from tests.openapi.servers import prepare_database, seeded_server

SOURCES = Path(__file__).with_name("typescript")
# The generators do not support these features, and omit the features from operations.
UNSUPPORTED = ["Unsupported content type application/yaml"]

PROGRAM = """\
import os
from http import HTTPStatus

from generated.api.admin_toggles_of_a_project import archive_feature, create_feature, get_feature
from generated.client import AuthenticatedClient
from generated.models import CreateFeatureBody, Error, ProjectFeature

client = AuthenticatedClient(os.environ["URL"], token=os.environ["TOKEN"])
body = CreateFeatureBody(name="generated", description="Made by a generated client.")

created = create_feature.sync("default", client=client, body=body)
read = get_feature.sync("default", "generated", client=client)
archived = archive_feature.sync_detailed("default", "generated", client=client)
missing = get_feature.sync_detailed("default", "generated", client=client)

assert isinstance(created, ProjectFeature) and created.name == "generated", created
assert isinstance(read, ProjectFeature), read
assert read.description == "Made by a generated client."
assert {environment.name for environment in read.environments} > {"production"}
assert archived.status_code is HTTPStatus.ACCEPTED
assert missing.status_code is HTTPStatus.NOT_FOUND
assert isinstance(missing.parsed, Error) and missing.parsed.name == "NotFoundError"
"""


@pytest.fixture
def document_file(tmp_path: Path) -> Path:
    """The document in a file."""
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(build_document()), encoding="utf-8")
    return file


@pytest.mark.thorough
@pytest.mark.slow
def test_a_python_client_creates_reads_and_archives_a_toggle(
    document_file: Path, tmp_path: Path
) -> None:
    said = run_python(
        *("-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(document_file), "--output-path", "generated"),
        folder=tmp_path,
    )
    functions = [file for file in tmp_path.glob("generated/api/*/*.py") if file.stem != "__init__"]

    with seeded_server(prepare_database(new_folder(tmp_path, "prepared")), tmp_path) as server:
        run_python("-c", PROGRAM, folder=tmp_path, URL=server.url, TOKEN=TOKENS["adminToken"])

    assert re.findall(r"^(?:Unsupported|Cannot|Unable).*", said, re.MULTILINE) == UNSUPPORTED
    assert len(functions) == sum(map(len, build_document()["paths"].values()))


def new_folder(folder: Path, name: str) -> Path:
    """Create a new folder in another folder."""
    made = folder / name
    made.mkdir()
    return made


def run_python(*arguments: str, folder: Path, **variables: str) -> str:
    """Run Python in a folder and return its output."""
    # The generator formats its code with the ruff that is installed with this Python.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.mark.thorough
@pytest.mark.npm
@pytest.mark.slow
def test_types_for_typescript_are_those_of_the_routes(tmp_path: Path, document_file: Path) -> None:
    folder = new_folder(tmp_path, "typescript")
    fetch_packages(SOURCES, folder, what="openapi-typescript")

    run_package("openapi-typescript", str(document_file), "-o", "api.d.ts", folder=folder)
    run_package("tsc", "-p", ".", folder=folder)
