"""Toggles of a project: list, read, create, update, archive."""

from http import HTTPStatus

from msgspec import UNSET
from pydantic import Field

from rest_compat.http.errors import BadDataError, Detail, FilterError
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.filters import FILTERS, apply_filters
from rest_compat.sdk.scopes import PayloadScope
from rest_compat.unleash8.bodies import Description, LooseBool, LooseString, read_body
from rest_compat.unleash8.errors import (
    InvalidOperationError,
    MissingError,
    NameExistsError,
    refusal_form,
)
from rest_compat.unleash8.lookup import project_of, toggle_of
from rest_compat.unleash8.models import (
    ProjectFeatureJson,
    ProjectFeaturesJson,
    feature_json,
    feature_summary_json,
)
from rest_compat.unleash8.rules import check_toggle_type
from rest_compat.unleash8.validating import Body, Bool, NonEmptyString, TagValue
from store.model import DEFAULT_TOGGLE_TYPE, Toggle
from store.operations.fields import ToggleFields
from store.operations.limits import MAX_ITEMS
from store.operations.toggles import archive_toggle, create_toggle, update_toggle
from store.operations.uses import dependents_of
from store.unit_of_work import UnitOfWork
from store.values import Tag

TAG = "admin: toggles of a project"
FEATURES = "/api/admin/projects/:project/features"
FEATURE = f"{FEATURES}/:name"
PROJECT = path_parameter("project", "The name of the project.", "default")
TOGGLE = path_parameter("name", "The name of the toggle.", "checkout-one-page")

routes = RouteTable(TAG, refusal_form=refusal_form())


class TagBody(Body):
    """A tag of a new toggle."""

    type: NonEmptyString
    value: TagValue


class NewFeatureBody(Body):
    """A new toggle, without configurations."""

    name: LooseString
    type: NonEmptyString = DEFAULT_TOGGLE_TYPE
    description: Description = None
    impression_data: LooseBool = False
    stale: Bool = False
    tags: list[TagBody] = Field(default=[], max_length=MAX_ITEMS)


class ChangedFeatureBody(Body):
    """The fields of a toggle. As in 8.2, omitted fields are reset to their defaults."""

    name: LooseString | None = None
    type: NonEmptyString = DEFAULT_TOGGLE_TYPE
    description: Description = None
    impression_data: LooseBool = False
    stale: LooseBool = False


@routes.route(
    "GET",
    FEATURES,
    id="getFeatures",
    parameters=(PROJECT, *FILTERS),
    answers={200: ProjectFeaturesJson},
    errors=(BadDataError, MissingError),
)
async def list_features(request: Request) -> Response:
    """List the live toggles of a project, sorted by name.

    If the query contains the filter `project`, the project in the path is ignored.
    """
    snapshot = request.snapshot
    scope = PayloadScope(request.principal.environment, (project_of(snapshot, request),))
    try:
        toggles = apply_filters(scope, request).toggles(snapshot)
    except FilterError as error:
        details = (
            Detail(detail.message, (detail.path or "").partition("/")[0])
            for detail in error.details
        )
        raise BadDataError(*details) from None
    usage = request.store.usage
    features = [feature_summary_json(toggle, snapshot, usage) for toggle in toggles]
    return json_response(ProjectFeaturesJson(features=features))


@routes.route(
    "GET",
    FEATURE,
    id="getFeature",
    parameters=(PROJECT, TOGGLE),
    answers={200: ProjectFeatureJson},
    errors=(MissingError,),
)
async def get_feature(request: Request) -> Response:
    """Read one toggle with its configurations in all enabled environments.

    `children` lists the live toggles that depend on this toggle.
    """
    return feature_response(request, toggle_of(request.snapshot, request))


@routes.route(
    "POST",
    FEATURES,
    id="createFeature",
    parameters=(PROJECT,),
    body=NewFeatureBody,
    example={
        "name": "returns-portal",
        "type": "release",
        "description": "Customers register returns themselves.",
        "impressionData": False,
        "tags": [{"type": "simple", "value": "checkout"}],
    },
    answers={201: Answer("The new toggle.", ProjectFeatureJson)},
    errors=(BadDataError, MissingError, NameExistsError),
)
async def create_feature(request: Request) -> Response:
    """Create a toggle.

    The toggle is off in all environments and has no strategies.
    """
    body = await read_body(request, NewFeatureBody)
    async with request.store.write(request.principal.actor) as work:
        project = project_of(work.snapshot, request)
        check_toggle_type(work.snapshot, body.type)
        toggle = await create_toggle(
            work,
            name=body.name,
            fields=body.store_fields(ToggleFields, project=project),
            stale=body.stale,
            tags=[Tag(tag.type, tag.value) for tag in body.tags],
            strategies=(),
            variants=UNSET,
            allow_unknown=True,
        )
    return feature_response(request, toggle, status=HTTPStatus.CREATED)


@routes.route(
    "PUT",
    FEATURE,
    id="updateFeature",
    parameters=(PROJECT, TOGGLE),
    body=ChangedFeatureBody,
    example={
        "type": "experiment",
        "description": "The checkout on a single page, measured.",
        "impressionData": True,
        "stale": False,
    },
    answers={200: ProjectFeatureJson},
    errors=(BadDataError, MissingError),
)
async def update_feature(request: Request) -> Response:
    """Replace the fields of a toggle.

    An omitted field is reset to its default.
    """
    body = await read_body(request, ChangedFeatureBody)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        if body.name not in (None, "", toggle.name):
            raise BadDataError(Detail("The name of a toggle cannot be changed.", "/body/name"))
        check_toggle_type(work.snapshot, body.type)
        toggle = await update_toggle(
            work,
            toggle.name,
            body.store_fields(ToggleFields, resets=True),
            stale=body.stale,
            allow_unknown=True,
        )
    return feature_response(request, toggle)


@routes.route(
    "DELETE",
    FEATURE,
    id="archiveFeature",
    parameters=(PROJECT, TOGGLE.with_example("product-page-3d-view")),
    answers={202: "The request succeeded; the response has no body."},
    errors=(InvalidOperationError, MissingError),
)
async def archive_feature(request: Request) -> Response:
    """Archive a toggle.

    A toggle cannot be archived while other live toggles depend on it. A toggle that is already
    archived does not change.
    """
    async with request.store.write(request.principal.actor) as work:
        await archive_unused(work, toggle_of(work.snapshot, request, archived=True))
    return Response(HTTPStatus.ACCEPTED)


async def archive_unused(work: UnitOfWork, toggle: Toggle) -> Toggle:
    """Archive a toggle. A toggle that is already archived does not change.

    Raises: InvalidOperationError: another live toggle depends on the toggle.
    """
    if dependents := dependents_of(work.snapshot, toggle, archived=False):
        raise InvalidOperationError(
            f"Toggle '{dependents[0].name}' depends on toggle '{toggle.name}'."
        )
    return toggle if toggle.archived else await archive_toggle(work, toggle.name)


def feature_response(request: Request, toggle: Toggle, *, status: int = HTTPStatus.OK) -> Response:
    """Return a response with a toggle.

    The response is built from the store's snapshot, because the request's snapshot does not contain
    the change.
    """
    store = request.store
    return json_response(feature_json(toggle, store.snapshot, store.usage), status=status)
