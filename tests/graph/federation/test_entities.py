"""The server works as a subgraph: routers can read its schema and request entities."""

from typing import Any

import pytest

from graph.engine.documents.limits import Limits
from graph.federation.subgraph import ENTITIES, print_subgraph_sdl
from graph.ids import encode_id
from graph.schema import print_sdl
from store import Store
from tests.graph.conftest import Filled, PreparedDatabase
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.installation import Installation
from tests.statements import counted_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICE = "{ _service { sdl } }"
ENTITY_NAMES = """query Names($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Node { id }
    ... on Toggle { name type { name } environments { environment { name } enabled } }
    ... on Application { name instances { totalCount } }
    ... on Environment { name } ... on Strategy { name } ... on Segment { name }
    ... on Project { name }
  }
}"""


async def fill(store: Store) -> None:
    installation = Installation(store)
    await installation.rich_toggle("checkout")
    for name in ("shop", "an app: with/odd name"):
        await installation.register(name, instance_id="one")
    await installation.aggregate()


@pytest.fixture(scope="session")
def prepared_database(furnished_database: PreparedDatabase, filled: Filled) -> PreparedDatabase:
    """Databases with at least one object of each kind of entity."""
    return filled(furnished_database, fill)


@pytest.fixture(scope="module")
def shared_url(shared_url_on_each: str) -> str:
    """The shared database of each kind, because applications are read by SQL. No test changes the
    database.
    """
    return shared_url_on_each


async def entities(store: Store, *representations: Any, **config: Any) -> dict[str, Any]:
    """Query entities, and return the unparsed answer."""
    async with gateway_over(store, federation=True, **config) as gateway:
        response = await gateway.post(ENTITY_NAMES, {"representations": list(representations)})
        return response.json()


def all_keys(store: Store) -> dict[str, tuple[str, str]]:
    """The name and the ID of one entity of each kind."""
    snapshot = store.snapshot
    segment = next(iter(snapshot.segments.values()))
    names = {
        "Toggle": ("checkout", snapshot.toggles["checkout"].id),
        "Application": ("an app: with/odd name", "an app: with/odd name"),
        "Environment": ("default", "default"),
        "Strategy": ("flexibleRollout", "flexibleRollout"),
        "Segment": (segment.name, str(segment.id)),
        "Project": ("default", "default"),
    }
    return {type: (name, encode_id(type, key)) for type, (name, key) in names.items()}


@pytest.mark.parametrize("document", [SERVICE, "{ _entities(representations: []) { __typename } }"])
async def test_without_federation_its_fields_are_unknown(
    shared_gateway: Gateway, document: str
) -> None:
    answer = (await shared_gateway.post(document)).json()

    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_the_service_answers_what_the_command_prints(shared_store: Store) -> None:
    async with gateway_over(shared_store, federation=True) as gateway:
        data = await gateway.run(SERVICE, token="viewer")
        plain = await gateway.client.get("/schema.graphql", headers=gateway.headers("viewer"))

    assert data == {"_service": {"sdl": print_subgraph_sdl()}}
    assert plain.text == print_sdl()


async def test_the_service_is_for_those_who_may_read_the_schema(shared_store: Store) -> None:
    async with gateway_over(shared_store, federation=True, introspection=False) as gateway:
        refused = (await gateway.post(SERVICE, token="viewer")).json()
        in_a_fragment = (
            await gateway.post(
                "{ ...F } fragment F on Query { x: _service { sdl } viewer { canWrite } }",
                token="viewer",
            )
        ).json()
        welcome = await gateway.run(SERVICE)
        entity = await gateway.run(
            ENTITY_NAMES,
            {"representations": [{"__typename": "Toggle", "name": "checkout"}]},
            token="viewer",
        )

    for answer in (refused, in_a_fragment):
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert "data" not in answer
    assert welcome["_service"]["sdl"]
    assert entity["_entities"][0]["name"] == "checkout"


@pytest.mark.parametrize("token", [None, "client", "frontend", "*:*.unknown"])
async def test_entities_are_for_those_who_may_query(shared_store: Store, token: str | None) -> None:
    async with gateway_over(shared_store, federation=True) as gateway:
        answers = [
            await gateway.post(document, {"representations": []}, token=token)
            for document in (ENTITY_NAMES, SERVICE)
        ]

    assert {answer.status_code for answer in answers} <= {401, 403}


async def test_every_kind_of_entity_is_found_by_name_and_by_id(shared_store: Store) -> None:
    keys = all_keys(shared_store)
    by_name = [{"__typename": type, "name": name} for type, (name, _) in keys.items()]
    by_id = [{"__typename": type, "id": id} for type, (_, id) in keys.items()]
    by_both = [
        {"__typename": type, "id": id, "name": name, "extra": {"ignored": [1]}}
        for type, (name, id) in keys.items()
    ]

    answer = await entities(shared_store, *by_name, *by_id, *by_both)

    assert "errors" not in answer
    found = [
        (entity["__typename"], entity["name"], entity["id"])
        for entity in answer["data"]["_entities"]
    ]
    assert found == [(type, *key) for type, key in keys.items()] * 3


async def test_unknown_entities_are_null(shared_store: Store) -> None:
    keys = all_keys(shared_store)
    unknown = [
        representation
        for type, (name, _) in keys.items()
        for representation in (
            {"__typename": type, "name": "nobody-knows"},
            {"__typename": type, "name": ""},
            {"__typename": type, "name": "x" * 10_000},
            {"__typename": type, "id": encode_id(type, "nobody-knows")},
            {"__typename": type, "id": encode_id(type, "9" * 30)},
            # Keys of two entities.
            {"__typename": type, "id": encode_id(type, "nobody-knows"), "name": name},
            {"__typename": type, "id": keys[type][1], "name": "nobody-knows"},
        )
    ]

    answer = await entities(shared_store, *unknown)

    assert answer == {"data": {"_entities": [None] * len(unknown)}}


