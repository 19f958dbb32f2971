"""Global IDs: every object is found again by its own, and nothing else breaks."""

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
    await installation.fold()


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """At least one object of each type."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """Nothing here changes what there is."""
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


@pytest.mark.parametrize(
    "id",
    [
        "",
        "x",
        "näh",
        "VG9nZ2xl",
        b64encode(b"Toggle:").decode(),
        b64encode(b":1").decode(),
        b64encode(b"Toggle:\0").decode(),
        b64encode(b"\xff:1").decode(),
        b64encode(b"__class__:1").decode(),
    ],
)
async def test_what_is_no_id_is_refused_by_name(shared_gateway: Gateway, id: str) -> None:
    for document, variables in ((NODE, {"id": id}), (NODES, {"ids": [id]})):
        answer = (await shared_gateway.post(document, variables)).json()

        (error,) = answer["errors"]
        assert error["message"] == f"'{id}' is not the ID of an object."
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_five_hundred_nodes_are_the_most(shared_gateway: Gateway) -> None:
    id = encode_id("Toggle", "x")

    answer = (await shared_gateway.post(NODES, {"ids": [id] * 501})).json()

    assert answer["errors"][0]["message"] == "The list ids has 501 entries; 500 is the most."
