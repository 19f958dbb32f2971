"""The OpenAPI document is generated from the routes, and responses match it."""

from http import HTTPStatus
from typing import Any

import pytest
from msgspec import Struct

from rest_compat.app import tables
from rest_compat.http.errors import BadDataError, ErrorJson, FilterError, RestError
from rest_compat.http.operation import Answer, Body, Parameter, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.openapi.components import OPTIONAL_BODY, Components
from rest_compat.openapi.paths import describe_routes
from store import Store
from store.model import DEFAULT_ENVIRONMENT, SYSTEM, ApiTokenType
from store.operations.dependencies import set_dependencies
from store.operations.fields import WebhookFields
from store.operations.inputs import StrategySpec
from store.operations.segments import create_segment
from store.operations.tags import change_tags, create_tag
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.webhooks import create_webhook
from store.usage.reports import ToggleCounts
from store.values import Constraint, Dependency, Tag, Variant, VariantPayload
from tests.rest_compat.conftest import SECRETS, MakeClient, begins_with
from tests.store.usage.reporting import registration_report, usage_report

PARAMETERS = {
    "project": "default",
    "environment": DEFAULT_ENVIRONMENT,
    "segment": "1",
    "token": "client",
    "type": "simple",
    "value": "red",
    "id": "1",
}
# The parameter `name` has a value for each part of a path before the parameter.
NAMES = {
    "strategies": "default",
    "context": "userId",
    "tag-types": "simple",
    "applications": "shop",
}
# These paths return endless answers, or answers without JSON.
WITHOUT_JSON = {"/api/client/streaming", "/ofrep/v1/events", "/api/frontend/health"}
WITHOUT_JSON |= {"/api/frontend/client/features"}


def described(*routes: RouteTable) -> tuple[dict[str, Any], Components]:
    """The paths of some routes and the components."""
    components = Components()
    return describe_routes(routes, components), components


async def fill(store: Store) -> None:
    """Create objects of all kinds, with and without their optional parts."""
    constraint = Constraint("userId", "IN", values=("1", "2"), inverted=True)
    variant = Variant("blue", 1000, payload=VariantPayload("string", "x"))
    now = store.clock()
    async with store.write(SYSTEM) as work:
        segment = await create_segment(work, name="beta")
        await create_webhook(work, WebhookFields(name="chat", receiver_url="https://a.example/"))
        await create_tag(work, Tag("simple", "red"))
        for name in ("bare", "gone", "live"):
            await create_toggle(work, name=name, enabled=True)
        await create_toggle(
            work,
            name="full",
            enabled=True,
            strategies=[
                StrategySpec(
                    name="flexibleRollout",
                    title="Half",
                    parameters={"rollout": "50"},
                    constraints=(constraint,),
                    segments=(segment.id,),
                    variants=(variant,),
                ),
                StrategySpec(name="default", disabled=True),
            ],
            variants=(variant,),
        )
        await change_tags(work, "full", add=[Tag("simple", "red")])
        await set_dependencies(work, "full", [Dependency("bare", True, ())])
        await archive_toggle(work, "gone")
    await store.journal.add(
        registration_report(instance_id="i-1", received_at=now),
        usage_report({"full": ToggleCounts(1), "unheard": ToggleCounts(2)}, received_at=now),
    )
    await store.aggregate_now()


def address(path: str, store: Store) -> str:
    """Replace the parameters in a path with the names and IDs of existing objects."""
    steps = path.split("/")
    for at, step in enumerate(steps):
        if step == ":name":
            steps[at] = NAMES.get(steps[at - 1], "full")
        elif step == ":strategy":
            configured = store.snapshot.toggles["full"].in_environment(DEFAULT_ENVIRONMENT)
            steps[at] = configured.strategies[0].id
        elif step.startswith(":"):
            steps[at] = PARAMETERS[step[1:]]
    return "/".join(steps)


GETS = sorted(path for table in tables("") for path, methods in table.items() if "GET" in methods)


