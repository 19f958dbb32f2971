"""Mutations on applications."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.applications.application import Application
from graph.ids import encode_id
from graph.input_fields import along_with, given, given_or_null
from graph.payload import Payload, change_mutation, mutation, named_subject, typed_as
from store.errors import Problems
from store.events import EventType, SubjectKind
from store.operations import applications
from store.unit_of_work import UnitOfWork
from store.usage import applications as metrics


@strawberry.input(
    description="Changes to the description, URL or icon of an application; omitted fields stay "
    "unchanged."
)
class ApplicationUpdateInput:
    name: str = strawberry.field(description="The name of the application.")
    description: Maybe[str | None] = strawberry.field(description="The purpose of the application.")
    url: Maybe[str | None] = strawberry.field(
        description="The URL of the application; null removes it."
    )
    icon: Maybe[str | None] = strawberry.field(description="The name of an icon; null removes it.")


@strawberry.input(
    description="The application to delete. It reappears when one of its instances reports again."
)
class ApplicationDeleteInput:
    name: str = strawberry.field(description="The name of the application.")


@strawberry.type(description="The outcome of changing an application.")
class ApplicationUpdatePayload(Payload):
    application: metrics.Application | None = typed_as(
        Application, "The application after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of deleting an application.")
class ApplicationDeletePayload(Payload):
    deleted_id: strawberry.ID | None = typed_as(
        strawberry.ID, "The ID of the deleted application, null if it could not be deleted."
    )


@change_mutation(EventType.APPLICATION_UPDATED, named_subject(SubjectKind.APPLICATION))
async def application_update(
    work: UnitOfWork,
    input: Annotated[ApplicationUpdateInput, argument(description="The changes.")],
) -> ApplicationUpdatePayload:
    """Change the description, URL or icon of an application."""
    problems = Problems()
    description = given(input.description, path=("description",), problems=problems)
    with along_with(problems):
        application = await applications.update_application(
            work,
            input.name,
            description=description,
            url=given_or_null(input.url),
            icon=given_or_null(input.icon),
        )
    return ApplicationUpdatePayload(application=application)


@mutation
async def application_delete(
    work: UnitOfWork,
    input: Annotated[ApplicationDeleteInput, argument(description="The application.")],
) -> ApplicationDeletePayload:
    """Delete an application with its instances and usage.

    The application reappears when one of its instances reports again.
    """
    application = await applications.delete_application(work, input.name)
    return ApplicationDeletePayload(deleted_id=encode_id("Application", application.name))
