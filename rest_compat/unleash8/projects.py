"""Projects: create, change, delete, and read their overviews."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from msgspec import UNSET, Struct
from pydantic import Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.models import Count, Time
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import LooseString, read_body
from rest_compat.unleash8.errors import ConflictError, MissingError, NameExistsError, refusal_form
from rest_compat.unleash8.features import PROJECT
from rest_compat.unleash8.lookup import project_of
from rest_compat.unleash8.models import ProjectFeatureSummaryJson, feature_summary_json
from rest_compat.unleash8.validating import Body
from store import Snapshot
from store.http_times import format_time
from store.lifetimes import expires_at
from store.model import Project, Toggle
from store.operations.fields import ProjectFields
from store.operations.projects import create_project, delete_project, update_project

routes = RouteTable(
    "admin: projects and types",
    refusal_form=refusal_form(renamed={"name": "id", "title": "name"}),
)

_PROJECTS = "/api/admin/projects"
_PROJECT = f"{_PROJECTS}/:project"
_NEW = path_parameter("project", "The ID of the project.", "shop")
_OLD = path_parameter("project", "The ID of the project.", "former-shop")


class ProjectBody(Body):
    """The name and the description of a project."""

    name: LooseString = Field(min_length=1)
    description: LooseString | None = None

    def fields(self) -> ProjectFields:
        """Return the fields to store."""
        description = UNSET if self.description is None else self.description
        return ProjectFields(title=self.name, description=description)


class NewProjectBody(ProjectBody):
    """A new project. Toggles name the project by its ID."""

    id: LooseString


class CreatedProjectJson(Struct, kw_only=True, rename="camel"):
    """The new project."""

    id: str
    name: str
    description: str
    mode: str = "open"
    default_stickiness: str = "default"
    created_at: Time


class TypeCountJson(Struct, kw_only=True):
    """The number of live toggles of a type."""

    type: str
    count: Count


class ProjectEnvironmentNameJson(Struct, kw_only=True):
    """The name of an environment."""

    environment: str


class _ProjectJson(Struct, kw_only=True, rename="camel"):
    version: int = 1
    name: str
    description: str
    mode: str = "open"
    default_stickiness: str = "default"
    health: Count
    members: Count = 0
    favorite: bool = False
    created_at: Time
    updated_at: Time
    environments: Sequence[ProjectEnvironmentNameJson]


class ProjectOverviewJson(_ProjectJson, kw_only=True, rename="camel"):
    """The project with the numbers of its toggles.

    `health` is the percentage of live toggles that are neither stale nor older than their expected
    lifetime.
    """

    feature_type_counts: Sequence[TypeCountJson]


class ProjectHealthJson(_ProjectJson, kw_only=True, rename="camel"):
    """The project with its live toggles, and the numbers of those that are active or stale."""

    active_count: Count
    stale_count: Count
    potentially_stale_count: Count
    features: Sequence[ProjectFeatureSummaryJson]


@routes.route(
    "POST",
    _PROJECTS,
    id="createProject",
    body=NewProjectBody,
    example={"id": "warehouse", "name": "Warehouse", "description": "What packers use."},
    answers={201: Answer("The new project.", CreatedProjectJson)},
    errors=(BadDataError, NameExistsError),
)
async def create(request: Request) -> Response:
    """Create a project.

    A project that exists only because toggles name it can be created, too.
    """
    body = await read_body(request, NewProjectBody)
    async with request.store.write(request.principal.actor) as work:
        project = await create_project(work, name=body.id, fields=body.fields())
    created = CreatedProjectJson(
        id=project.name,
        name=project.title,
        description=project.description,
        created_at=format_time(project.created_at),
    )
    return json_response(created, status=HTTPStatus.CREATED)


@routes.route(
    "PUT",
    _PROJECT,
    id="updateProject",
    parameters=(_NEW,),
    body=ProjectBody,
    example={"name": "Shop", "description": "What customers see."},
    errors=(BadDataError, MissingError),
)
async def update(request: Request) -> Response:
    """Change the name and the description of a project.

    An omitted description is unchanged. The ID of a project never changes.
    """
    body = await read_body(request, ProjectBody)
    async with request.store.write(request.principal.actor) as work:
        await update_project(work, project_of(work.snapshot, request), body.fields())
    return Response(200)


@routes.route(
    "DELETE",
    _PROJECT,
    id="deleteProject",
    parameters=(_OLD,),
    errors=(MissingError, ConflictError),
)
async def delete(request: Request) -> Response:
    """Delete a project that has neither toggles nor tokens.

    Archived toggles count, too.
    """
    async with request.store.write(request.principal.actor) as work:
        await delete_project(work, project_of(work.snapshot, request))
    return Response(200)


@routes.route(
    "GET",
    f"{_PROJECT}/overview",
    id="getProjectOverview",
    parameters=(PROJECT,),
    answers={200: ProjectOverviewJson},
    errors=(MissingError,),
)
async def get_overview(request: Request) -> Response:
    """Read a project with the number of its live toggles of each type.

    The list of environments contains all enabled environments.
    """
    project, toggles = _project_with_toggles(request)
    types = Counter(toggle.type for toggle in toggles)
    return json_response(
        ProjectOverviewJson(
            **_fields(request, project, toggles),
            feature_type_counts=[
                TypeCountJson(type=type, count=types[type]) for type in sorted(types)
            ],
        )
    )


@routes.route(
    "GET",
    f"{_PROJECT}/health-report",
    id="getProjectHealthReport",
    parameters=(PROJECT,),
    answers={200: ProjectHealthJson},
    errors=(MissingError,),
)
async def get_health(request: Request) -> Response:
    """Read how many live toggles of a project are stale, or older than their expected lifetime.

    The expected lifetime depends on the type of the toggle.
    """
    project, toggles = _project_with_toggles(request)
    snapshot, now = request.snapshot, request.store.clock()
    stale = sum(toggle.stale for toggle in toggles)
    return json_response(
        ProjectHealthJson(
            **_fields(request, project, toggles),
            stale_count=stale,
            active_count=len(toggles) - stale,
            potentially_stale_count=sum(
                _is_potentially_stale(snapshot, toggle, now) for toggle in toggles
            ),
            features=[
                feature_summary_json(toggle, snapshot, request.store.usage) for toggle in toggles
            ],
        )
    )


def _project_with_toggles(request: Request) -> tuple[Project, list[Toggle]]:
    snapshot = request.snapshot
    name = project_of(snapshot, request)
    return snapshot.projects[name], [
        toggle for toggle in snapshot.live_toggles if toggle.project == name
    ]


def _fields(request: Request, project: Project, toggles: Sequence[Toggle]) -> dict[str, Any]:
    snapshot, now = request.snapshot, request.store.clock()
    healthy = sum(
        not toggle.stale and not _is_potentially_stale(snapshot, toggle, now) for toggle in toggles
    )
    return {
        "name": project.title,
        "description": project.description,
        "health": round(100 * healthy / len(toggles)) if toggles else 100,
        "created_at": format_time(project.created_at),
        "updated_at": format_time(
            max((toggle.updated_at for toggle in toggles), default=project.created_at)
        ),
        "environments": [
            ProjectEnvironmentNameJson(environment=environment.name)
            for environment in snapshot.environments_in_order
            if environment.enabled
        ],
    }


def _is_potentially_stale(snapshot: Snapshot, toggle: Toggle, now: datetime) -> bool:
    end = expires_at(snapshot, toggle)
    return not toggle.stale and end is not None and end <= now