@pytest.mark.parametrize("path", [get for get in GETS if get not in WITHOUT_JSON])
@begins_with(fill)
async def test_responses_are_as_the_document_says(
    store: Store, make_client: MakeClient, path: str
) -> None:
    part = path.split("/")[2] if path.count("/") > 1 else "admin"
    kind = {"client": ApiTokenType.CLIENT, "frontend": ApiTokenType.FRONTEND}.get(part)
    token = SECRETS[kind, DEFAULT_ENVIRONMENT] if kind else SECRETS[ApiTokenType.ADMIN, None]

    answer = await make_client(token).get(address(path, store))

    # The client compares the answer with the document.
    assert answer.status_code == HTTPStatus.OK, answer.text


class ThingJson(Struct, kw_only=True, rename="camel"):
    """The thing, in one
    sentence.

    This is for developers.
    """

    version: int = 1
    long_name: str


class AnythingJson(Struct):
    """Any values."""

    values: tuple[Any, ...]


class BusyError(RestError):
    """The thing is busy.

    This is for developers.
    """

    status = HTTPStatus.CONFLICT
    model = None


class OtherError(BusyError):
    """Another thing is busy."""


class TakenError(BusyError):
    """The thing is taken."""

    model = ErrorJson
    example = "Ada has the thing."


async def handle(request: Request) -> Response:
    """Do something to a
    thing.

    It takes a while.

    So wait.

    Raises: BusyError.
    """
    return Response(200)


