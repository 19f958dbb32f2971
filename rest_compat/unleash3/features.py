"""Toggles of the 3.x admin API: list, read, create, replace, archive."""

from http import HTTPStatus
from typing import Any

from msgspec import UNSET

from rest_compat.http.errors import BadDataError, FilterError, InvalidBodyError
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.filters import FILTERS, apply_filters
from rest_compat.sdk.scopes import PayloadScope
from rest_compat.unleash3.bodies import NameBody, read_body, read_model
from rest_compat.unleash3.errors import AbsentError, ConflictError, MissingError, v3_error_of
from rest_compat.unleash3.feature_bodies import FeatureBody
from rest_compat.unleash3.feature_lookup import find_live, read_live
from rest_compat.unleash3.models import (
    ToggleJson,
    TogglesJson,
    answered_toggle,
    toggle_settings,
)
from store import Snapshot
from store.errors import Problems
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.operations.replacing import replace_toggle
from store.operations.toggle_fields import check_free
from store.operations.toggles import archive_toggle, create_toggle

TAG = "admin: toggles"
FEATURES = "/api/admin/features"
FEATURE = f"{FEATURES}/:name"
TOGGLE = path_parameter("name", "The name of the toggle.", "checkout-one-page")

_EXAMPLE = {
    "description": "Customers pay after delivery.",
    "type": "release",
    "project": "default",
    "enabled": True,
    "stale": False,
    "strategies": [
        {
            "name": "flexibleRollout",
            "parameters": {"rollout": "25", "stickiness": "default", "groupId": "payment"},
            "constraints": [{"contextName": "country", "operator": "IN", "values": ["DE", "AT"]}],
        }
    ],
    "variants": [],
}

routes = RouteTable(TAG, refusal_form=v3_error_of)


@routes.route(
    "GET",
    FEATURES,
    id="getFeaturesV3",
    parameters=FILTERS,
    answers={200: TogglesJson},
    errors=(FilterError, BadDataError),
)
async def list_features(request: Request) -> Response:
    """List all live toggles, sorted by name.

    Each toggle has its configuration in the environment `default`.
    """
    toggles = apply_filters(PayloadScope(DEFAULT_ENVIRONMENT), request).toggles(request.snapshot)
    features = [answered_toggle(request, toggle) for toggle in toggles]
    return json_response(TogglesJson(features=features))


@routes.route(
    "GET",
    FEATURE,
    id="getFeatureV3",
    parameters=(TOGGLE,),
    answers={200: ToggleJson},
    errors=(MissingError,),
)
async def get_feature(request: Request) -> Response:
    """Read one live toggle.

    The response has the toggle's configuration in the environment `default`. An archived toggle is
    not found.
    """
    return json_response(answered_toggle(request, read_live(request)))


@routes.route(
    "POST",
    FEATURES,
    id="createFeatureV3",
    body=(NameBody, FeatureBody),
    example={"name": "payment-by-invoice", **_EXAMPLE},
    answers={201: Answer("The new toggle.", ToggleJson)},
    errors=(InvalidBodyError, ConflictError),
)
async def create_feature(request: Request) -> Response:
    """Create a toggle.

    The body configures the toggle in the environment `default`. The toggle is off in all other
    environments.
    """
    # Check the syntax of the name, then whether the name is free, then all other fields.
    sent = await request.json_object()
    name = read_model(sent, NameBody).name
    _require_free(request.snapshot, name)
    body = read_model(sent, FeatureBody)
    async with request.store.write(request.principal.actor) as work:
        toggle = await create_toggle(
            work,
            name=name,
            fields=body.fields(),
            stale=body.stale,
            enabled=body.enabled,
            strategies=body.strategy_specs(),
            variants=body.stored_variants(),
            allow_unknown=True,
        )
        work.show_as("feature-created", _cleaned(body, toggle))
    return json_response(answered_toggle(request, toggle), status=HTTPStatus.CREATED)


@routes.route(
    "PUT",
    FEATURE,
    id="replaceFeatureV3",
    parameters=(TOGGLE,),
    body=FeatureBody,
    example=_EXAMPLE,
    errors=(InvalidBodyError, AbsentError),
)
async def replace_feature(request: Request) -> Response:
    """Replace a toggle.

    An omitted field is reset to its default, except the description, which is unchanged.
    """
    sent = await request.json_object()
    name = find_live(request.snapshot, request.parameters["name"]).name
    body = read_model(sent, FeatureBody)
    async with request.store.write(request.principal.actor) as work:
        find_live(work.snapshot, name)
        await replace_toggle(
            work,
            name,
            body.fields(),
            stale=body.stale,
            enabled=body.enabled,
            strategies=body.strategy_specs(),
            variants=body.stored_variants(),
            allow_unknown=True,
            record_always=True,
        )
        work.show_as("feature-updated", sent | {"name": name})
    return Response(200)


@routes.route(
    "DELETE",
    FEATURE,
    id="archiveFeatureV3",
    parameters=(TOGGLE.with_example("delivery-map"),),
    errors=(AbsentError,),
)
async def archive_feature(request: Request) -> Response:
    """Archive a toggle.

    The toggle is switched off.
    """
    async with request.store.write(request.principal.actor) as work:
        name = find_live(work.snapshot, request.parameters["name"]).name
        await archive_toggle(work, name, switch_off_in=DEFAULT_ENVIRONMENT)
        work.show_as("feature-archived", {"name": name})
    return Response(200)


@routes.route(
    "POST",
    f"{FEATURES}/validate",
    id="validateFeature",
    body=NameBody,
    example={"name": "wish-list"},
    answers={200: "The name is free."},
    errors=(InvalidBodyError, ConflictError),
)
async def validate_name(request: Request) -> Response:
    """Check whether a name is free for a new toggle.

    Nothing is created. The names of archived toggles are not free.
    """
    body = await read_body(request, NameBody)
    _require_free(request.snapshot, body.name)
    return Response(200)


def _require_free(snapshot: Snapshot, name: str) -> None:
    problems = Problems()
    check_free(snapshot, name, problems)
    problems.raise_any()


def _cleaned(body: FeatureBody, toggle: Toggle) -> dict[str, Any]:
    """Return the toggle's settings. Omit `description` and `variants` if they were not sent."""
    settings = toggle_settings(toggle)
    for key in ("description", "variants"):
        if getattr(body, key) is UNSET:
            del settings[key]
    return settings
