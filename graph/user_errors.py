"""Convert errors of the store to the errors in payloads."""

from enum import StrEnum
from typing import Any

import strawberry

from graph.context import Info
from graph.enums import describe
from graph.events.event import Event
from graph.node import Node
from store import errors, events, events_log
from store.kinds import identity_of
from store.model import ToggleEnvironment
from store.snapshot import Snapshot, counterpart
from store.usage.applications import Application

_MESSAGE = "The reason in one sentence, suitable for display."
_PATH = "The path of the field with the error."


class UserErrorCode(StrEnum):
    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    REVISION_CONFLICT = "REVISION_CONFLICT"
    IN_USE = "IN_USE"
    BUILT_IN = "BUILT_IN"
    WRONG_STATE = "WRONG_STATE"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"


describe(
    UserErrorCode,
    "The kinds of reasons to refuse a change.",
    INVALID="A value breaks a rule.",
    NOT_FOUND="A referenced object does not exist.",
    ALREADY_EXISTS="The name is taken.",
    REVISION_CONFLICT="The object has changed since the expected revision.",
    IN_USE="Other objects still refer to the object.",
    BUILT_IN="The object is built in and does not allow the change.",
    WRONG_STATE="The object is not in a state that allows the change.",
    LIMIT_EXCEEDED="A limit of the server would be exceeded.",
)


@strawberry.interface(
    description="A reason why a change was refused. The caller can resolve the problem."
)
class UserError:
    code: UserErrorCode = strawberry.field(description="The kind of reason.")
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(
        description=(
            "The path from the root of the input to the field with the error. List indexes are"
            " decimal strings; an empty path means the whole input."
        )
    )


@strawberry.type(description="A value breaks a rule.")
class InvalidError(UserError):
    code: UserErrorCode = strawberry.field(description="Always INVALID.")
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(description=_PATH)
    rule: str = strawberry.field(description="A stable name for the rule, such as weights-sum.")


@strawberry.type(description="A referenced object does not exist.")
class NotFoundError(UserError):
    code: UserErrorCode = strawberry.field(description="Always NOT_FOUND.")
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(description=_PATH)
    name: str = strawberry.field(description="The name or ID that was not found.")


@strawberry.type(description="The name is taken.")
class AlreadyExistsError(UserError):
    code: UserErrorCode = strawberry.field(description="Always ALREADY_EXISTS.")
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(description=_PATH)
    existing: Any = strawberry.field(
        graphql_type=Node, description="The object that already has the name."
    )
    archived: bool = strawberry.field(
        description="Whether the existing object is archived. An archived object can be revived."
    )


@strawberry.type(description="The object has changed since the expected revision.")
class RevisionConflictError(UserError):
    code: UserErrorCode = strawberry.field(description="Always REVISION_CONFLICT.")
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(description="The path of the expected revision.")
    expected_revision: int = strawberry.field(description="The revision that the caller expected.")
    actual_revision: int = strawberry.field(description="The current revision of the object.")
    current: Any = strawberry.field(graphql_type=Node, description="The object as it is now.")

    @strawberry.field(
        graphql_type=Event | None,
        description=(
            "The event of the change that caused the conflict; null if the change "
            "recorded no event."
        ),
    )
    async def last_event(self, info: Info) -> events.Event | None:
        """Return the event. The event is read from the log only if the field is selected."""
        async with info.context.store.read() as session:
            return await events_log.last_event_at(
                session,
                *_subject_of(self.current),
                revision=self.actual_revision,
                environment=_environment_of(self.current),
            )


@strawberry.type(description="Other objects still refer to the object.")
class InUseError(UserError):
    code: UserErrorCode = strawberry.field(description="Always IN_USE.")
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(description=_PATH)
    used_by: Any = strawberry.field(
        graphql_type=list[Node], description="Up to ten of the objects that refer to the object."
    )
    used_by_count: int = strawberry.field(
        description="The number of objects that refer to the object."
    )


@strawberry.type(description="A reason without additional fields.")
class OtherUserError(UserError):
    code: UserErrorCode = strawberry.field(
        description="One of BUILT_IN, WRONG_STATE and LIMIT_EXCEEDED."
    )
    message: str = strawberry.field(description=_MESSAGE)
    path: list[str] = strawberry.field(description=_PATH)


ERROR_TYPES = (
    InvalidError,
    NotFoundError,
    AlreadyExistsError,
    RevisionConflictError,
    InUseError,
    OtherUserError,
)


def user_error(error: errors.DomainError, snapshot: Snapshot) -> UserError:
    """Convert an error of the store to an error in a payload.

    The store's errors are exceptions, and graphql-core would raise a returned exception. Objects
    are displayed in their state in the snapshot, because clients must not cache the unsaved state
    of a refused change set.
    """
    code, message, path = UserErrorCode(error.code), error.message, list(error.path)
    match error:
        case errors.InvalidError():
            return InvalidError(code=code, message=message, path=path, rule=error.rule)
        case errors.NotFoundError():
            return NotFoundError(code=code, message=message, path=path, name=error.name)
        case errors.AlreadyExistsError():
            return AlreadyExistsError(
                code=code,
                message=message,
                path=path,
                existing=counterpart(snapshot, error.existing),
                archived=error.archived,
            )
        case errors.RevisionConflictError():
            current = error.current
            if not isinstance(current, Application):  # snapshots have no applications
                current = counterpart(snapshot, current)
            return RevisionConflictError(
                code=code,
                message=message,
                path=path,
                expected_revision=error.expected,
                actual_revision=error.actual,
                current=current,
            )
        case errors.InUseError():
            return InUseError(
                code=code,
                message=message,
                path=path,
                used_by=[counterpart(snapshot, user) for user in error.used_by],
                used_by_count=error.count,
            )
        case _:
            return OtherUserError(code=code, message=message, path=path)


def _subject_of(current: Any) -> tuple[events.SubjectKind, str]:
    """Return the kind and the key that the audit log uses for an object."""
    if isinstance(current, ToggleEnvironment):
        return events.SubjectKind.TOGGLE, current.toggle_id
    if isinstance(current, Application):
        return events.SubjectKind.APPLICATION, current.name
    kind, key, _ = identity_of(current)
    return kind, key


def _environment_of(current: Any) -> str | None:
    """Return the environment of a conflict; None if the conflict concerns the whole object."""
    return current.environment if isinstance(current, ToggleEnvironment) else None
