"""Global IDs: every object is found again by its own, and nothing else breaks."""

from base64 import b64encode
from typing import Any

import pytest

from graph.ids import decode_id, encode_id
from store.errors import InvalidError
from tests.graph.gateway import Gateway
from tests.graph.installation import Installation

NODE = "query Again($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query Again($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def test_every_object_is_found_again_by_its_id(gateway: Gateway) -> None:
    installation = Installation(gateway.store)
    await installation.surroundings()
    await installation.rich_toggle("checkout")
    await installation.register("an app: with/odd name", instance_id="one")
    await installation.fold()
    data = await gateway.run(
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

    nodes = (await gateway.run(NODES, {"ids": ids}))["nodes"]

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
        assert (await gateway.run(NODE, {"id": id}))["node"]["id"] == id


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
    gateway: Gateway,
) -> None:
    installation = Installation(gateway.store)
    await installation.surroundings()
    stored = await installation.toggle("t")
    id = encode_id("ToggleEnvironment", f"{stored.id}/production")

    assert (await gateway.run(NODE, {"id": id}))["node"]["id"] == id


async def test_well_formed_ids_of_nothing_are_null(gateway: Gateway) -> None:
    keys = ["x", "0", "9" * 30, "a/b", "a/b/c", "-1", "x" * 10_000]
    types = ["Toggle", "ToggleEnvironment", "ToggleStrategy", "Segment", "Event", "Application"]
    ids = [encode_id(type, key) for type in [*types, "ApiToken", "Nonsense"] for key in keys]

    assert (await gateway.run(NODES, {"ids": ids}))["nodes"] == [None] * len(ids)


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
async def test_what_is_no_id_is_refused_by_name(gateway: Gateway, id: str) -> None:
    for document, variables in ((NODE, {"id": id}), (NODES, {"ids": [id]})):
        answer = (await gateway.post(document, variables)).json()

        (error,) = answer["errors"]
        assert error["message"] == f"'{id}' is not the ID of an object."
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_five_hundred_nodes_are_the_most(gateway: Gateway) -> None:
    id = encode_id("Toggle", "x")

    answer = (await gateway.post(NODES, {"ids": [id] * 501})).json()

    assert answer["errors"][0]["message"] == "The list ids has 501 entries; 500 is the most."


def test_the_id_of_another_type_is_invalid_in_a_mutation() -> None:
    id = encode_id("Toggle", "x")

    assert decode_id(id, "Toggle") == "x"
    with pytest.raises(InvalidError) as caught:
        decode_id(id, "Segment", "Strategy", path=("id",))
    assert caught.value.rule == "id"
    assert caught.value.path == ("id",)
    assert caught.value.message == f"'{id}' is not the ID of Segment or Strategy."
