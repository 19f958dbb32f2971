"""The environments of a project. Every project has every environment."""

from collections.abc import Sequence

from msgspec import Struct

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.models import Count
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import LooseString, read_body
from rest_compat.unleash8.environments import ENVIRONMENT
from rest_compat.unleash8.errors import ConflictError, MissingError, refusal_form
from rest_compat.unleash8.features import PROJECT
from rest_compat.unleash8.lookup import environment_of, project_of
from rest_compat.unleash8.models import EnvironmentJson, environment_fields
from rest_compat.unleash8.validating import Body
from store.operations.strings import display

routes = RouteTable("admin: environments", refusal_form=refusal_form())

# Errors name at most this many toggles.
_MAX_LISTED = 20


class AddedEnvironmentBody(Body):
    """An environment for a project."""

    environment: LooseString


class ProjectEnvironmentJson(EnvironmentJson, kw_only=True, rename="camel"):
    """An environment, with the numbers of tokens and of switched-on toggles of the project."""

    project_api_token_count: Count
    project_enabled_toggle_count: Count
    visible: bool = True


class ProjectEnvironmentsJson(Struct, kw_only=True):
    """The environments."""

    version: int = 1
    environments: Sequence[ProjectEnvironmentJson]


@routes.route(
    "GET",
    "/api/admin/environments/project/:project",
    id="getProjectEnvironments",
    parameters=(PROJECT,),
    answers={200: ProjectEnvironmentsJson},
    errors=(MissingError,),
)
async def list_environments(request: Request) -> Response:
    """List the environments of a project, with the numbers of its tokens and toggles.

    Every project has every environment, so `visible` is always true.
    """
    snapshot = request.snapshot
    project = project_of(snapshot, request)
    toggles = [toggle for toggle in snapshot.live_toggles if toggle.project == project]
    tokens = [
        token
        for token in snapshot.tokens.values()
        if not token.projects or project in token.projects
    ]
    environments = [
        ProjectEnvironmentJson(
            **environment_fields(environment),
            project_api_token_count=sum(token.environment == environment.name for token in tokens),
            project_enabled_toggle_count=sum(
                toggle.in_environment(environment.name).enabled for toggle in toggles
            ),
        )
        for environment in snapshot.environments_in_order
    ]
    return json_response(ProjectEnvironmentsJson(environments=environments))


@routes.route(
    "POST",
    "/api/admin/projects/:project/environments",
    id="addEnvironmentToProject",
    parameters=(PROJECT,),
    body=AddedEnvironmentBody,
    example={"environment": "production"},
    errors=(BadDataError, MissingError),
)
async def add_environment(request: Request) -> Response:
    """Check that a project has an environment.

    Every project has every environment, so the request changes nothing.
    """
    body = await read_body(request, AddedEnvironmentBody)
    project_of(request.snapshot, request)
    if body.environment not in request.snapshot.environments:
        message = f"No environment is named '{display(body.environment)}'."
        raise BadDataError(Detail(message, "/body/environment"))
    return Response(200)


@routes.route(
    "DELETE",
    "/api/admin/projects/:project/environments/:environment",
    id="removeEnvironmentFromProject",
    parameters=(PROJECT.with_example("shop"), ENVIRONMENT.with_example("production")),
    errors=(MissingError, ConflictError),
)
async def remove_environment(request: Request) -> Response:
    """Check that no toggle of a project is on in an environment.

    Every project has every environment, so the request changes nothing. It succeeds if the
    applications cannot tell the difference: if all toggles of the project are off in the
    environment. Otherwise switch the toggles off first.
    """
    snapshot = request.snapshot
    project = project_of(snapshot, request)
    environment = environment_of(snapshot, request).name
    names = [
        toggle.name
        for toggle in snapshot.live_toggles
        if toggle.project == project and toggle.in_environment(environment).enabled
    ]
    if names:
        listed = ", ".join(f"'{name}'" for name in names[:_MAX_LISTED])
        more = f" and {len(names) - _MAX_LISTED:,} more" if len(names) > _MAX_LISTED else ""
        raise ConflictError(
            f"These toggles of project '{display(project)}' are on in "
            f"'{display(environment)}': {listed}{more}. Switch them off first."
        )
    return Response(200)
