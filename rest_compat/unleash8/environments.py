"""Environments: list, read, create, change, enable, disable, delete."""

from http import HTTPStatus
from typing import Annotated

from msgspec import UNSET
from pydantic import Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import Integer, LooseBool, LooseString, read_body
from rest_compat.unleash8.errors import (
    ConflictError,
    MissingError,
    NameExistsError,
    refusal_form,
)
from rest_compat.unleash8.lookup import environment_of
from rest_compat.unleash8.models import (
    EnvironmentJson,
    EnvironmentsJson,
    environment_json,
    listed_environment_json,
)
from rest_compat.unleash8.validating import Body
from store.model import EnvironmentType
from store.operations.environments import (
    create_environment,
    delete_environment,
    update_environment,
)
from store.operations.fields import EnvironmentFields

routes = RouteTable("admin: environments", refusal_form=refusal_form())

_ENVIRONMENT = "/api/admin/environments/:environment"
ENVIRONMENT = path_parameter("environment", "The name of the environment.", "production")
_DONE = {204: "Done."}


class ChangedEnvironmentBody(Body):
    """The type and the sort order of an environment."""

    type: Annotated[EnvironmentType, Field(strict=False)] | None = None
    sort_order: Integer | None = None


class NewEnvironmentBody(ChangedEnvironmentBody):
    """A new environment. Without a type, the type is derived from the name."""

    name: LooseString
    enabled: LooseBool = True


@routes.route(
    "GET", "/api/admin/environments", id="getAllEnvironments", answers={200: EnvironmentsJson}
)
async def list_environments(request: Request) -> Response:
    """List all environments in their sort order, including disabled ones.

    The counts of an environment are the number of its projects, the number of its tokens, and the
    number of live toggles that are on.
    """
    snapshot = request.snapshot
    environments = [
        listed_environment_json(environment, snapshot)
        for environment in snapshot.environments_in_order
    ]
    return json_response(EnvironmentsJson(environments=environments))


@routes.route(
    "GET",
    _ENVIRONMENT,
    id="getEnvironment",
    parameters=(ENVIRONMENT,),
    answers={200: EnvironmentJson},
    errors=(MissingError,),
)
async def get_environment(request: Request) -> Response:
    """Read one environment.

    A protected environment is built in and cannot be disabled.
    """
    return json_response(environment_json(environment_of(request.snapshot, request)))


@routes.route(
    "POST",
    "/api/admin/environments",
    id="createEnvironment",
    body=NewEnvironmentBody,
    example={"name": "staging", "type": "pre-production", "enabled": True},
    answers={201: Answer("The new environment.", EnvironmentJson)},
    errors=(BadDataError, NameExistsError),
)
async def create(request: Request) -> Response:
    """Create an environment.

    Without `sortOrder`, the environment becomes the last one.
    """
    body = await read_body(request, NewEnvironmentBody)
    async with request.store.write(request.principal.actor) as work:
        environment = await create_environment(work, name=body.name, type=body.type)
        fields = EnvironmentFields(
            enabled=body.enabled, sort_order=UNSET if body.sort_order is None else body.sort_order
        )
        environment = await update_environment(work, environment.name, fields)
    return json_response(environment_json(environment), status=HTTPStatus.CREATED)


@routes.route(
    "PUT",
    "/api/admin/environments/update/:environment",
    id="updateEnvironment",
    parameters=(ENVIRONMENT.with_example("development"),),
    body=ChangedEnvironmentBody,
    example={"type": "test", "sortOrder": 5},
    answers={200: EnvironmentJson},
    errors=(BadDataError, MissingError),
)
async def update(request: Request) -> Response:
    """Change the type and the sort order of an environment.

    Omitted fields are unchanged.
    """
    body = await read_body(request, ChangedEnvironmentBody)
    async with request.store.write(request.principal.actor) as work:
        environment = await update_environment(
            work,
            environment_of(work.snapshot, request).name,
            EnvironmentFields(
                type=body.type or UNSET,
                sort_order=UNSET if body.sort_order is None else body.sort_order,
            ),
        )
    return json_response(environment_json(environment))


@routes.route(
    "DELETE",
    _ENVIRONMENT,
    id="removeEnvironment",
    parameters=(ENVIRONMENT.with_example("former-stage"),),
    errors=(MissingError, ConflictError),
)
async def delete(request: Request) -> Response:
    """Delete an environment with the configurations of all toggles in it.

    An environment that has tokens cannot be deleted.
    """
    async with request.store.write(request.principal.actor) as work:
        await delete_environment(work, environment_of(work.snapshot, request).name)
    return Response(HTTPStatus.OK)


@routes.route(
    "POST",
    f"{_ENVIRONMENT}/on",
    id="toggleEnvironmentOn",
    parameters=(ENVIRONMENT.with_example("development"),),
    answers=_DONE,
    errors=(MissingError,),
)
async def enable_environment(request: Request) -> Response:
    """Enable an environment.

    Bodies of toggles again include the configuration in the environment.
    """
    return await _switch(request, enabled=True)


@routes.route(
    "POST",
    f"{_ENVIRONMENT}/off",
    id="toggleEnvironmentOff",
    parameters=(ENVIRONMENT.with_example("development"),),
    answers=_DONE,
    errors=(MissingError, ConflictError),
)
async def disable_environment(request: Request) -> Response:
    """Disable an environment.

    SDKs in the environment still get toggles. Bodies of toggles no longer include the configuration
    in the environment.
    """
    return await _switch(request, enabled=False)


async def _switch(request: Request, *, enabled: bool) -> Response:
    async with request.store.write(request.principal.actor) as work:
        environment = environment_of(work.snapshot, request)
        await update_environment(work, environment.name, EnvironmentFields(enabled=enabled))
    return Response(HTTPStatus.NO_CONTENT)
