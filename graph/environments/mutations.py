"""Mutations on environments."""

from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.enums import EnvironmentType
from graph.environments.type import Environment
from graph.ids import encode_id
from graph.input_fields import changes_of, expected_revision_field
from graph.payload import (
    Payload,
    change_mutation,
    deleted_id_field,
    named_subject,
    typed_as,
)
from store import model
from store.events import EventType, SubjectKind
from store.operations import environments
from store.operations.fields import EnvironmentFields
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The fields of a new environment.")
class EnvironmentCreateInput:
    name: str = strawberry.field(description="The unique name.")
    type: EnvironmentType = strawberry.field(
        default=EnvironmentType.DEVELOPMENT, description="The purpose of the environment."
    )
    copy_from: str | None = strawberry.field(
        description="An environment from which to copy all toggle configurations."
    )


@strawberry.input(description="Changes to an environment; omitted fields stay unchanged.")
class EnvironmentUpdateInput:
    name: str = strawberry.field(description="The name of the environment.")
    type: Maybe[EnvironmentType | None] = strawberry.field(
        description="The purpose of the environment."
    )
    enabled: Maybe[bool | None] = strawberry.field(description="Whether the environment is in use.")
    sort_order: Maybe[int | None] = strawberry.field(
        description="The position among the environments."
    )
    expected_revision: int | None = expected_revision_field()


@strawberry.input(
    description="The environment to delete, together with every toggle configuration in it."
)
class EnvironmentDeleteInput:
    name: str = strawberry.field(description="The name of the environment.")


@strawberry.type(description="The outcome of creating an environment.")
class EnvironmentCreatePayload(Payload):
    environment: model.Environment | None = typed_as(
        Environment, "The new environment, null if it could not be created."
    )


@strawberry.type(description="The outcome of changing an environment.")
class EnvironmentUpdatePayload(Payload):
    environment: model.Environment | None = typed_as(
        Environment, "The environment after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of deleting an environment.")
class EnvironmentDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("environment")


_environment = named_subject(SubjectKind.ENVIRONMENT)


@change_mutation(EventType.ENVIRONMENT_CREATED, _environment)
async def environment_create(
    work: UnitOfWork,
    input: Annotated[EnvironmentCreateInput, argument(description="The fields of the new object.")],
) -> EnvironmentCreatePayload:
    """Create an environment."""
    environment = await environments.create_environment(
        work, name=input.name, type=input.type, copy_from=input.copy_from
    )
    return EnvironmentCreatePayload(environment=environment)


@change_mutation(EventType.ENVIRONMENT_UPDATED, _environment)
async def environment_update(
    work: UnitOfWork,
    input: Annotated[EnvironmentUpdateInput, argument(description="The changes.")],
) -> EnvironmentUpdatePayload:
    """Change an environment."""
    with changes_of(input, EnvironmentFields) as fields:
        environment = await environments.update_environment(
            work, input.name, fields, expected_revision=input.expected_revision
        )
    return EnvironmentUpdatePayload(environment=environment)


@change_mutation(EventType.ENVIRONMENT_DELETED, _environment)
async def environment_delete(
    work: UnitOfWork,
    input: Annotated[EnvironmentDeleteInput, argument(description="The environment.")],
) -> EnvironmentDeletePayload:
    """Delete an environment."""
    environment = await environments.delete_environment(work, input.name)
    return EnvironmentDeletePayload(deleted_id=encode_id("Environment", environment.name))
