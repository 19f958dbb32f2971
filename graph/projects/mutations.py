"""Mutations on projects."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.context import Info
from graph.ids import encode_id
from graph.inputs.project import ProjectCreateInput, ProjectDeleteInput, ProjectUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from graph.projects.type import Project
from store import model
from store.errors import Problems
from store.operations import projects
from store.operations.fields import ProjectFields


@strawberry.type(description="The outcome of creating a project.")
class ProjectCreatePayload(Payload):
    project: model.Project | None = shown_as(
        Project, "The new project, null when it could not be created."
    )


@strawberry.type(description="The outcome of changing a project.")
class ProjectUpdatePayload(Payload):
    project: model.Project | None = shown_as(
        Project, "The project after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of deleting a project.")
class ProjectDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the deleted project, null when it could not be deleted."
    )


@mutation
async def project_create(
    info: Info,
    input: Annotated[ProjectCreateInput, argument(description="What it looks like.")],
) -> ProjectCreatePayload:
    """Create a project."""
    async with change(info) as work:
        project = await projects.create_project(
            work, name=input.name, fields=mapping.new_fields(ProjectFields, input)
        )
    return ProjectCreatePayload(project=project)


@mutation
async def project_update(
    info: Info,
    input: Annotated[ProjectUpdateInput, argument(description="What to change.")],
) -> ProjectUpdatePayload:
    """Change a project."""
    problems = Problems()
    fields = mapping.changed_fields(ProjectFields, input, problems)
    async with change(info, problems) as work:
        project = await projects.update_project(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return ProjectUpdatePayload(project=project)


@mutation
async def project_delete(
    info: Info,
    input: Annotated[ProjectDeleteInput, argument(description="Which project.")],
) -> ProjectDeletePayload:
    """Delete an empty project."""
    async with change(info) as work:
        project = await projects.delete_project(work, input.name)
    return ProjectDeletePayload(deleted_id=encode_id("Project", project.name))
