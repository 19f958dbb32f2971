"""The base of mutations. A mutation runs in one transaction and returns refusals in its payload."""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias, TypeVar, get_args

import strawberry
from msgspec import Struct
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from graph.context import Info
from graph.user_errors import UserError, user_error
from store import Snapshot
from store.errors import DomainError, Refusal
from store.events import EventType, SubjectKind
from store.unit_of_work import UnitOfWork

T = TypeVar("T")
Make: TypeAlias = Callable[[UnitOfWork, Any], Awaitable["Payload"]]

# A payload has at most this many errors. A change set with 200 changes could have more errors.
MAX_ERRORS = 1_000


class RefusedAttempt(Refusal):
    """A refusal, with the configuration after the attempted change."""

    def __init__(self, attempt: Snapshot, *errors: DomainError) -> None:
        super().__init__(*errors)
        self.attempt = attempt


@strawberry.type
class Payload:
    """The base of all payloads. If there are errors, all other fields are null."""

    errors: list[UserError] = strawberry.field(
        default_factory=list[UserError],
        description="The reasons why the change was refused; empty on success.",
    )


class ChangeSubject(Struct, frozen=True):
    """The subject that the input of a change names."""

    kind: SubjectKind
    name: str
    environment: str | None = None


def named_subject(kind: SubjectKind) -> Callable[[Snapshot, Any], ChangeSubject]:
    """Return a `subject` for `change_mutation` that reads the field `name` of the input."""

    def subject(_snapshot: Snapshot, input: Any) -> ChangeSubject:
        return ChangeSubject(kind, input.name)

    return subject


class ChangeMember(Struct, frozen=True):
    """The information that a change set needs to make the change of one mutation."""

    make: Make
    input: type
    type: EventType | Callable[[Any], EventType]
    subject: Callable[[Snapshot, Any], ChangeSubject]
    description: str


# The metadata of a root field contains its ChangeMember under this key.
_MEMBER = "change_set_member"


def typed_as(graphql_type: Any, description: str) -> Any:
    """Declare a payload field that holds an object of the store as a GraphQL type."""
    return strawberry.field(default=None, graphql_type=graphql_type | None, description=description)


def deleted_id_field(noun: str) -> Any:
    """Declare the payload field with the ID of a deleted object."""
    description = f"The ID of the deleted {noun}, null if it could not be deleted."
    return typed_as(strawberry.ID, description)


class RefusalsInPayload(FieldExtension):
    """Turns a refusal of the store into a payload with errors."""

    def __init__(self) -> None:
        self._payload_class: Callable[..., Payload] = Payload

    def apply(self, field: StrawberryField) -> None:
        """Record the payload class of the mutation."""
        payload_class: Any = field.type
        self._payload_class = payload_class

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Info, **arguments: Any
    ) -> Any:
        """Run the mutation, and let its subfields resolve from the resulting configuration."""
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
        return self._payload_class(
            errors=[user_error(error, snapshot) for error in errors[:MAX_ERRORS]]
        )


def mutation(make: Make) -> Any:
    """Create a root field that makes one change on behalf of the caller in a transaction.

    `make` takes the unit of work and the input, and returns the payload. The annotation of the
    input describes the argument. The docstring of `make` describes the field.
    """

    return _root_field(_in_transaction(make), make)


def change_mutation(
    type: EventType | Callable[[Any], EventType],
    subject: Callable[[Snapshot, Any], ChangeSubject],
    description: str | None = None,
) -> Callable[[Make], Any]:
    """Create a `mutation` that becomes a member of ChangeInput, so that change sets can contain it.

    `type` is the type of the change's event, or a function that returns the type for an input.
    `description` describes the member of ChangeInput; by default the mutation's description is
    used.
    """

    def decorate(make: Make) -> Any:
        member = ChangeMember(
            make=make,
            input=get_args(inspect.signature(make).parameters["input"].annotation)[0],
            type=type,
            subject=subject,
            description=description or inspect.getdoc(make) or "",
        )
        return _root_field(_in_transaction(make), make, {_MEMBER: member})

    return decorate


def member_of(field: StrawberryField) -> ChangeMember | None:
    """Return the ChangeMember of a root field; None if change sets cannot contain the mutation."""
    return field.metadata.get(_MEMBER)


def mutation_with_info(resolver: Callable[..., Awaitable[Payload]]) -> Any:
    """Create a root field whose resolver opens its own transaction.

    The docstring of the resolver describes the field. See `change` and `prepared_change`.
    """
    return _root_field(resolver, resolver)


def mutation_with_member(
    member: ChangeMember,
) -> Callable[[Callable[..., Awaitable[Payload]]], Any]:
    """Create a root field like `mutation_with_info`.

    Change sets can contain the change of `member`.
    """

    def decorate(resolver: Callable[..., Awaitable[Payload]]) -> Any:
        return _root_field(resolver, resolver, {_MEMBER: member})

    return decorate


def _in_transaction(make: Make) -> Callable[..., Awaitable[Payload]]:
    """Create a resolver that runs `make` in a transaction.

    Strawberry reads the annotations of `make`.
    """

    async def resolve(info: Info, input: Any) -> Payload:
        async with change(info) as work:
            return await make(work, input)

    signature = inspect.signature(make)
    info = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info)
    parameters = (info, signature.parameters["input"])
    vars(resolve)["__signature__"] = signature.replace(parameters=parameters)
    resolve.__name__, resolve.__module__ = make.__name__, make.__module__
    return resolve


def _root_field(
    resolver: Callable[..., Awaitable[Payload]],
    described: Callable[..., Any],
    metadata: Mapping[Any, Any] | None = None,
) -> Any:
    return strawberry.mutation(
        resolver=resolver,
        description=inspect.getdoc(described),
        extensions=[RefusalsInPayload()],
        metadata=metadata,
    )


@asynccontextmanager
async def change(info: Info, *, dry_run: bool = False) -> AsyncGenerator[UnitOfWork]:
    """Open a transaction on behalf of the caller. A dry run stores nothing.

    Raises: RefusedAttempt.
    """
    async with info.context.store.write(info.context.principal.actor, dry_run=dry_run) as work:
        try:
            yield work
        except Refusal as refusal:
            raise RefusedAttempt(work.snapshot, *refusal.errors) from None


async def prepared_change(
    info: Info, prepare: Callable[[UnitOfWork], Awaitable[T]], *, dry_run: bool = False
) -> T:
    """Make a large change on behalf of the caller, and return the result of `prepare`.

    Other writers can commit during the preparation; see `Store.write_prepared`.

    Raises: RefusedAttempt.
    """

    async def attempt(work: UnitOfWork) -> T:
        try:
            return await prepare(work)
        except Refusal as refusal:
            raise RefusedAttempt(work.snapshot, *refusal.errors) from None

    actor = info.context.principal.actor
    return await info.context.store.write_prepared(actor, attempt, dry_run=dry_run)
