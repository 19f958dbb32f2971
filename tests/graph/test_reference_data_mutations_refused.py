"""Changes of strategy definitions, environments and API tokens that are refused."""

from typing import Any

import pytest

from graph.ids import encode_id
from store import Store
from store.model import SYSTEM
from store.operations.strategies import create_strategy
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with a strategy `own`."""

    async def fill(store: Store) -> None:
        async with store.write(SYSTEM) as work:
            await create_strategy(work, name="own")

    return filled(gateway_database, fill)


@pytest.mark.parametrize(
    ("mutation", "input"),
    [
        ("strategyDelete", {"name": "flexibleRollout"}),
        ("strategyUpdate", {"name": "flexibleRollout", "title": "Mine"}),
        ("strategyUpdate", {"name": "default", "deprecated": True}),
    ],
)
async def test_a_built_in_strategy_stays_unchanged(
    shared_gateway: Gateway, mutation: str, input: dict[str, Any]
) -> None:
    error = await shared_gateway.refusal(mutation, input)

    assert (error["__typename"], error["code"]) == ("OtherUserError", "BUILT_IN")


@pytest.mark.parametrize("field", ["title", "description", "parameters", "deprecated"])
async def test_null_in_a_strategy_definition_is_refused(
    shared_gateway: Gateway, field: str
) -> None:
    error = await shared_gateway.refusal("strategyUpdate", {"name": "own", field: None})

    assert (error["rule"], error["path"]) == ("not-null", [field])


@pytest.mark.parametrize(
    ("mutation", "input", "code", "path"),
    [
        ("environmentCreate", {"name": "a b"}, "INVALID", ["name"]),
        ("environmentCreate", {"name": "default"}, "ALREADY_EXISTS", ["name"]),
        ("environmentCreate", {"name": "x", "copyFrom": "nowhere"}, "NOT_FOUND", ["copyFrom"]),
        ("environmentUpdate", {"name": "nowhere"}, "NOT_FOUND", ["name"]),
        ("environmentUpdate", {"name": "default", "enabled": False}, "BUILT_IN", ["enabled"]),
        ("environmentUpdate", {"name": "default", "sortOrder": -1}, "INVALID", ["sortOrder"]),
        ("environmentUpdate", {"name": "default", "type": None}, "INVALID", ["type"]),
        ("environmentUpdate", {"name": "default", "enabled": None}, "INVALID", ["enabled"]),
        ("environmentUpdate", {"name": "default", "sortOrder": None}, "INVALID", ["sortOrder"]),
        (
            "environmentUpdate",
            {"name": "default", "sortOrder": 3, "expectedRevision": 99},
            "REVISION_CONFLICT",
            ["expectedRevision"],
        ),
        ("strategyCreate", {"name": ""}, "INVALID", ["name"]),
        ("strategyCreate", {"name": "default"}, "ALREADY_EXISTS", ["name"]),
        (
            "strategyCreate",
            {"name": "s", "parameters": [{"name": "p"}, {"name": "p"}]},
            "INVALID",
            ["parameters", "1", "name"],
        ),
        ("strategyUpdate", {"name": "nothing"}, "NOT_FOUND", ["name"]),
        ("strategyDelete", {"name": "nothing"}, "NOT_FOUND", ["name"]),
        ("apiTokenCreate", {"name": "", "type": "CLIENT"}, "INVALID", ["name"]),
        (
            "apiTokenCreate",
            {"name": "x", "type": "CLIENT", "environment": "nowhere"},
            "NOT_FOUND",
            ["environment"],
        ),
        (
            "apiTokenCreate",
            {"name": "x", "type": "FRONTEND", "projects": ["default", "none"]},
            "NOT_FOUND",
            ["projects", "1"],
        ),
        (
            "apiTokenCreate",
            {"name": "x", "type": "ADMIN", "projects": ["default"]},
            "INVALID",
            ["projects"],
        ),
        (
            "apiTokenCreate",
            {"name": "x", "type": "CLIENT", "expiresAt": "2001-01-01T00:00:00Z"},
            "INVALID",
            ["expiresAt"],
        ),
        ("apiTokenRevoke", {"id": "nonsense"}, "INVALID", ["id"]),
        ("apiTokenRevoke", {"id": encode_id("Toggle", "t")}, "INVALID", ["id"]),
        ("apiTokenRevoke", {"id": encode_id("ApiToken", "x")}, "NOT_FOUND", ["id"]),
    ],
)
async def test_bad_input_is_refused_with_code_and_path(
    shared_gateway: Gateway, mutation: str, input: dict[str, Any], code: str, path: list[str]
) -> None:
    error = await shared_gateway.refusal(mutation, input)

    assert (error["code"], error["path"]) == (code, path)
    assert error["message"].endswith(".")
