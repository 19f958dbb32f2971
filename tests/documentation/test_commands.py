"""Commands in the documentation run as written and give the documented answers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.documentation.pages import DOCS, blocks
from tests.server import ADMIN_TOKEN, Server

EXPORTED = DOCS.parent / "tests" / "data" / "unleash-3.17.6-export.json"
IMPORT_AND_EXPORT, *_ = blocks(DOCS / "import-export.md", "sh")
(VALIDATION_ERROR,) = blocks(DOCS / "rest-api.md", "json")
(LIST_INSIDE_AN_OBJECT,) = blocks(DOCS / "graphql.md", "graphql")
RUN = (IMPORT_AND_EXPORT, VALIDATION_ERROR, LIST_INSIDE_AN_OBJECT)


@pytest.mark.thorough
@pytest.mark.slow
def test_the_commands_of_import_and_export_work_in_order(tmp_path: Path) -> None:
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "FLAGSTAFF_DATABASE_URL": f"sqlite:///{tmp_path / 'flagstaff.db'}",
        "PYTHONPATH": str(DOCS.parent),
    }
    printed: list[str] = []
    subprocess.run(["bash", "-c", "flagstaff migrate"], env=environment, check=True)
    for line in IMPORT_AND_EXPORT.text.splitlines():
        if "import" in line:
            shutil.copy(EXPORTED, tmp_path / "state.json")
        ran = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        printed.append(ran.stdout)

    assert "format: flagstaff" in (tmp_path / "flagstaff.yml").read_text()
    assert "+ " in printed[2]


@pytest.mark.thorough
@pytest.mark.slow
def test_a_wrong_name_gets_the_documented_error(server: Server) -> None:
    answer = httpx.post(
        f"{server.url}/api/admin/features",
        json={"name": "not a name"},
        headers={"Authorization": ADMIN_TOKEN},
    )

    assert answer.status_code == 400
    assert answer.json() == json.loads(VALIDATION_ERROR.text)


@pytest.mark.slow
def test_the_query_for_a_list_inside_an_object_works(server: Server) -> None:
    create = 'mutation { toggleCreate(input: { name: "new-checkout" }) { errors { message } } }'

    for query in (create, LIST_INSIDE_AN_OBJECT.text):
        answer = httpx.post(
            f"{server.url}/graphql",
            json={"query": query},
            headers={"Authorization": ADMIN_TOKEN},
        )

    assert answer.json() == {
        "data": {"toggle": {"dependents": [], "dependentCount": 0, "hasMoreDependents": False}}
    }