def test_the_docstring_of_a_handler_describes_the_route() -> None:
    routes = RouteTable("things")
    routes.route("GET", "/api/things/:name", id="doThing")(handle)

    paths, _ = described(routes)

    operation = paths["/api/things/{name}"]["get"]
    assert (operation["operationId"], operation["tags"]) == ("doThing", ["things"])
    assert operation["summary"] == "Do something to a thing."
    assert operation["description"] == "It takes a while.\n\nSo wait."
    assert operation["responses"]["200"] == {
        "description": "The request succeeded; the response has no body."
    }
    (parameter,) = operation["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("name", "path", True)


def test_models_are_components_named_and_described_by_their_classes() -> None:
    routes = RouteTable("things")
    routes.route("GET", "/a", id="doThing1", answers={200: ThingJson})(handle)
    routes.route(
        "POST", "/b", id="doThing2", body=ThingJson, answers={201: Answer("New.", ThingJson)}
    )(handle)

    paths, components = described(routes)

    reference = {"$ref": "#/components/schemas/Thing"}
    answers = paths["/a"]["get"]["responses"], paths["/b"]["post"]["responses"]
    assert answers[0]["200"]["description"] == "The thing, in one sentence."
    assert answers[1]["201"]["description"] == "New."
    assert answers[1]["201"]["content"] == {"application/json": {"schema": reference}}
    body = paths["/b"]["post"]["requestBody"]
    assert body == {"required": True, "content": {"application/json": {"schema": reference}}}
    assert components.schemas.components["Thing"]["description"] == "The thing, in one sentence."


@pytest.mark.parametrize(
    ("body", "required"), [(None, ["version", "longName"]), (ThingJson, ["longName"])]
)
def test_a_key_with_a_default_is_in_all_responses_but_not_in_all_requests(
    body: Any, required: list[str]
) -> None:
    routes = RouteTable("things")
    routes.route("POST", "/a", id="doThing3", body=body, answers={200: ThingJson})(handle)

    assert described(routes)[1].schemas.components["Thing"]["required"] == required


def test_lists_of_anything_have_items() -> None:
    routes = RouteTable("things")
    routes.route("POST", "/a", id="doThing", body=AnythingJson)(handle)

    schema = described(routes)[1].schemas.components["Anything"]

    assert schema["properties"]["values"] == {"type": "array", "items": {}}


def test_errors_of_one_status_share_a_response() -> None:
    routes = RouteTable("things")
    errors = (BusyError, OtherError, BadDataError, FilterError)
    routes.route("GET", "/a", id="doThing", errors=errors)(handle)

    paths, components = described(routes)

    responses = paths["/a"]["get"]["responses"]
    assert responses["409"] == {"$ref": "#/components/responses/BusyOrOther"}
    assert responses["400"] == {"$ref": "#/components/responses/BadDataOrFilter"}
    busy, bad = components.responses["BusyOrOther"], components.responses["BadDataOrFilter"]
    assert busy == {"description": "The thing is busy. Another thing is busy."}
    assert bad["content"]["application/json"]["schema"] == {
        "anyOf": [
            {"$ref": "#/components/schemas/Error"},
            {"$ref": "#/components/schemas/Filter"},
        ]
    }
    examples = bad["content"]["application/json"]["examples"]
    assert examples["BadData"]["value"]["message"] == BadDataError.example


def test_a_response_says_if_one_of_its_errors_has_no_body() -> None:
    routes = RouteTable("things")
    routes.route("GET", "/a", id="doThing", errors=(BusyError, TakenError))(handle)

    _, components = described(routes)

    assert components.responses["BusyOrTaken"]["description"].endswith(OPTIONAL_BODY)


@pytest.mark.parametrize(
    ("method", "path", "body", "added"),
    [
        ("GET", "/api/client/a", None, {"401", "403", "429"}),
        ("GET", "/api/admin/a", None, {"304", "401", "403", "429"}),
        ("DELETE", "/api/admin/a", None, {"401", "403", "429", "503"}),
        ("DELETE", "/api/admin/:name", None, {"401", "403", "404", "429", "503"}),
        (
            "POST",
            "/api/admin/a",
            ThingJson,
            {"400", "401", "403", "408", "413", "415", "429", "503"},
        ),
    ],
)
def test_every_route_has_the_answers_of_the_edge(
    method: str, path: str, body: Any, added: set[str]
) -> None:
    secured, open_to_all = RouteTable("things"), RouteTable("things", is_open=True)
    secured.route(method, path, id="doThing", body=body)(handle)
    open_to_all.route(method, f"{path}/open", id="doThingOpenly", body=body)(handle)

    paths, _ = described(secured, open_to_all)

    operation, other = (methods[method.lower()] for methods in paths.values())
    assert operation["responses"].keys() == {"200"} | added
    assert other["security"] == []
    assert other["responses"].keys() == {"200"} | added - {"401", "403", "429"}


@pytest.mark.parametrize(
    ("method", "path", "schemes"),
    [
        ("GET", "/api/admin/a", ["adminToken", "viewerToken"]),
        ("PUT", "/api/admin/a", ["adminToken"]),
        ("GET", "/api/client/a", ["clientToken"]),
        ("POST", "/api/frontend/a", ["frontendToken"]),
        ("POST", "/ofrep/v1/a", ["clientToken", "frontendToken", "openFeatureKey"]),
    ],
)
def test_the_path_decides_which_tokens_an_operation_takes(
    method: str, path: str, schemes: list[str]
) -> None:
    routes = RouteTable("things")
    routes.route(method, path, id="doThing")(handle)

    paths, _ = described(routes)

    assert paths[path][method.lower()]["security"] == [{scheme: []} for scheme in schemes]


def test_a_route_without_an_id_is_not_described() -> None:
    routes = RouteTable("things")
    routes.route("GET", "/a")(handle)

    assert described(routes)[0] == {}


def test_parameters_and_bodies_may_have_examples() -> None:
    routes = RouteTable("things")
    routes.route(
        "POST",
        "/a/:name",
        id="doThing",
        parameters=(
            Parameter("limit", "How many.", int, default=5, example=7),
            path_parameter("name", "The name.", "x"),
        ),
        body=Body(
            {"application/json": (ThingJson,)},
            required=False,
            examples={"application/json": {"longName": "x"}},
        ),
        answers={200: Answer("The thing.", ThingJson, example={"version": 1, "longName": "x"})},
    )(handle)

    operation = described(routes)[0]["/a/{name}"]["post"]

    name, parameter = operation["parameters"]
    assert (name["in"], name["description"], name["example"]) == ("path", "The name.", "x")
    assert (parameter["schema"], parameter["example"]) == ({"type": "integer", "default": 5}, 7)
    body = operation["requestBody"]
    assert "required" not in body
    assert body["content"]["application/json"]["example"] == {"longName": "x"}
    answer = operation["responses"]["200"]["content"]["application/json"]
    assert answer["example"] == {"version": 1, "longName": "x"}
