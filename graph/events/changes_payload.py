"""The changes that a mutation reports: a part of them, and their number."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import strawberry

from graph.context import Info
from graph.engine.errors import bad_user_input
from graph.engine.run.fields import resolved
from graph.events.change import Change, plan_of, subject_source
from graph.events.change_report import ChangeReport
from graph.filtering import Predicate, given, searching
from graph.paging import MAX_PAGE_SIZE
from graph.payload import Payload

_FirstChanges: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="Return at most this many changes, up to 500. If omitted, return all."
    ),
]
_Offset: TypeAlias = Annotated[
    int, strawberry.argument(description="Leave out this many changes at the start.")
]
_Search: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="Only changes with this text in the description, in the name of the object or "
        "environment, or in a warning, ignoring case."
    ),
]
_WithWarnings: TypeAlias = Annotated[
    bool, strawberry.argument(description="Whether to leave out changes without warnings.")
]


async def _changes(
    root: "ChangesPayload",
    info: Info,
    first: _FirstChanges = strawberry.UNSET,
    offset: _Offset = 0,
    search: _Search = strawberry.UNSET,
    with_warnings: _WithWarnings = False,
) -> Sequence[ChangeReport]:
    first = given(first)
    if first is not None and not 0 <= first <= MAX_PAGE_SIZE:
        raise bad_user_input(
            f"The argument 'first' is {first}; it must be from 0 to {MAX_PAGE_SIZE}."
        )
    if offset < 0:
        raise bad_user_input(f"The argument 'offset' is {offset}; it must not be negative.")
    found = await _matching(root, info, search, with_warnings=with_warnings)
    return found[offset : None if first is None else offset + first]


async def _change_count(
    root: "ChangesPayload",
    info: Info,
    search: _Search = strawberry.UNSET,
    with_warnings: _WithWarnings = False,
) -> int:
    return len(await _matching(root, info, search, with_warnings=with_warnings))


async def _matching(
    root: "ChangesPayload", info: Info, search: str | None, *, with_warnings: bool
) -> Sequence[ChangeReport]:
    """Return the changes that satisfy the conditions, in turns of the operation.

    Raises: GraphQLError: BAD_USER_INPUT, the search text is too long.
    """
    conditions: list[Predicate[ChangeReport]] = [*searching(search, _searched_fields)]
    if with_warnings:
        conditions.insert(0, _has_warnings)
    if not conditions:
        return root.reports
    return [
        report
        async for report in info.context.pace.items(root.reports)
        if all(condition(report) for condition in conditions)
    ]


def _has_warnings(report: ChangeReport) -> bool:
    return bool(report.warnings)


def _searched_fields(report: ChangeReport) -> tuple[str | None, ...]:
    source = subject_source(report)
    messages = (warning.message for warning in report.warnings)
    return (plan_of(report), source.subject_name, source.environment, *messages)


@strawberry.type
class ChangesPayload(Payload):
    """The base of payloads that report changes."""

    reports: strawberry.Private[Sequence[ChangeReport]] = ()
    changes: list[Change] = resolved(
        _changes,
        "The effect of each change, in the order of application; empty on errors. Without "
        "arguments, these are all changes.",
    )
    change_count: int = resolved(
        _change_count, "The number of changes; with arguments, the number of matching changes."
    )
