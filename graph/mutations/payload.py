"""What mutations share: one transaction each, whose refusal goes into the payload."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import getdoc
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from graph.context import Info
from graph.types.errors import UserError, user_error
from store.errors import DomainError, Problems, Refusal
from store.unit_of_work import UnitOfWork


@strawberry.type
class Payload:
    """What every payload begins with; all other fields are null when there are errors."""

    errors: list[UserError] = strawberry.field(
        default_factory=list[UserError],
        description="Everything that kept the change from being made; empty on success.",
    )


def shown_as(graphql_type: Any, description: str) -> Any:
    """A field of a payload: an object of the store shown as a GraphQL type, null on errors."""
    return strawberry.field(default=None, graphql_type=graphql_type | None, description=description)


class RefusalsInPayload(FieldExtension):
    """Turns what the store refuses, and why, into the payload of the mutation."""

    def __init__(self) -> None:
        self._payload_class: Callable[..., Payload] = Payload

    def apply(self, field: StrawberryField) -> None:
        """Note which payload the mutation has."""
        payload_class: Any = field.type
        self._payload_class = payload_class

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Info, **arguments: Any
    ) -> Any:
        """Run the mutation; what is selected below it sees the configuration it has left."""
        try:
            return await next_(source, info, **arguments)
        except Refusal as refusal:
            return self._payload_class(errors=[user_error(error) for error in refusal.errors])
        except DomainError as error:
            return self._payload_class(errors=[user_error(error)])
        finally:
            info.context.refresh()


def mutation(resolver: Callable[..., Awaitable[Payload]]) -> Any:
    """A root field that changes something; its description is the docstring of the resolver."""
    return strawberry.mutation(
        resolver=resolver, description=getdoc(resolver), extensions=[RefusalsInPayload()]
    )


@asynccontextmanager
async def change(info: Info, problems: Problems | None = None) -> AsyncGenerator[UnitOfWork]:
    """One transaction in the name of the caller.

    `problems` holds what is wrong with the input already. Operations run all the same, so that the
    caller learns everything at once; nothing is stored.

    Raises: Refusal: with the errors of both; of several for one field only the first counts.
    """
    noted = tuple(problems.errors) if problems is not None else ()
    async with info.context.store.write(info.context.principal.actor) as work:
        try:
            yield work
        except Refusal as refusal:
            paths = {error.path for error in noted}
            more = [error for error in refusal.errors if error.path not in paths]
            raise Refusal(*noted, *more) from None
        if noted:
            raise Refusal(*noted)
