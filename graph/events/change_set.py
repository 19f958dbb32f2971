"""Change sets: changes that are applied together."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from graph.context import Info
from graph.engine.run.fields import REVISION, derived, plain, resolved
from graph.enums import ChangeSetState, RefusalCode
from graph.events.change import Change
from graph.events.change_report import ChangeReport
from graph.events.change_set_list import connect_events_of_change_set
from graph.events.change_window import FirstChanges, changes_window
from graph.events.event import EventConnection
from graph.events.rollout import Rollout
from graph.loaders import Below
from graph.node import Node, id_field, shows
from graph.paging import (
    DEFAULT_PAGE_SIZE,
    After,
    Before,
    Connection,
    CountedConnectionOf,
    EdgeOf,
    First,
    Last,
    page_arguments,
)
from graph.tokens.actor import Actor
from store import events
from store.operations.change_sets import AppliedChange, changes_from_events
from store.schedules import RolloutState


async def _changes(
    root: events.ChangeSet,
    info: Info,
    first: FirstChanges = DEFAULT_PAGE_SIZE,
    after: After = strawberry.UNSET,
) -> Sequence[ChangeReport]:
    limit, start = changes_window(first, after)
    loaders = info.context.loaders
    if root.applied_at is None:
        planned = await loaders.planned_changes.load(root.id) or ()
        made = [
            AppliedChange(plan.index, None, plan.event) for plan in planned[start : start + limit]
        ]
    else:
        made = changes_from_events(
            await loaders.changes.load(Below(root.id, (limit, start))), start
        )
    return [ChangeReport(applied) for applied in made]


async def _change_count(root: events.ChangeSet, info: Info) -> int:
    loaders = info.context.loaders
    if root.applied_at is None:
        return len(await loaders.planned_changes.load(root.id) or ())
    return await loaders.change_counts.load(root.id) or 0


async def _has_more_changes(root: events.ChangeSet, info: Info) -> bool:
    return await _change_count(root, info) > DEFAULT_PAGE_SIZE


async def _reverts(root: events.ChangeSet, info: Info) -> events.ChangeSet | None:
    if root.reverts_id is None:
        return None
    return await info.context.loaders.change_sets.load(root.reverts_id)


def _reverted_by(root: events.ChangeSet, info: Info) -> Awaitable[events.ChangeSet | None]:
    return info.context.loaders.reverting_change_sets.load(root.id)


async def _rollout(root: events.ChangeSet, info: Info) -> RolloutState | None:
    if root.apply_at is None:
        return None
    return await info.context.loaders.rollouts.load(root.id)


def _refusal_code(root: events.ChangeSet) -> RefusalCode:
    assert root.refusal_code is not None
    return root.refusal_code


def _refusal_message(root: events.ChangeSet) -> str:
    return root.refusal_message or ""


def _refusal(root: events.ChangeSet) -> events.ChangeSet | None:
    return None if root.refusal_code is None else root


def _events(
    root: events.ChangeSet,
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[events.Event]]:
    arguments = page_arguments(first, after, last, before)
    return connect_events_of_change_set(info.context, root.id, arguments)


@strawberry.type(description="The reason why a scheduled change set was not applied.")
class ChangeSetRefusal:
    code: RefusalCode = derived(_refusal_code, "The kind of reason.")
    message: str = derived(_refusal_message, "The reason in one sentence, suitable for display.")


@strawberry.type(description="A group of changes that are applied together or not at all.")
@shows(events.ChangeSet)
class ChangeSet(Node):
    id: strawberry.ID = id_field("ChangeSet", "id", "The globally unique ID of this change set.")
    comment: str = plain("The reason for the changes, empty if not given.")
    state: ChangeSetState = plain(
        "Whether the change set is scheduled, applied, cancelled or refused."
    )
    changes: list[Change] = resolved(
        _changes,
        "The changes in the order of application. If the change set is not applied yet, these are "
        "the changes that were computed when it was scheduled.",
    )
    change_count: int = resolved(_change_count, "The total number of changes.")
    has_more_changes: bool = resolved(
        _has_more_changes,
        "Whether there are more changes than `changes` returns without arguments.",
    )
    rollout: Rollout | None = resolved(
        _rollout, "The steps of a progressive rollout, null for all other change sets."
    )
    reverts: Annotated["ChangeSet", strawberry.lazy("graph.events.change_set")] | None = resolved(
        _reverts,
        ("The change set that this change set undoes; null if this change set is not an undo."),
    )
    reverted_by: Annotated["ChangeSet", strawberry.lazy("graph.events.change_set")] | None = (
        resolved(
            _reverted_by,
            "The change set that undid this change set; null if this change set has not been "
            "undone.",
        )
    )
    events: EventConnection = resolved(_events, "The events of the change set, newest first.")
    created_at: datetime = plain("When the change set was created.")
    created_by: Actor = plain("Who created the change set.")
    apply_at: datetime | None = plain(
        "The time for which the change set is scheduled. For a rollout, the time of the next step, "
        "or of the last step if none is left. Null if the change set was not scheduled."
    )
    applied_at: datetime | None = plain(
        "When the change set was applied. For a rollout, when the latest step was applied. Null if "
        "nothing has been applied yet."
    )
    refusal: ChangeSetRefusal | None = derived(
        _refusal, "The reason why the change set was not applied; null unless the state is REFUSED."
    )
    revision: int = plain(REVISION)


@strawberry.type(description="An edge with one change set and its cursor.")
class ChangeSetEdge(EdgeOf):
    node: ChangeSet = plain("The change set at the end of the edge.")


@strawberry.type(description="A page of the list of change sets.")
class ChangeSetConnection(CountedConnectionOf[ChangeSetEdge, ChangeSet]):
    pass
