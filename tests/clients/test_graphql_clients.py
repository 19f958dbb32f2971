"""GraphQL clients for JavaScript, with types generated from the schema, on a running server."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from flagstaff.app import run_app
from flagstaff.settings import Settings
from tests.clients.administration import CREATE
from tests.clients.packages import run_node, run_package
from tests.operations import FILES, operations
from tests.server import ADMIN_TOKEN, Server

pytestmark = [pytest.mark.npm, pytest.mark.slow]

SCHEMA = Path(__file__).parents[2] / "schema.graphql"


WRONG_USE = """
import type { ToggleListPageQuery } from '../pages/generated/graphql.js';
export function wrong(list: ToggleListPageQuery): void {
  const length: number = list.toggles.nodes[0]!.name;
  console.log(length, list.toggles.nodes[0]!.colour);
}
"""


@pytest.fixture(scope="session")
def frontend(javascript: Path) -> Path:
    """A folder with the generated types of all pages and with the compiled programs."""
    shutil.copy(SCHEMA, javascript)
    for path in FILES:
        shutil.copy(path, javascript)
    run_package("graphql-codegen", "--config", "codegen.ts", folder=javascript)
    run_package("tsc", "--project", ".", folder=javascript)
    return javascript


@pytest.mark.thorough
def test_every_operation_has_a_typed_document(frontend: Path):
    generated = (frontend / "pages" / "generated" / "graphql.ts").read_text()

    missing = [name for name in operations() if f"export const {name}Document = " not in generated]

    assert missing == []


@pytest.mark.thorough
def test_wrong_use_of_what_a_page_returns_does_not_compile(frontend: Path):
    project = frontend / "wrong"
    project.mkdir()
    (project / "tsconfig.json").write_text('{"extends": "../tsconfig.json", "include": ["."]}')
    (project / "wrong.ts").write_text(WRONG_USE)

    with pytest.raises(AssertionError) as refusal:
        run_package("tsc", "--project", "wrong", "--rootDir", ".", "--noEmit", folder=frontend)

    complaints = re.findall(r"wrong\.ts\((\d+),.*?: error TS\d+: (.{40})", str(refusal.value))
    assert complaints == [
        ("4", "Type 'string' is not assignable to type "),
        ("5", "Property 'colour' does not exist on type"),
    ]


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
    # One request is for the list, and two requests are mutations.
    assert outcome["requests"] == 3


@pytest.mark.thorough
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


@pytest.mark.thorough
async def test_only_the_documents_of_a_frontend_run_where_a_server_trusts_no_others(
    frontend: Path, tmp_path: Path, no_settings: None
):
    manifest = frontend / "pages" / "generated" / "persisted-documents.json"
    texts: dict[str, str] = json.loads(manifest.read_text())
    (list_page,) = (id for id, text in texts.items() if "query ToggleListPage(" in text)
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'flagstaff.db'}",
        init_admin_tokens=(ADMIN_TOKEN,),
        trusted_documents=manifest,
        trusted_documents_only=True,
    )

    async with run_app(settings) as only, client_of(only.app) as client:
        by_id = await client.post(
            "/graphql", json={"documentId": list_page, "variables": {"first": 3}}
        )
        extensions = {"persistedQuery": {"version": 1, "sha256Hash": list_page}}
        by_hash = await client.post("/graphql", json={"extensions": extensions})
        by_text = await client.post("/graphql", json={"query": "{ viewer { canWrite } }"})

    assert by_id.status_code == by_hash.status_code == 200
    assert by_id.json()["data"]["toggles"]["totalCount"] == 0
    assert by_text.status_code == 403
    assert by_text.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://localhost",
        headers={"Authorization": ADMIN_TOKEN},
    )


def _create(server: Server, name: str) -> None:
    payload: Any = server.graphql(CREATE, input={"name": name})["toggleCreate"]
    assert payload["errors"] == []
