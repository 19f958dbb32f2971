"""Projects in the 3.x admin API."""

from typing import Any

from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from store.model import Project
from store.wire_time import wire_time


async def _list(request: Request) -> Answer:
    """Projects that only a toggle has named are left out."""
    projects = sorted(request.snapshot.projects.items())
    return json_answer(
        {"version": 1, "projects": [_document(it) for _, it in projects if it.declared]}
    )


def _document(project: Project) -> dict[str, Any]:
    return {
        "id": project.name,
        "name": project.title,
        "description": project.description,
        "createdAt": wire_time(project.created_at),
    }


ROUTES: Routes = {"/api/admin/projects": {"GET": Route(_list)}}