async def test_malformed_representations_have_errors_and_the_others_are_answered(
    shared_store: Store,
) -> None:
    good = {"__typename": "Toggle", "name": "checkout"}
    toggle_id = all_keys(shared_store)["Toggle"][1]
    malformed: list[tuple[Any, str]] = [
        (5, "A representation must be an object with '__typename' and a key."),
        ([good], "A representation must be an object with '__typename' and a key."),
        ({}, "A representation needs a '__typename', which must be a string."),
        ({"name": "checkout"}, "A representation needs a '__typename', which must be a string."),
        ({"__typename": 5}, "A representation needs a '__typename', which must be a string."),
        (
            {"__typename": "Event", "id": encode_id("Event", 1)},
            f"'Event' is not an entity of this server; the entities are {', '.join(ENTITIES)}.",
        ),
        (
            {"__typename": "toggle", "name": "checkout"},
            f"'toggle' is not an entity of this server; the entities are {', '.join(ENTITIES)}.",
        ),
        ({"__typename": "Toggle"}, "The representation of a Toggle needs its 'name' or its 'id'."),
        (
            {"__typename": "Toggle", "name": None},
            "The representation of a Toggle needs its 'name' or its 'id'.",
        ),
        ({"__typename": "Segment", "name": 5}, "The key 'name' of a Segment must be a string."),
        ({"__typename": "Segment", "id": [1]}, "The key 'id' of a Segment must be a string."),
        ({"__typename": "Segment", "id": "?"}, "'?' is not the ID of Segment."),
        ({"__typename": "Segment", "id": toggle_id}, f"'{toggle_id}' is not the ID of Segment."),
    ]
    shop = {"__typename": "Application", "name": "shop"}

    answer = await entities(shared_store, good, *(item for item, _ in malformed), shop, good)

    found = [None if entity is None else entity["name"] for entity in answer["data"]["_entities"]]
    assert found == ["checkout", *[None] * len(malformed), "shop", "checkout"]
    assert [(error["path"], error["message"]) for error in answer["errors"]] == [
        (["_entities", at], message) for at, (_, message) in enumerate(malformed, 1)
    ]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}


async def test_representations_may_be_written_into_the_document(shared_store: Store) -> None:
    async with gateway_over(shared_store, federation=True) as gateway:
        data = await gateway.run(
            """query Written($name: String) {
              many: _entities(representations: [
                {__typename: "Toggle", name: "checkout"}, {__typename: "Project", name: $name}
              ]) { ... on Toggle { name } ... on Project { name } }
              one: _entities(representations: {__typename: "Strategy", name: "default"}) {
                __typename
              }
            }""",
            {"name": "default"},
        )

    assert data == {
        "many": [{"name": "checkout"}, {"name": "default"}],
        "one": [{"__typename": "Strategy"}],
    }


async def test_applications_take_one_statement_and_the_rest_none(shared_store: Store) -> None:
    many = [
        *({"__typename": "Toggle", "name": "checkout"} for _ in range(100)),
        *({"__typename": "Application", "name": f"app {number}"} for number in range(100)),
        *({"__typename": "Application", "name": "shop"} for _ in range(100)),
    ]
    async with gateway_over(shared_store, federation=True) as gateway:
        with counted_statements() as statements:
            data = await gateway.run(
                "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
                {"r": many},
            )

    assert [entity and entity["__typename"] for entity in data["_entities"]] == [
        *["Toggle"] * 100,
        *[None] * 100,
        *["Application"] * 100,
    ]
    assert len(statements) == 1


async def test_the_number_of_representations_is_limited(shared_store: Store) -> None:
    one = {"__typename": "Toggle", "name": "checkout"}
    limits = Limits(cost=100_000)

    answer = await entities(shared_store, *[one] * 1_001, limits=limits)
    maximum = await entities(shared_store, *[one] * 1_000, limits=limits)

    (error,) = answer["errors"]
    assert (
        error["message"] == "The list 'representations' has 1001 entries; at most 1000 are allowed."
    )
    assert error["path"] == ["_entities"]
    assert len(maximum["data"]["_entities"]) == 1_000


async def test_each_representation_costs_what_is_selected_of_it(shared_store: Store) -> None:
    document = """query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Toggle { events(first: 9) { nodes { type } } }
    } }"""
    one = {"__typename": "Toggle", "name": "checkout"}
    async with gateway_over(shared_store, federation=True) as gateway:
        headers = {**gateway.headers("admin"), "X-Flagstaff-Cost": "1"}
        body = {"query": document, "variables": {"r": [one] * 7}}
        priced = (await gateway.client.post("/graphql", json=body, headers=headers)).json()
        too_much = (await gateway.post(document, {"r": [one] * 501})).json()

    assert priced["extensions"] == {"cost": 70}
    (error,) = too_much["errors"]
    assert error["extensions"] == {
        "code": "COST_LIMIT",
        "limit": "cost",
        "actual": 5_010,
        "maximum": 5_000,
    }


async def test_introspection_shows_the_fields_of_the_subgraph(shared_store: Store) -> None:
    async with gateway_over(shared_store, federation=True) as gateway:
        data = await gateway.run('{ __type(name: "_Entity") { possibleTypes { name } } }')

    assert [item["name"] for item in data["__type"]["possibleTypes"]] == list(ENTITIES)
