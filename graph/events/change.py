"""Changes: the members of a change set that was applied, scheduled or previewed."""

from collections.abc import Awaitable, Sequence
from typing import Any

import strawberry

from graph.context import Context, Info
from graph.engine.run.fields import contextual, derived, plain, resolved
from graph.engine.run.reads import VIEWER
from graph.enums import EventType, WarningCode
from graph.environments.type import Environment
from graph.events.change_report import ChangeReport
from graph.events.change_window import cursor_of_change
from graph.events.event import FieldChange, shows_documents
from graph.events.filter import type_of_kind
from graph.node import Node, shows
from graph.nodes import find_named, find_object, gather_found
from store import events, model, warnings
from store.operations.restoring import describe_kind
from store.tense import to_present


def _index(root: ChangeReport) -> int:
    return root.made.index


def _summary(root: ChangeReport) -> str:
    event, requested = root.made.event, root.made.requested
    if event is not None:
        return event.summary
    assert requested is not None  # a change without an event is always a requested change
    return f"Leaves {describe_kind(requested.subject_kind)} '{requested.subject_name}' unchanged."


def plan_of(root: ChangeReport) -> str:
    """Return the sentence that describes a change in the present tense."""
    return to_present(_summary(root))


def _type(root: ChangeReport) -> EventType:
    return subject_source(root).type


def _subject(root: ChangeReport, info: Info) -> object | None | Awaitable[object | None]:
    event = root.made.event
    if event is None:
        source = subject_source(root)
        return find_named(info.context, source.subject_kind, source.subject_name)
    type_name = type_of_kind(event.subject_kind)
    return None if type_name is None else find_object(info.context, type_name, event.subject_key)


def _subject_name(root: ChangeReport) -> str:
    return subject_source(root).subject_name


def _environment(root: ChangeReport, context: Context) -> model.Environment | None:
    return context.snapshot.environments.get(subject_source(root).environment or "")


def _changes(root: ChangeReport, context: Context) -> Sequence[events.FieldChange]:
    event = root.made.event
    if event is None or not shows_documents(event, context):
        return ()
    return events.field_changes(event.before, event.after)


def _warnings(root: ChangeReport) -> Sequence[warnings.ChangeWarning]:
    return root.warnings


async def _warning_subjects(root: warnings.ChangeWarning, info: Info) -> Sequence[object]:
    found = await gather_found(root.subjects, lambda subject: find_named(info.context, *subject))
    return [subject for subject in found if subject is not None]


def subject_source(root: ChangeReport) -> Any:
    """Return the event of the change, or the requested change if there is no event."""
    return root.made.event if root.made.event is not None else root.made.requested


@strawberry.type(description="A risk of a valid change.")
@shows(warnings.ChangeWarning)
class ChangeWarning:
    code: WarningCode = plain("The kind of risk.")
    message: str = plain("The risk in one sentence.")
    subjects: list[Node] = resolved(
        _warning_subjects,
        "The other objects that the risk concerns, sorted by name, at most ten. These are "
        "applications that use the toggle, toggles that depend on the toggle, or toggles, "
        "segments and context fields with illegal values.",
    )


def _cursor(root: ChangeReport) -> str:
    return cursor_of_change(root.made.index)


@strawberry.type(description="One change within a change set or a preview.")
@shows(ChangeReport)
class Change:
    index: int = derived(_index, "The position in the change set, from zero.")
    cursor: str = derived(
        _cursor, "An opaque string that identifies the position of this change. Use it as `after`."
    )
    summary: str = derived(_summary, "A sentence that describes the change in the past tense.")
    plan: str = derived(
        plan_of,
        (
            "A sentence that describes the change in the present tense, for display before the "
            "change is made."
        ),
    )
    type: EventType = derived(_type, "The type of the event that records the change.")
    subject: Node | None = resolved(
        _subject,
        "The changed object, null if the object does not exist yet or no longer exists.",
    )
    subject_name: str = derived(_subject_name, "The name of the changed object.")
    environment: Environment | None = contextual(
        _environment,
        "The environment that the change concerns. Null if the change does not concern a single "
        "environment, or if the environment no longer exists.",
        reads=("environments",),
    )
    changes: list[FieldChange] = contextual(
        _changes, "The changed fields, with their old and new values.", reads=(VIEWER,)
    )
    warnings: list[ChangeWarning] = derived(
        _warnings, "The risks of the change; empty if the change has already been made."
    )
