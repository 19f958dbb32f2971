"""Mutations on applications."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.applications.application import Application
from graph.context import Info
from graph.ids import encode_id
from graph.inputs.application import ApplicationDeleteInput, ApplicationUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from store.errors import Problems
from store.metrics import applications as metrics
from store.operations import applications


@strawberry.type(description="The outcome of changing an application.")
class ApplicationUpdatePayload(Payload):
    application: metrics.Application | None = shown_as(
        Application, "The application after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of forgetting an application.")
class ApplicationDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the forgotten application, null when it could not be forgotten."
    )


@mutation
async def application_update(
    info: Info,
    input: Annotated[ApplicationUpdateInput, argument(description="What to change.")],
) -> ApplicationUpdatePayload:
    """Change what people wrote about an application."""
    problems = Problems()
    description = mapping.given(input.description, path=("description",), problems=problems)
    async with change(info, problems) as work:
        application = await applications.update_application(
            work,
            input.name,
            description=description,
            url=mapping.given_or_null(input.url),
            icon=mapping.given_or_null(input.icon),
        )
    return ApplicationUpdatePayload(application=application)


@mutation
async def application_delete(
    info: Info,
    input: Annotated[ApplicationDeleteInput, argument(description="Which application.")],
) -> ApplicationDeletePayload:
    """Forget an application with its instances and usage reports."""
    async with change(info) as work:
        application = await applications.delete_application(work, input.name)
    return ApplicationDeletePayload(deleted_id=encode_id("Application", application.name))
