"""The configuration is exported as a document."""

import json
from typing import Any

import pytest
import yaml

from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.state_documents import EXPORT, export, something_to_export

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with toggles to export."""
    return filled(furnished_database, something_to_export)


@pytest.mark.parametrize("token", ["admin", "viewer"])
async def test_the_export_is_text_and_json_at_once(shared_gateway: Gateway, token: str) -> None:
    exported = await export(shared_gateway, token)

    assert exported["version"] == 1
    assert exported["mediaType"] == "application/json"
    assert exported["fileName"].endswith(".json")
    assert (exported["toggleCount"], exported["strategyCount"]) == (2, 1)
    assert json.loads(exported["content"]) == exported["document"]
    assert [toggle["name"] for toggle in exported["document"]["toggles"]] == ["plain", "rich"]


async def test_the_export_says_the_same_in_yaml(shared_gateway: Gateway) -> None:
    exported = await export(shared_gateway, format="YAML")

    assert exported["mediaType"] == "application/yaml"
    assert exported["fileName"].endswith(".yaml")
    loaded = yaml.safe_load(exported["content"])
    assert loaded["toggles"] == exported["document"]["toggles"]


@pytest.mark.parametrize(
    ("arguments", "toggles", "strategies"),
    [
        ({"filter": {"names": ["plain"]}}, ["plain"], 1),
        ({"filter": {"archived": True}}, ["old"], 1),
        ({"toggles": False}, [], 1),
        ({"strategies": False}, ["plain", "rich"], 0),
    ],
)
async def test_the_export_holds_what_is_requested(
    shared_gateway: Gateway,
    arguments: Any,
    toggles: list[str],
    strategies: int,
) -> None:
    exported = await export(shared_gateway, **arguments)

    assert [item["name"] for item in exported["document"].get("toggles", ())] == toggles
    assert exported["strategyCount"] == strategies


async def test_the_export_of_one_environment_knows_no_other(shared_gateway: Gateway) -> None:
    exported = await export(shared_gateway, environments=["production"])

    configured = {
        environment["environment"]
        for toggle in exported["document"]["toggles"]
        for environment in toggle["environments"]
    }
    assert configured == {"production"}


@pytest.mark.parametrize(
    "arguments", [{"environments": ["nowhere"]}, {"filter": {"names": ["x"] * 501}}]
)
async def test_what_cannot_be_exported_is_refused(shared_gateway: Gateway, arguments: Any) -> None:
    response = await shared_gateway.post(EXPORT, arguments)

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_export_costs_no_statement(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(Store, "read", lambda _: pytest.fail("the database was read"))

    assert (await export(shared_gateway))["toggleCount"] == 2
