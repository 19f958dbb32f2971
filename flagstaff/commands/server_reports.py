"""Describe in sentences what the import of an Unleash server has brought and left out."""

from collections.abc import Generator

from store.operations.messages import format_count
from store.transfer.undoing_imports import RemovedRows
from store.transfer.unleash.server_copy import CopyResult
from store.transfer.unleash.server_last_uses import APPLICATION
from store.transfer.unleash.server_parts import LeftOut
from store.transfer.unleash.server_tokens import TokenResult

_EVENTS = "event of the history"
_COUNTS = "row of counts"
_LAST_USES = "time of last use"
_NO_TOGGLE = "of toggles that do not exist here"
_REFUSED_NAME = "with a refused name"


def describe_tokens(source: str, tokens: TokenResult, *, dry_run: bool) -> Generator[str]:
    """Yield sentences about the imported tokens, or about those that a dry run has found.

    `source` begins the sentence of a dry run, such as `The database has`.
    """
    count = format_count(tokens.imported, "API token")
    secrets = ", with the same secrets as before" if tokens.imported else ""
    yield f"{source} {count}." if dry_run else f"Imported {count}{secrets}."
    if tokens.lacks_admin:
        yield (
            "Nobody can sign in to the console yet, because there is no admin token. Create one: "
            "flagstaff token create --type admin --name NAME"
        )


def describe_copy(copied: CopyResult) -> Generator[str]:
    """Yield sentences about the imported history, applications and counts."""
    yield (
        f"Imported {format_count(copied.events, _EVENTS)}, "
        f"{format_count(copied.applications, 'application')}, "
        f"{format_count(copied.counts, _COUNTS)} and {format_count(copied.last_uses, _LAST_USES)}."
    )
    if copied.last_uses:
        yield (
            f"The application '{APPLICATION}' stands for the applications of the last uses, which "
            "Unleash does not store."
        )


def describe_left_out(left_out: LeftOut, *, has_history: bool) -> Generator[str]:
    """Yield a sentence for each kind of row that was left out.

    `has_history` is false if the import could not take the history.
    """
    if left_out.events:
        count = format_count(left_out.events, _EVENTS)
        yield (
            f"Left out: {count}, recorded since the first import."
            if has_history
            else f"Left out: {count}, because this installation had events of its own."
        )
    for noun, number in ((_COUNTS, left_out.counts), (_LAST_USES, left_out.last_uses)):
        if number:
            yield f"Left out: {format_count(number, f'{noun} {_NO_TOGGLE}')}."
    if left_out.applications:
        count = format_count(left_out.applications, "application")
        yield f"Left out: {count} {_REFUSED_NAME} (too long, or with control characters)."
    if left_out.counts_of_applications:
        count = format_count(left_out.counts_of_applications, _COUNTS)
        yield f"Left out: {count} of applications {_REFUSED_NAME}."


def describe_removal(removed: RemovedRows) -> Generator[str]:
    """Yield sentences about what was removed when an import was undone, and what remains."""
    yield (
        f"Removed {format_count(removed.events, 'event')}, "
        f"{format_count(removed.applications, 'application')} and "
        f"{format_count(removed.counts, _COUNTS)}."
    )
    if removed.remaining_applications:
        count = format_count(removed.remaining_applications, "application")
        yield f"Not removed, because of reports to this server since the import: {count}."
    yield (
        "The configuration and the API tokens remain. The change set of the import can be undone "
        "in the console, and tokens can be revoked."
    )
