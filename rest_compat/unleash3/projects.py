"""Projects and toggle types of the 3.x admin API."""

from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.models import (
    ProjectsJson,
    ToggleTypesJson,
    project_json,
    toggle_type_json,
)

routes = RouteTable("admin: projects and types")


@routes.route("GET", "/api/admin/projects", id="getProjects", answers={200: ProjectsJson})
async def list_projects(request: Request) -> Response:
    """List all projects.

    Projects that exist only as names in toggles are omitted.
    """
    # Omit projects that were never created and exist only as names in toggles.
    projects = sorted(request.snapshot.projects.items())
    declared = [project_json(project) for _, project in projects if project.declared]
    return json_response(ProjectsJson(projects=declared))


@routes.route(
    "GET", "/api/admin/feature-types", id="getAllFeatureTypes", answers={200: ToggleTypesJson}
)
async def list_toggle_types(request: Request) -> Response:
    """List all types of toggles.

    Each type has the expected lifetime of its toggles.
    """
    types = sorted(
        request.snapshot.toggle_types.values(), key=lambda type: (type.sort_order, type.name)
    )
    declared = [toggle_type_json(type) for type in types if type.declared]
    return json_response(ToggleTypesJson(types=declared))
