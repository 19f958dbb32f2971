"""Environments: list, read, enable, disable."""

from http import HTTPStatus

from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.errors import ConflictError, MissingError, refusal_form
from rest_compat.unleash8.lookup import environment_of
from rest_compat.unleash8.models import (
    EnvironmentJson,
    EnvironmentsJson,
    environment_json,
    listed_environment_json,
)
from store.operations.environments import update_environment
from store.operations.fields import EnvironmentFields

routes = RouteTable("admin: environments", refusal_form=refusal_form())

_ENVIRONMENT = "/api/admin/environments/:environment"
ENVIRONMENT = path_parameter("environment", "The name of the environment.", "production")
_DONE = {204: "Done."}


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
