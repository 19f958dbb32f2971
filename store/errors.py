"""The errors of the store: refused changes, and failures of the database."""

from collections.abc import Sequence
from typing import Any, Never, TypeAlias

Path: TypeAlias = tuple[str, ...]


def format_path(path: Path) -> str:
    """Format a path for a message, such as `toggles[3].environments[0].enabled`."""
    formatted = ""
    for step in path:
        formatted += f"[{step}]" if step.isdecimal() else f".{step}" if formatted else step
    return formatted


class DomainError(Exception):
    """A reason to refuse a change, with a code, a message that names the value, and a path.

    `path` leads to the value in the input. The path contains camelCase field names and list indexes
    as decimal strings; an empty path means the whole input. The codes are the values of GraphQL's
    `UserErrorCode`.
    """

    code = "INVALID"

    def __init__(self, message: str, *, path: Path = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def under(self, *steps: str) -> "DomainError":
        """Prepend `steps` to the path of an error in a nested input; return the error."""
        self.path = (*steps, *self.path)
        return self


class InvalidError(DomainError):
    """A value breaks the rule with the stable name `rule`."""

    def __init__(self, message: str, *, rule: str, path: Path = ()) -> None:
        super().__init__(message, path=path)
        self.rule = rule


class NotFoundError(DomainError):
    """No object of `kind`, such as "toggle", has the name or id `name`."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, name: str, *, path: Path = ()) -> None:
        super().__init__(f"No {kind} is named '{name}'.", path=path)
        self.kind = kind
        self.name = name


class AlreadyExistsError(DomainError):
    """The name is in use by `existing`."""

    code = "ALREADY_EXISTS"

    def __init__(
        self, message: str, *, existing: Any, archived: bool = False, path: Path = ()
    ) -> None:
        super().__init__(message, path=path)
        self.existing = existing
        self.archived = archived


class RevisionConflictError(DomainError):
    """The object changed after the caller read it; `current` is the changed object."""

    code = "REVISION_CONFLICT"

    def __init__(self, *, expected: int, actual: int, current: Any, path: Path = ()) -> None:
        super().__init__(
            f"The object has changed in the meantime: it is at revision {actual}, not {expected}.",
            path=path or ("expectedRevision",),
        )
        self.expected = expected
        self.actual = actual
        self.current = current


class InUseError(DomainError):
    """Other objects refer to the object; `used_by` has the first ten of the `count` objects."""

    code = "IN_USE"

    def __init__(
        self, message: str, *, used_by: Sequence[Any], count: int, path: Path = ()
    ) -> None:
        super().__init__(message, path=path)
        self.used_by = tuple(used_by[:10])
        self.count = count


class BuiltInError(DomainError):
    """The object is built in and does not allow the change."""

    code = "BUILT_IN"


class WrongStateError(DomainError):
    """The state of the object does not allow the change."""

    code = "WRONG_STATE"


class LimitExceededError(DomainError):
    """The change would exceed a limit of the server."""

    code = "LIMIT_EXCEEDED"


class Refusal(Exception):
    """A refused change, with all its errors, so that a form can display them together."""

    def __init__(self, *errors: DomainError) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class Problems:
    """Collects the errors of one input; `raise_any` raises one exception with all of them."""

    def __init__(self) -> None:
        self.errors: list[DomainError] = []

    def add(self, error: DomainError) -> None:
        """Add an error."""
        self.errors.append(error)

    def invalid(self, message: str, *, rule: str, path: Path) -> None:
        """Add the error that a value breaks a rule."""
        self.errors.append(InvalidError(message, rule=rule, path=path))

    def raise_any(self) -> None:
        """Raise the collected errors, if there are any.

        Raises: Refusal: with all errors.
        """
        if self.errors:
            raise Refusal(*self.errors)


def refuse(*errors: DomainError) -> Never:
    """Refuse a change for one or more reasons.

    Raises: Refusal.
    """
    raise Refusal(*errors)


class StoreUnavailableError(Exception):
    """The database cannot be reached or written; nothing was stored."""


class ForeignDatabaseError(Exception):
    """The database belongs to another program.

    If `of_unleash`, this program is an Unleash server.
    """

    def __init__(self, message: str, *, of_unleash: bool) -> None:
        super().__init__(message)
        self.of_unleash = of_unleash


class OutcomeUnknownError(StoreUnavailableError):
    """The connection was lost during a commit; the change may or may not be stored."""


def reason(error: Exception) -> str:
    """Format an error and its cause on one line, for the log."""
    cause = error.__cause__
    # Use the driver's error, which SQLAlchemy wraps: its message does not contain the statement.
    cause = getattr(cause, "orig", None) or cause
    if cause is None:
        return str(error)
    detail = str(cause) or type(cause).__name__
    return f"{error} ({' '.join(detail.split())})"
