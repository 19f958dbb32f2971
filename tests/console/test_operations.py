"""The operations of the console fit the schema, cost little, and have generated types."""

import json
import re

import pytest
from graphql import OperationDefinitionNode, OperationType, print_ast, validate

from graph.console.page import DOCUMENTS
from graph.engine.documents.persisted import digest_of
from graph.schema import schema
from store import Store
from tests.console.operations import SOURCES, operations
from tests.graph.gateway import gateway_over

OPERATIONS = dict(operations())
MAX_COST = 500
# The largest page that the console loads, and the name of an object. Some operations have other
# values in `VARIABLES`.
PAGE = {"first": 50, "name": "toggle"}
VARIABLES: dict[str, dict[str, object]] = {
    "ToggleNames": {"first": 100},
    "FoundSegments": {"search": ""},
    "FoundToggles": {"search": ""},
    "NewToggle": {"from": "toggle"},
    "ScheduledChanges": {"toggle": "toggle"},
    "WhatIf": {"name": "toggle", "environment": "default", "context": {}},
    "EventDetails": {"id": "RXZlbnQ6MQ=="},
    "ChangeSetPage": {"id": "Q2hhbmdlU2V0OjE=", "first": 50},
    "ChangeSetsPage": {"first": 25},
    "CleanUpToggles": {"first": 50, "hours": 720, "environment": "production"},
    "UnknownNames": {"first": 50, "hours": 720},
    "SegmentPage": {"id": "U2VnbWVudDox", "first": 50},
    "WebhookPage": {"id": "V2ViaG9vazox", "first": 25},
    "LastEvents": {"types": ["PROJECT_DELETED"], "search": "project"},
    "PaletteToggles": {"search": ""},
    "ApplicationUsage": {"name": "application", "hoursBack": 168, "interval": "HOUR"},
    "ToggleUsage": {
        "name": "toggle",
        "environment": "default",
        "hoursBack": 168,
        "interval": "HOUR",
    },
    "PlaygroundPage": {
        "contexts": [{"userId": str(number)} for number in range(4)],
        "environments": ["default"],
        "withChanges": True,
        "onlyAffected": False,
        "first": 50,
    },
    "PlaygroundCell": {
        "context": {},
        "environment": "default",
        "toggle": "toggle",
        "withChanges": True,
    },
}
# An export is no page. Its cost does not depend on what it contains.
QUERIES = [
    name
    for name, document in OPERATIONS.items()
    for definition in document.definitions[:1]
    if isinstance(definition, OperationDefinitionNode)
    and definition.operation is OperationType.QUERY
    and name != "ExportState"
]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_fits_the_schema(name: str) -> None:
    assert validate(schema.graphql, OPERATIONS[name]) == []


def test_each_operation_has_a_name_of_its_own_and_generated_types() -> None:
    files = [file for file in SOURCES.rglob("*.graphql") if file.parent != SOURCES]
    written = [
        name
        for file in files
        for name in re.findall(
            r"^(?:query|mutation|subscription) (\w+)", file.read_text(), re.MULTILINE
        )
    ]
    generated = [
        name
        for file in (SOURCES / "gql").glob("*.ts")
        for name in re.findall(r"^export const (\w+)Document =", file.read_text(), re.MULTILINE)
    ]

    assert len(written) == len(set(written))
    assert sorted(generated) == sorted(written)


@pytest.mark.parametrize("name", QUERIES)
async def test_a_page_costs_little(store: Store, name: str) -> None:
    text = print_ast(OPERATIONS[name])
    async with gateway_over(store) as gateway:
        gateway.client.headers["X-Flagstaff-Cost"] = "1"
        answer = (await gateway.post(text, VARIABLES.get(name, PAGE))).json()

    assert "errors" not in answer
    assert answer["extensions"]["cost"] <= MAX_COST


async def test_a_server_with_only_trusted_documents_runs_those_of_the_build(store: Store) -> None:
    if not DOCUMENTS.is_file():
        pytest.skip("The console is not built; pip install --editable . builds it")
    documents: dict[str, str] = json.loads(DOCUMENTS.read_text(encoding="utf-8"))
    (who,) = [text for text in documents.values() if "query WhoAmI" in text]
    async with gateway_over(store, trusted_only=True) as gateway:
        trusted = await gateway.run(who)
        refused = await gateway.post(who.replace("WhoAmI", "WhoAreYou"))

    assert {id: f"sha256:{digest_of(text)}" for id, text in documents.items()} == {
        id: id for id in documents
    }
    assert len(documents) == len(OPERATIONS)
    assert trusted["viewer"]["canWrite"] is True
    assert refused.status_code == 403
