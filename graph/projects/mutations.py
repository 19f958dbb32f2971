"""Mutations on projects."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.ids import encode_id
from graph.input_fields import changes_of, expected_revision_field, new_fields
from graph.payload import (
    Payload,
    change_mutation,
    deleted_id_field,
    named_subject,
    typed_as,
)
from graph.projects.type import Project
from store import model
from store.events import EventType, SubjectKind
from store.operations import projects
from store.operations.fields import ProjectFields
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The fields of a new project.")
class ProjectCreateInput:
    name: str = strawberry.field(description="The unique name.")
    title: str = strawberry.field(default="", description="The display name.")
    description: str = strawberry.field(default="", description="The purpose of the project.")


@strawberry.input(description="Changes to a project; omitted fields stay unchanged.")
class ProjectUpdateInput:
    name: str = strawberry.field(description="The name of the project.")
    title: Maybe[str | None] = strawberry.field(description="The display name.")
    description: Maybe[str | None] = strawberry.field(description="The purpose of the project.")
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The empty project to delete.")
class ProjectDeleteInput:
    name: str = strawberry.field(description="The name of the project.")


@strawberry.type(description="The outcome of creating a project.")
class ProjectCreatePayload(Payload):
    project: model.Project | None = typed_as(
        Project, "The new project, null if it could not be created."
    )


@strawberry.type(description="The outcome of changing a project.")
class ProjectUpdatePayload(Payload):
    project: model.Project | None = typed_as(
        Project, "The project after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of deleting a project.")
class ProjectDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("project")


_project = named_subject(SubjectKind.PROJECT)


@change_mutation(EventType.PROJECT_CREATED, _project)
async def project_create(
    work: UnitOfWork,
    input: Annotated[ProjectCreateInput, argument(description="The fields of the new object.")],
) -> ProjectCreatePayload:
    """Create a project."""
    project = await projects.create_project(
        work, name=input.name, fields=new_fields(ProjectFields, input)
    )
    return ProjectCreatePayload(project=project)


@change_mutation(EventType.PROJECT_UPDATED, _project)
async def project_update(
    work: UnitOfWork,
    input: Annotated[ProjectUpdateInput, argument(description="The changes.")],
) -> ProjectUpdatePayload:
    """Change a project."""
    with changes_of(input, ProjectFields) as fields:
        project = await projects.update_project(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return ProjectUpdatePayload(project=project)


@change_mutation(EventType.PROJECT_DELETED, _project)
async def project_delete(
    work: UnitOfWork,
    input: Annotated[ProjectDeleteInput, argument(description="The project.")],
) -> ProjectDeletePayload:
    """Delete an empty project."""
    project = await projects.delete_project(work, input.name)
    return ProjectDeletePayload(deleted_id=encode_id("Project", project.name))
