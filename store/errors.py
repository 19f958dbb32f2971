"""What a caller can mend: reasons why the store refuses a change."""

from collections.abc import Sequence
from typing import Any, Never, TypeAlias

Path: TypeAlias = tuple[str, ...]


def format_path(path: Path) -> str:
    """A path as sentences write it, such as `toggles[3].environments[0].enabled`."""
    text = ""
    for step in path:
        text += f"[{step}]" if step.isdecimal() else f".{step}" if text else step
    return text


class DomainError(Exception):
    """One reason: a code, a sentence naming the value, and the way into the input.

    `path` holds the input's own (camelCase) field names, list positions as decimal text; empty
    means the input as a whole. The codes are the values of GraphQL's `UserErrorCode`.
    """

    code = "INVALID"

    def __init__(self, message: str, *, path: Path = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def under(self, *steps: str) -> "DomainError":
        """The same error with `steps` put before its path, for inputs nested in others."""
        self.path = (*steps, *self.path)
        return self


class InvalidError(DomainError):
    """A value breaks the rule with the stable name `rule`."""

    def __init__(self, message: str, *, rule: str, path: Path = ()) -> None:
        super().__init__(message, path=path)
        self.rule = rule


class NotFoundError(DomainError):
    """Nothing has the name or id `name`; `kind` says of what, such as "toggle"."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, name: str, *, path: Path = ()) -> None:
        super().__init__(f"No {kind} is named '{name}'.", path=path)
        self.kind = kind
        self.name = name


class AlreadyExistsError(DomainError):
    """The name is taken by `existing`."""

    code = "ALREADY_EXISTS"

    def __init__(
        self, message: str, *, existing: Any, archived: bool = False, path: Path = ()
    ) -> None:
        super().__init__(message, path=path)
        self.existing = existing
        self.archived = archived


class RevisionConflictError(DomainError):
    """Someone else changed `current` first."""

    code = "REVISION_CONFLICT"

    def __init__(self, *, expected: int, actual: int, current: Any, path: Path = ()) -> None:
        super().__init__(
            f"The object is at revision {actual}, not at {expected}: "
            "somebody else changed it in the meantime.",
            path=path or ("expectedRevision",),
        )
        self.expected = expected
        self.actual = actual
        self.current = current


class InUseError(DomainError):
    """Other objects (`used_by` holds up to ten of `count`) still refer to the object."""

    code = "IN_USE"

    def __init__(
        self, message: str, *, used_by: Sequence[Any], count: int, path: Path = ()
    ) -> None:
        super().__init__(message, path=path)
        self.used_by = tuple(used_by[:10])
        self.count = count


class BuiltInError(DomainError):
    """The object ships with the server and cannot be changed so."""

    code = "BUILT_IN"


class WrongStateError(DomainError):
    """The object is not in a state that allows the change."""

    code = "WRONG_STATE"


class LimitExceededError(DomainError):
    """A limit of the server would be exceeded."""

    code = "LIMIT_EXCEEDED"


class Refusal(Exception):
    """Everything that keeps one change from being made, so that a form can show it all at once."""

    def __init__(self, *errors: DomainError) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class Problems:
    """Collects the errors of one input; `raise_any` refuses if there are some."""

    def __init__(self) -> None:
        self.errors: list[DomainError] = []

    def add(self, error: DomainError) -> None:
        """Remember one more error."""
        self.errors.append(error)

    def invalid(self, message: str, *, rule: str, path: Path) -> None:
        """Remember that a value breaks a rule."""
        self.errors.append(InvalidError(message, rule=rule, path=path))

    def raise_any(self) -> None:
        """Raises: Refusal: with all errors, if there are any."""
        if self.errors:
            raise Refusal(*self.errors)


def refuse(*errors: DomainError) -> Never:
    """Raises: Refusal."""
    raise Refusal(*errors)


class StoreUnavailableError(Exception):
    """The database cannot be reached or written just now; nothing was stored."""


class OutcomeUnknownError(StoreUnavailableError):
    """The database went away during a commit: the change may be stored or not."""


def reason(error: Exception) -> str:
    """An error and what caused it, on one line, for the log."""
    cause = error.__cause__
    # What the driver said, without the statement.
    cause = getattr(cause, "orig", None) or cause
    if cause is None:
        return str(error)
    detail = str(cause) or type(cause).__name__
    return f"{error} ({' '.join(detail.split())})"
