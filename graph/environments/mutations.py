"""Mutations on environments."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.context import Info
from graph.environments.type import Environment
from graph.ids import encode_id
from graph.inputs.environment import (
    EnvironmentCreateInput,
    EnvironmentDeleteInput,
    EnvironmentUpdateInput,
)
from graph.payload import Payload, change, mutation, shown_as
from store import model
from store.errors import Problems
from store.operations import environments
from store.operations.fields import EnvironmentFields


@strawberry.type(description="The outcome of creating an environment.")
class EnvironmentCreatePayload(Payload):
    environment: model.Environment | None = shown_as(
        Environment, "The new environment, null when it could not be created."
    )


@strawberry.type(description="The outcome of changing an environment.")
class EnvironmentUpdatePayload(Payload):
    environment: model.Environment | None = shown_as(
        Environment, "The environment after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of deleting an environment.")
class EnvironmentDeletePayload(Payload):
    deleted_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the deleted environment, null when it could not be deleted."
    )


@mutation
async def environment_create(
    info: Info,
    input: Annotated[EnvironmentCreateInput, argument(description="What it looks like.")],
) -> EnvironmentCreatePayload:
    """Create an environment."""
    async with change(info) as work:
        environment = await environments.create_environment(
            work, name=input.name, type=input.type, copy_from=input.copy_from
        )
    return EnvironmentCreatePayload(environment=environment)


@mutation
async def environment_update(
    info: Info,
    input: Annotated[EnvironmentUpdateInput, argument(description="What to change.")],
) -> EnvironmentUpdatePayload:
    """Change an environment."""
    problems = Problems()
    fields = mapping.changed_fields(EnvironmentFields, input, problems)
    async with change(info, problems) as work:
        environment = await environments.update_environment(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return EnvironmentUpdatePayload(environment=environment)


@mutation
async def environment_delete(
    info: Info,
    input: Annotated[EnvironmentDeleteInput, argument(description="Which environment.")],
) -> EnvironmentDeletePayload:
    """Delete an environment."""
    async with change(info) as work:
        environment = await environments.delete_environment(work, input.name)
    return EnvironmentDeletePayload(deleted_id=encode_id("Environment", environment.name))
