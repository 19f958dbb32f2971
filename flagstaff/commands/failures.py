"""Describe errors of commands that users can resolve."""

import sys
from typing import NamedTuple, NoReturn

from sqlalchemy.exc import DBAPIError

from flagstaff.logs import redact
from flagstaff.settings_loading import SettingsError
from flagstaff.unleash_server.errors import ServerReadError
from store.backup.format import BackupError
from store.errors import ForeignDatabaseError, Refusal, StoreUnavailableError

FAILED = 1
MISUSED = 2

_WAY_AROUND = (
    "Name an empty database in FLAGSTAFF_DATABASE_URL, or an empty schema of this database:",
    "  postgresql://…/NAME?options=-csearch_path%3DSCHEMA",
)
_WAYS_IN = (
    "Import it into a new database, which FLAGSTAFF_DATABASE_URL names:",
    "  flagstaff import --from-database URL_OF_THE_UNLEASH_DATABASE",
    "Or into the schema 'flagstaff' of the same database:",
    "  flagstaff import --from-database URL_OF_THE_UNLEASH_DATABASE --into-same-database",
)


class Failure(NamedTuple):
    """A failed command: the lines to print, and the exit status of the process."""

    lines: tuple[str, ...]
    status: int = FAILED


def exit_with(error: Exception) -> NoReturn:
    """Print the description of an error on standard error, and end the process.

    Raises: the error, if the error is a bug.
    """
    failure = describe_failure(error)
    if failure is None:
        raise error
    for line in failure.lines:
        print(line, file=sys.stderr)  # noqa: T201 (a command prints its errors)
    sys.exit(failure.status)


def describe_failure(error: Exception) -> Failure | None:
    """Return the description of an error, or None if the error is a bug."""
    match error:
        case SettingsError():
            return Failure(tuple(error.problems), MISUSED)
        case Refusal():
            return Failure(tuple(problem.message for problem in error.errors))
        case ForeignDatabaseError():
            return Failure((str(error), *(_WAYS_IN if error.of_unleash else _WAY_AROUND)))
        case StoreUnavailableError():
            return Failure((f"{error}{_reason(error)}",))
        case DBAPIError():
            return Failure((f"The database cannot be used.{_reason(error)}",))
        case OSError() | BackupError() | ServerReadError():
            return Failure((str(error),))
        case _:
            return None


def _reason(error: BaseException) -> str:
    """Return the database driver's message on one line, in parentheses."""
    cause = error if isinstance(error, DBAPIError) else error.__cause__
    driver_error = getattr(cause, "orig", None) or cause
    return f" ({' '.join(redact(str(driver_error)).split())})" if driver_error else ""
