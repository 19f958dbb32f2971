"""What mutations share: one transaction each, whose refusal goes into the payload."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import getdoc
from typing import Any, TypeVar

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from graph.changes.problems import along_with
from graph.context import Info
from graph.user_errors import UserError, user_error
from store import Snapshot
from store.errors import DomainError, Problems, Refusal
from store.unit_of_work import UnitOfWork

T = TypeVar("T")

# So many errors nobody reads; a change set of 200 changes could have far more.
MAX_ERRORS = 1_000


class RefusedAttempt(Refusal):
    """What was refused, with the configuration as the attempt had made it by then."""

    def __init__(self, attempt: Snapshot, *errors: DomainError) -> None:
        super().__init__(*errors)
        self.attempt = attempt


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
        attempt: Snapshot | None = None
        try:
            return await next_(source, info, **arguments)
        except RefusedAttempt as refusal:
            errors, attempt = refusal.errors, refusal.attempt
        except Refusal as refusal:
            errors = refusal.errors
        except DomainError as error:
            errors = (error,)
        finally:
            info.context.refresh()
        if attempt is not None:
            info.context.show_attempt(attempt)
        snapshot = info.context.snapshot
        return self._payload_class(errors=[user_error(it, snapshot) for it in errors[:MAX_ERRORS]])


def mutation(resolver: Callable[..., Awaitable[Payload]]) -> Any:
    """A root field that changes something; its description is the docstring of the resolver."""
    return strawberry.mutation(
        resolver=resolver, description=getdoc(resolver), extensions=[RefusalsInPayload()]
    )


@asynccontextmanager
async def change(
    info: Info, problems: Problems | None = None, *, dry_run: bool = False
) -> AsyncGenerator[UnitOfWork]:
    """One transaction in the name of the caller; a dry run stores nothing.

    `problems` holds what is wrong with the input already: see `along_with`.

    Raises: RefusedAttempt.
    """
    async with info.context.store.write(info.context.principal.actor, dry_run=dry_run) as work:
        try:
            with along_with(problems or Problems()):
                yield work
        except Refusal as refusal:
            raise RefusedAttempt(work.snapshot, *refusal.errors) from None


async def prepared_change(
    info: Info, prepare: Callable[[UnitOfWork], Awaitable[T]], *, dry_run: bool = False
) -> T:
    """What `prepare` returns, which makes a large change in the name of the caller.

    Others write while it is made: see `Store.write_prepared`.

    Raises: RefusedAttempt.
    """

    async def attempt(work: UnitOfWork) -> T:
        try:
            return await prepare(work)
        except Refusal as refusal:
            raise RefusedAttempt(work.snapshot, *refusal.errors) from None

    actor = info.context.principal.actor
    return await info.context.store.write_prepared(actor, attempt, dry_run=dry_run)
