"""Change several toggles of a project in one request. If one is refused, none is changed."""

from http import HTTPStatus

from pydantic import Field

from rest_compat.http.errors import BadDataError, Detail, RestError
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import LooseBool, LooseString, read_body
from rest_compat.unleash8.configurations import ACTIVATE, activates, provide_strategy
from rest_compat.unleash8.environments import ENVIRONMENT
from rest_compat.unleash8.errors import (
    ConflictError,
    InvalidOperationError,
    MissingError,
    body_path,
    refusal_form,
)
from rest_compat.unleash8.features import PROJECT, TAG, archive_unused
from rest_compat.unleash8.lookup import environment_of, project_of
from rest_compat.unleash8.tags import TagChangesBody
from rest_compat.unleash8.validating import Body
from store.errors import NotFoundError, Refusal
from store.model import Toggle
from store.operations.fields import ToggleFields
from store.operations.toggle_bulk import MAX_TOGGLES, dependents_first, find_toggles
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import delete_toggle, revive_toggle, update_toggle
from store.unit_of_work import UnitOfWork

_PROJECT = "/api/admin/projects/:project"
_SWITCHES = f"{_PROJECT}/bulk_features/environments/:environment"
_EXAMPLE = {"features": ["store-finder", "size-advisor"]}
_ACCEPTED = {202: "The request succeeded; the response has no body."}

_form = refusal_form(renamed={"add": "addedTags", "remove": "removedTags"})


def _bulk_refusal(refusal: Refusal) -> RestError:
    """Return 404 if a name is unknown. The body lists all wrong names."""
    if any(
        isinstance(error, NotFoundError) and "features" in error.path for error in refusal.errors
    ):
        return MissingError(
            *(Detail(error.message, body_path(error.path)) for error in refusal.errors)
        )
    return _form(refusal)


routes = RouteTable(TAG, refusal_form=_bulk_refusal)


class FeaturesBody(Body):
    """The names of toggles."""

    features: list[LooseString] = Field(max_length=MAX_TOGGLES)


class StaleFeaturesBody(FeaturesBody):
    """The names of toggles, and whether they become stale."""

    stale: LooseBool


class TaggedFeaturesBody(FeaturesBody):
    """The names of toggles, and how their tags change."""

    tags: TagChangesBody


@routes.route(
    "POST",
    f"{_PROJECT}/archive",
    id="archiveFeatures",
    parameters=(PROJECT,),
    body=FeaturesBody,
    example={"features": ["gift-wrapping"]},
    answers=_ACCEPTED,
    errors=(BadDataError, MissingError, InvalidOperationError),
)
async def archive(request: Request) -> Response:
    """Archive toggles of a project.

    A toggle cannot be archived while a toggle that is not in the list depends on it.
    """
    body = await read_body(request, FeaturesBody)
    async with request.store.write(request.principal.actor) as work:
        for toggle in dependents_first(_toggles(work, request, body)):
            await archive_unused(work, toggle)
    return Response(HTTPStatus.ACCEPTED)


@routes.route(
    "POST",
    f"{_PROJECT}/revive",
    id="reviveFeatures",
    parameters=(PROJECT,),
    body=FeaturesBody,
    example={"features": ["newsletter-sidebar"]},
    errors=(BadDataError, MissingError),
)
async def revive(request: Request) -> Response:
    """Revive archived toggles of a project.

    The toggles are off in all environments.
    """
    body = await read_body(request, FeaturesBody)
    async with request.store.write(request.principal.actor) as work:
        for toggle in _toggles(work, request, body, archived=True):
            await revive_toggle(work, toggle.name)
    return Response(200)


@routes.route(
    "POST",
    f"{_PROJECT}/delete",
    id="deleteFeatures",
    parameters=(PROJECT,),
    body=FeaturesBody,
    example={"features": ["newsletter-banner"]},
    errors=(BadDataError, MissingError, ConflictError),
)
async def delete(request: Request) -> Response:
    """Delete archived toggles of a project permanently.

    A toggle on which others depend cannot be deleted.
    """
    body = await read_body(request, FeaturesBody)
    async with request.store.write(request.principal.actor) as work:
        for toggle in dependents_first(_toggles(work, request, body, archived=True)):
            await delete_toggle(work, toggle.name)
    return Response(200)


@routes.route(
    "POST",
    f"{_PROJECT}/stale",
    id="staleFeatures",
    parameters=(PROJECT,),
    body=StaleFeaturesBody,
    example={**_EXAMPLE, "stale": True},
    answers=_ACCEPTED,
    errors=(BadDataError, MissingError),
)
async def mark_stale(request: Request) -> Response:
    """Mark toggles of a project as stale, or as not stale.

    SDKs still get stale toggles.
    """
    body = await read_body(request, StaleFeaturesBody)
    async with request.store.write(request.principal.actor) as work:
        for toggle in _toggles(work, request, body):
            await update_toggle(work, toggle.name, ToggleFields(), stale=body.stale)
    return Response(HTTPStatus.ACCEPTED)


@routes.route(
    "PUT",
    f"{_PROJECT}/tags",
    id="addTagToFeatures",
    parameters=(PROJECT,),
    body=TaggedFeaturesBody,
    example={
        **_EXAMPLE,
        "tags": {"addedTags": [{"type": "simple", "value": "web"}], "removedTags": []},
    },
    errors=(BadDataError, MissingError),
)
async def change_tags_of_toggles(request: Request) -> Response:
    """Add tags to toggles of a project, and remove tags.

    Added tags that a toggle already has, and removed tags that it does not have, are ignored.
    """
    body = await read_body(request, TaggedFeaturesBody)
    async with request.store.write(request.principal.actor) as work:
        for toggle in _toggles(work, request, body):
            try:
                await body.tags.apply(work, toggle)
            except Refusal as refusal:
                raise Refusal(*(error.under("tags") for error in refusal.errors)) from None
    return Response(200)


@routes.route(
    "POST",
    f"{_SWITCHES}/on",
    id="bulkToggleFeaturesEnvironmentOn",
    parameters=(PROJECT, ENVIRONMENT, ACTIVATE),
    body=FeaturesBody,
    example=_EXAMPLE,
    errors=(BadDataError, MissingError),
)
async def switch_on(request: Request) -> Response:
    """Switch toggles of a project on in an environment.

    Toggles without an enabled strategy get a gradual rollout to everybody, as when a single toggle
    is switched on.
    """
    return await _switch(request, enabled=True)


@routes.route(
    "POST",
    f"{_SWITCHES}/off",
    id="bulkToggleFeaturesEnvironmentOff",
    parameters=(PROJECT, ENVIRONMENT),
    body=FeaturesBody,
    example=_EXAMPLE,
    errors=(BadDataError, MissingError),
)
async def switch_off(request: Request) -> Response:
    """Switch toggles of a project off in an environment.

    The strategies and variants remain.
    """
    return await _switch(request, enabled=False)


async def _switch(request: Request, *, enabled: bool) -> Response:
    body = await read_body(request, FeaturesBody)
    activate = activates(request)
    async with request.store.write(request.principal.actor) as work:
        environment = environment_of(work.snapshot, request).name
        for toggle in _toggles(work, request, body):
            if enabled:
                await provide_strategy(work, toggle, environment, activate=activate)
            await set_enabled(work, toggle.name, environment=environment, enabled=enabled)
    return Response(200)


def _toggles(
    work: UnitOfWork, request: Request, body: FeaturesBody, *, archived: bool = False
) -> list[Toggle]:
    project = project_of(work.snapshot, request)
    return find_toggles(work, body.features, project=project, archived=archived, path=("features",))
