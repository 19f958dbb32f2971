"""GraphQL clients for JavaScript, with types generated from the schema, and a running server."""

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.administration import CREATE
from tests.clients.packages import fetch_packages, run_node, run_package
from tests.operations import QUERIES, SURROUNDINGS, operations, without_later
from tests.server import ADMIN_TOKEN, TOKENS, Server

pytestmark = [pytest.mark.npm, pytest.mark.slow]

SOURCES = Path(__file__).parent / "graphql"
SCHEMA = Path(__file__).parents[2] / "schema.graphql"


@pytest.fixture(scope="module")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clients, the types of all pages generated, and the programs compiled."""
    folder = tmp_path_factory.mktemp("frontend")
    fetch_packages(SOURCES, folder, what="what makes a GraphQL frontend")
    shutil.copy(SCHEMA, folder)
    for path in (QUERIES, SURROUNDINGS):
        (folder / path.name).write_text(without_later(path))
    run_package("graphql-codegen", "--config", "codegen.ts", folder=folder)
    run_package("tsc", "--project", ".", folder=folder)
    return folder


def test_every_operation_has_a_typed_document(frontend: Path):
    generated = (frontend / "src" / "generated" / "graphql.ts").read_text()

    missing = [name for name in operations() if f"export const {name}Document = " not in generated]

    assert missing == []


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ("const name: number = list.toggles.nodes[0]!.name;", "not assignable to type 'number'"),
        ("list.toggles.nodes[0]!.colour;", "Property 'colour' does not exist"),
    ],
)
def test_wrong_use_of_what_a_page_returns_does_not_compile(
    frontend: Path, tmp_path: Path, wrong: str, complaint: str
):
    shutil.copytree(frontend, tmp_path / "frontend", symlinks=True, ignore=_packages)
    (tmp_path / "frontend" / "node_modules").symlink_to(frontend / "node_modules")
    (tmp_path / "frontend" / "src" / "wrong.ts").write_text(
        "import type { ToggleListPageQuery } from './generated/graphql.js';\n"
        f"export function wrong(list: ToggleListPageQuery): void {{ {wrong} }}\n"
    )

    with pytest.raises(AssertionError, match=complaint):
        run_package("tsc", "--project", ".", folder=tmp_path / "frontend")


@pytest.mark.parametrize("client", ["apollo", "urql"])
def test_a_switch_moves_on_the_list_without_fetching_it_again(
    frontend: Path, server: Server, client: str
):
    for name in ("one", "two", "three"):
        _create(server, f"{client}.{name}")

    printed = run_node(
        f"built/{client}.js",
        frontend,
        SERVER_URL=server.url,
        ADMIN_TOKEN=ADMIN_TOKEN,
        TOGGLE=f"{client}.two",
    )

    outcome = json.loads(printed)
    listed = outcome["listed"]
    assert listed["enabled"] is False
    assert outcome["refusals"] == [
        {
            "type": "RevisionConflictError",
            "code": "REVISION_CONFLICT",
            "path": ["expectedRevision"],
            "actualRevision": listed["revision"],
        }
    ]
    assert outcome["afterRefusal"] == listed
    assert outcome["afterSwitch"]["enabled"] is True
    assert outcome["afterSwitch"]["revision"] > listed["revision"]
    # The list once, and the two mutations.
    assert outcome["requests"] == 3


def test_apollo_client_sends_a_text_once_and_then_its_hash(frontend: Path, server: Server):
    printed = run_node(
        "built/persisted.js",
        frontend,
        SERVER_URL=server.url,
        ADMIN_TOKEN=ADMIN_TOKEN,
        TOGGLE="persisted.none",
    )

    outcome = json.loads(printed)
    by_hash = {"method": "GET", "sentText": False}
    assert outcome == {
        "first": {
            "exchanges": [
                {**by_hash, "status": 400},
                {"method": "POST", "sentText": True, "status": 200},
            ],
            "shown": True,
        },
        "second": {"exchanges": [{**by_hash, "status": 200}], "shown": True},
        "plain": {"exchanges": [{**by_hash, "status": 200}], "shown": True},
    }


def test_a_server_runs_only_the_documents_of_a_frontend(frontend: Path, tmp_path: Path):
    manifest = frontend / "src" / "generated" / "persisted-documents.json"
    texts: dict[str, str] = json.loads(manifest.read_text())
    (list_page,) = (id for id, text in texts.items() if "query ToggleListPage(" in text)
    variables = {
        **TOKENS,
        "FLAGSTAFF_TRUSTED_DOCUMENTS": str(manifest),
        "FLAGSTAFF_TRUSTED_DOCUMENTS_ONLY": "true",
    }

    with Server(tmp_path, **variables) as only:

        def ask(**body: Any) -> httpx.Response:
            headers = {"Authorization": ADMIN_TOKEN}
            return httpx.post(f"{only.url}/graphql", json=body, headers=headers)

        by_id = ask(documentId=list_page, variables={"first": 3})
        by_hash = ask(extensions={"persistedQuery": {"version": 1, "sha256Hash": list_page}})
        by_text = ask(query="{ viewer { canWrite } }")

    assert by_id.status_code == by_hash.status_code == 200
    assert by_id.json()["data"]["toggles"]["totalCount"] == 0
    assert by_text.status_code == 403
    assert by_text.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


def _create(server: Server, name: str) -> None:
    payload: Any = server.graphql(CREATE, input={"name": name})["toggleCreate"]
    assert payload["errors"] == []


def _packages(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "node_modules"]
