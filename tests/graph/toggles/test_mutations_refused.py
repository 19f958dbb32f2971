"""Refused changes of toggles over GraphQL, and the code, rule and path of each error."""

from typing import Any

import pytest

from graph.ids import encode_id
from store import Store
from store.model import SYSTEM
from store.operations.toggles import archive_toggle, create_toggle
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES_REFUSED = [
    ("", "name-length"),
    ("a" * 101, "name-length"),
    ("two words", "name-pattern"),
    ("tab\tbed", "name-pattern"),
    ("zürich", "name-pattern"),
    ("a/b", "name-pattern"),
    ("<script>", "name-pattern"),
    (".", "name-reserved"),
    ("..", "name-reserved"),
]


@pytest.fixture(scope="module")
def prepared_database(gateway_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with the toggles `live` and `archived`, whose names state their status."""

    async def fill(store: Store) -> None:
        async with store.write(SYSTEM) as work:
            for name in ("live", "archived"):
                await create_toggle(work, name=name)
        async with store.write(SYSTEM) as work:
            await archive_toggle(work, "archived")

    return filled(gateway_database, fill)


@pytest.mark.parametrize(("name", "rule"), NAMES_REFUSED)
async def test_a_name_that_addresses_cannot_hold_is_refused(
    shared_gateway: Gateway, name: str, rule: str
) -> None:
    error = await shared_gateway.refusal("toggleCreate", {"name": name})

    assert (error["code"], error["path"], error["rule"]) == ("INVALID", ["name"], rule)
    assert error["message"].endswith(".")


@pytest.mark.parametrize("archived", [False, True], ids=["live", "archived"])
async def test_a_taken_name_is_refused_with_the_toggle_that_has_it(
    shared_gateway: Gateway, archived: bool
) -> None:
    name = "archived" if archived else "live"
    existing = shared_gateway.store.snapshot.toggles[name]

    error = await shared_gateway.refusal("toggleCreate", {"name": name})

    assert error.pop("message")
    assert error == {
        "__typename": "AlreadyExistsError",
        "code": "ALREADY_EXISTS",
        "path": ["name"],
        "archived": archived,
        "existing": {"__typename": "Toggle", "id": encode_id("Toggle", existing.id)},
    }


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("type", "no-such-type", ["type"]),
        ("project", "no-such-project", ["project"]),
        ("environment", "no-such-environment", ["environment"]),
        ("strategies", [{"name": "no-such-strategy"}], ["strategies", "0", "name"]),
        ("tags", [{"type": "no-such-tag-type", "value": "x"}], ["tags", "0", "type"]),
    ],
)
async def test_what_a_new_toggle_refers_to_must_exist(
    shared_gateway: Gateway, field: str, value: Any, path: list[str]
) -> None:
    error = await shared_gateway.refusal("toggleCreate", {"name": "t", field: value})

    assert (error["__typename"], error["code"], error["path"]) == (
        "NotFoundError",
        "NOT_FOUND",
        path,
    )
    assert error["name"].startswith("no-such-")
    assert error["name"] in error["message"]


async def test_all_errors_of_an_input_are_reported_at_once(shared_gateway: Gateway) -> None:
    errors = await shared_gateway.refusals(
        "toggleCreate",
        {
            "name": "not a name",
            "type": "no-such-type",
            "environment": "no-such-environment",
            "strategies": [
                {"name": "default"},
                {
                    "name": "no-such-strategy",
                    "segments": ["no-id"],
                    "parameters": [{"name": "p", "value": "1"}, {"name": "p", "value": "2"}],
                    "constraints": [
                        {"contextName": "n", "operator": "NUM_GT", "values": ["1", "2"]}
                    ],
                    "variants": [{"name": "v", "weightType": "FIX", "weight": 1001}],
                },
            ],
            "variants": [{"name": "a"}, {"name": "a"}],
        },
    )

    assert {(error["code"], tuple(error["path"])) for error in errors} == {
        ("INVALID", ("name",)),
        ("NOT_FOUND", ("type",)),
        ("NOT_FOUND", ("environment",)),
        ("NOT_FOUND", ("strategies", "1", "name")),
        ("INVALID", ("strategies", "1", "segments", "0")),
        ("INVALID", ("strategies", "1", "parameters", "1", "name")),
        ("INVALID", ("strategies", "1", "constraints", "0", "values")),
        ("INVALID", ("strategies", "1", "variants", "0", "weight")),
        ("INVALID", ("variants", "1", "name")),
    }


@pytest.mark.parametrize(
    "mutation", ["toggleUpdate", "toggleArchive", "toggleRevive", "toggleDelete"]
)
async def test_an_unknown_toggle_is_not_found(shared_gateway: Gateway, mutation: str) -> None:
    error = await shared_gateway.refusal(mutation, {"name": "nobody"})

    assert (error["code"], error["path"], error["name"]) == ("NOT_FOUND", ["name"], "nobody")


@pytest.mark.parametrize("field", ["description", "type", "project", "impressionData", "stale"])
async def test_null_for_a_field_that_cannot_be_removed_is_refused(
    shared_gateway: Gateway, field: str
) -> None:
    error = await shared_gateway.refusal("toggleUpdate", {"name": "live", field: None})

    assert (error["code"], error["rule"], error["path"]) == ("INVALID", "not-null", [field])


@pytest.mark.parametrize(
    ("mutation", "name"),
    [("toggleRevive", "live"), ("toggleDelete", "live"), ("toggleArchive", "archived")],
)
async def test_a_change_that_the_state_does_not_allow_is_refused(
    shared_gateway: Gateway, mutation: str, name: str
) -> None:
    error = await shared_gateway.refusal(mutation, {"name": name})

    assert (error["__typename"], error["code"]) == ("OtherUserError", "WRONG_STATE")
    assert error["path"] == ["name"]
