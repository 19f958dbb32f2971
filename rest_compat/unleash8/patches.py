"""Change toggles, strategies and variants with JSON patches."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import ChangedStrategyBody, checked_body
from rest_compat.unleash8.environments import ENVIRONMENT
from rest_compat.unleash8.errors import (
    InvalidOperationError,
    MissingError,
    body_path,
    refusal_form,
)
from rest_compat.unleash8.features import (
    FEATURE,
    PROJECT,
    TAG,
    TOGGLE,
    ChangedFeatureBody,
    archive_unused,
    feature_response,
)
from rest_compat.unleash8.json_patch import PatchOperation, apply_patch, read_patch
from rest_compat.unleash8.lookup import environment_of, strategy_of, toggle_of
from rest_compat.unleash8.models import (
    FeatureStrategyJson,
    ProjectFeatureJson,
    VariantsJson,
    complete_variants,
    strategy_json,
)
from rest_compat.unleash8.rules import check_toggle_type
from rest_compat.unleash8.strategies import STRATEGY, STRATEGY_ID, change_strategy
from rest_compat.unleash8.validating import Body, Bool
from rest_compat.unleash8.variant_bodies import checked_variants
from rest_compat.unleash8.variants import VARIANTS, variants_response
from store.constraints.checking import compile_patterns
from store.http_times import format_time
from store.model import Toggle, ToggleStrategy
from store.operations.fields import ToggleFields
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import update_toggle

routes = RouteTable(TAG, refusal_form=refusal_form())


class PatchedFeatureBody(ChangedFeatureBody):
    """A toggle after a patch. Its name, project and creation must be the same as before."""

    model_config = ConfigDict(extra="forbid")

    project: str
    created_at: str
    archived: Bool = False


class PatchedStrategyBody(ChangedStrategyBody):
    """A strategy after a patch. Its ID and its toggle must be the same as before."""

    model_config = ConfigDict(extra="forbid")

    id: str
    feature_name: str


@routes.route(
    "PATCH",
    FEATURE,
    id="patchFeature",
    parameters=(PROJECT, TOGGLE),
    body=list[PatchOperation],
    example=[{"op": "replace", "path": "/description", "value": "One page, four steps less."}],
    answers={200: ProjectFeatureJson},
    errors=(BadDataError, MissingError, InvalidOperationError),
)
async def patch_feature(request: Request) -> Response:
    """Change single fields of a toggle with a JSON patch (RFC 6902).

    The patch can change `description`, `type`, `stale` and `impressionData`. If `archived` becomes
    true, the toggle is archived.
    """
    patch = await read_patch(request)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        before = _feature_document(toggle)
        body = checked_body(apply_patch(before, patch), PatchedFeatureBody)
        _check_constant(body, before, ("name", "project", "created_at"))
        if body.type != toggle.type:
            check_toggle_type(work.snapshot, body.type)
        toggle = await update_toggle(
            work,
            toggle.name,
            ToggleFields(
                type=body.type, description=body.description, impression_data=body.impression_data
            ),
            stale=body.stale,
            allow_unknown=True,
        )
        if body.archived:
            toggle = await archive_unused(work, toggle)
    return feature_response(request, toggle)


@routes.route(
    "PATCH",
    STRATEGY,
    id="patchFeatureStrategy",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT, STRATEGY_ID),
    body=list[PatchOperation],
    example=[{"op": "replace", "path": "/parameters/rollout", "value": "75"}],
    answers={200: FeatureStrategyJson},
    errors=(BadDataError, MissingError),
)
async def patch_strategy(request: Request) -> Response:
    """Change single fields of a strategy with a JSON patch (RFC 6902).

    The patch applies to the strategy as the route for reading it answers. Scripts can change the
    percentage of a rollout without the other fields.
    """
    patch = await read_patch(request)
    # Compile patterns before the write, because large patterns take long.
    await compile_patterns(
        _patched(*strategy_of(request.snapshot, request), patch).stored_constraints()
    )
    async with request.store.write(request.principal.actor) as work:
        toggle, strategy = strategy_of(work.snapshot, request)
        body = _patched(toggle, strategy, patch)
        toggle, strategy = await change_strategy(work, toggle, strategy, body)
    return json_response(strategy_json(toggle, strategy))


@routes.route(
    "PATCH",
    VARIANTS,
    id="patchEnvironmentsFeatureVariants",
    parameters=(PROJECT, TOGGLE.with_example("checkout-button-colour"), ENVIRONMENT),
    body=list[PatchOperation],
    example=[{"op": "replace", "path": "/0/payload/value", "value": "#0969da"}],
    answers={200: VariantsJson},
    errors=(BadDataError, MissingError),
    refusal_form=refusal_form(dropped=1),
)
async def patch_variants(request: Request) -> Response:
    """Change the variants of a toggle in an environment with a JSON patch (RFC 6902).

    The patch applies to the list of variants, so a path begins with a position, such as
    `/0/weight`.
    """
    patch = await read_patch(request)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        before = complete_variants(toggle.in_environment(environment).variants)
        variants = checked_variants(apply_patch(_json_of(before), patch))
        toggle = await configure_toggle(
            work, toggle.name, environment=environment, variants=variants, allow_unknown=True
        )
    return variants_response(toggle, environment)


def _feature_document(toggle: Toggle) -> dict[str, Any]:
    return {
        "name": toggle.name,
        "description": toggle.description,
        "type": toggle.type,
        "project": toggle.project,
        "stale": toggle.stale,
        "createdAt": format_time(toggle.created_at),
        "impressionData": toggle.impression_data,
        "archived": toggle.archived,
    }


def _patched(toggle: Toggle, strategy: ToggleStrategy, patch: Any) -> PatchedStrategyBody:
    before = _json_of(strategy_json(toggle, strategy))
    # Fields that the patch removes are reset, although updates do not change omitted fields.
    defaults: dict[str, Any] = {"title": None, "disabled": False, "segments": []}
    after = apply_patch(before, patch)
    if isinstance(after, dict):
        after = defaults | cast("dict[str, Any]", after)
        after["title"] = after["title"] or ""
    body = checked_body(after, PatchedStrategyBody)
    _check_constant(body, before, ("id", "feature_name"))
    return body


def _json_of(body: Any) -> Any:
    """Return a body as clients read it, with lists instead of tuples."""
    return msgspec.json.decode(msgspec.json.encode(body))


def _check_constant(body: Body, before: dict[str, Any], names: Sequence[str]) -> None:
    """Check that fields which identify an object have not changed.

    Raises: BadDataError: the error lists all changed fields.
    """
    keys = {name: to_camel(name) for name in names}
    changed = [key for name, key in keys.items() if getattr(body, name) != before[key]]
    if changed:
        raise BadDataError(
            *(Detail(f"A patch cannot change '{key}'.", body_path((key,))) for key in changed)
        )
