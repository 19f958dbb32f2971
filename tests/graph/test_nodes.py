"""Each global ID finds its object, and malformed IDs are refused."""

from base64 import b64encode
from typing import Any

import pytest

from graph.ids import encode_id
from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

NODE = "query Again($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query Again($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def fill(store: Store) -> None:
    installation = Installation(store)
    await installation.rich_toggle("checkout")
    await installation.toggle("plain")
    await installation.register("an app: with/odd name", instance_id="one")
    await installation.aggregate()


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with at least one object of each type."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database, which the tests of this module only read."""
    return shared_url_on_each


async def test_every_object_is_found_again_by_its_id(shared_gateway: Gateway) -> None:
    data = await shared_gateway.run(
        """{
          toggles { nodes {
            id type { id } project { id } tags { type { id } }
            environments { id environment { id } strategies { id strategy { id } segments { id } } }
            events(first: 20) { nodes { id } }
          } }
          contextFields { id }
          applications { nodes { id instances { nodes { id } } } }
          apiTokens { nodes { id } }
        }"""
    )
    ids = sorted(set(collect_ids(data)))

    nodes = (await shared_gateway.run(NODES, {"ids": ids}))["nodes"]

    assert [node["id"] for node in nodes] == ids
    assert {node["__typename"] for node in nodes} == {
        "ApiToken",
        "Application",
        "ApplicationInstance",
        "ContextField",
        "Environment",
        "Event",
        "Project",
        "Segment",
        "Strategy",
        "TagType",
        "Toggle",
        "ToggleEnvironment",
        "ToggleStrategy",
        "ToggleType",
    }
    for id in ids[::5]:
        assert (await shared_gateway.run(NODE, {"id": id}))["node"]["id"] == id


def collect_ids(data: Any) -> list[str]:
    if isinstance(data, list):
        return [id for item in data for id in collect_ids(item)]
    if isinstance(data, dict):
        return [
            id
            for key, value in data.items()
            for id in ([value] if key == "id" else collect_ids(value))
        ]
    return []


async def test_an_environment_that_nobody_configured_a_toggle_in_has_an_id(
    shared_gateway: Gateway,
) -> None:
    plain = shared_gateway.store.snapshot.toggles["plain"]
    id = encode_id("ToggleEnvironment", f"{plain.id}/production")

    assert (await shared_gateway.run(NODE, {"id": id}))["node"]["id"] == id


async def test_well_formed_ids_of_nothing_are_null(shared_gateway: Gateway) -> None:
    keys = ["x", "0", "9" * 30, "a/b", "a/b/c", "-1", "x" * 10_000]
    types = ["Toggle", "ToggleEnvironment", "ToggleStrategy", "Segment", "Event", "Application"]
    ids = [encode_id(type, key) for type in [*types, "ApiToken", "Nonsense"] for key in keys]

    assert (await shared_gateway.run(NODES, {"ids": ids}))["nodes"] == [None] * len(ids)


MALFORMED = [
    "",
    "x",
    "näh",
    "VG9nZ2xl",
    b64encode(b"Toggle:").decode(),
    b64encode(b":1").decode(),
    b64encode(b"Toggle:\0").decode(),
    b64encode(b"\xff:1").decode(),
    b64encode(b"__class__:1").decode(),
]


@pytest.mark.parametrize("id", MALFORMED)
async def test_what_is_no_id_is_refused_by_name(shared_gateway: Gateway, id: str) -> None:
    answer = (await shared_gateway.post(NODE, {"id": id})).json()

    (error,) = answer["errors"]
    assert answer["data"] == {"node": None}
    assert error["path"] == ["node"]
    assert error["message"] == f"'{id}' is not the ID of an object."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_malformed_ids_are_null_with_an_error_each_and_the_others_are_answered(
    shared_gateway: Gateway,
) -> None:
    toggle = encode_id("Toggle", shared_gateway.store.snapshot.toggles["plain"].id)
    application = encode_id("Application", "an app: with/odd name")
    unknown = encode_id("Nonsense", "x")
    ids = [toggle, *MALFORMED, unknown, "x", application, toggle]

    answer = (await shared_gateway.post(NODES, {"ids": ids})).json()

    found = [None if node is None else node["id"] for node in answer["data"]["nodes"]]
    assert found == [toggle, *[None] * 11, application, toggle]
    wrong = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert [error["path"] for error in answer["errors"]] == [["nodes", at] for at in wrong]
    assert [error["message"] for error in answer["errors"]] == [
        f"'{ids[at]}' is not the ID of an object." for at in wrong
    ]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}


async def test_a_very_long_malformed_id_is_not_repeated_in_full(shared_gateway: Gateway) -> None:
    answer = (await shared_gateway.post(NODES, {"ids": ["?" * 100_000]})).json()

    (error,) = answer["errors"]
    assert answer["data"] == {"nodes": [None]}
    assert error["message"] == f"'{'?' * 100}' is not the ID of an object."


async def test_a_list_of_malformed_ids_is_answered_with_twenty_errors(
    shared_gateway: Gateway,
) -> None:
    answer = (await shared_gateway.post(NODES, {"ids": ["?"] * 500})).json()

    assert answer["data"] == {"nodes": [None] * 500}
    assert [error["path"] for error in answer["errors"]] == [["nodes", at] for at in range(20)]


async def test_five_hundred_nodes_are_the_most(shared_gateway: Gateway) -> None:
    id = encode_id("Toggle", "x")

    answer = (await shared_gateway.post(NODES, {"ids": [id] * 501})).json()

    assert (
        answer["errors"][0]["message"] == "The list 'ids' has 501 entries; at most 500 are allowed."
    )
