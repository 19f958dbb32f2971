"""Delete objects of any kind, to undo their creation."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from store.events import EventType
from store.model import ContextField, Environment, Project, Segment, Strategy, TagType, Toggle
from store.operations.context_fields import delete_context_field
from store.operations.environments import delete_environment
from store.operations.projects import delete_project
from store.operations.segments import delete_segment
from store.operations.strategies import delete_strategy
from store.operations.tag_types import delete_tag_type
from store.operations.tags import delete_tag
from store.operations.toggles import require_no_dependents
from store.operations.uses import toggles_where
from store.unit_of_work import UnitOfWork
from store.values import Tag


async def delete_unused(work: UnitOfWork, subject: object, *, created_at: int) -> None:
    """Delete an object that was created at a revision, even a toggle that is not archived.

    Raises: Refusal: other objects refer to it.
    """
    delete = _DELETIONS.get(type(subject))
    if delete is None:
        raise TypeError(f"{type(subject).__name__} is never deleted")
    await delete(work, subject, created_at)


async def _delete_toggle(work: UnitOfWork, toggle: Toggle, _: int) -> None:
    require_no_dependents(work, toggle)
    work.remove(toggle)
    work.record(
        EventType.TOGGLE_DELETED,
        subject=toggle,
        before=toggle,
        summary=f"Deleted toggle '{toggle.name}'.",
    )


async def _delete_tag(work: UnitOfWork, tag: Tag, _: int) -> None:
    # Keep a tag that has since been added to a toggle.
    if not toggles_where(work.snapshot, lambda toggle: tag in toggle.tags, archived=True):
        await delete_tag(work, tag)


# Toggles may have used the name of a strategy or context field before somebody defined it, so these
# functions need the revision at which the object was created.
_DELETIONS: Mapping[type, Callable[[UnitOfWork, Any, int], Awaitable[object]]] = {
    Toggle: _delete_toggle,
    Strategy: lambda work, strategy, created_at: delete_strategy(
        work, strategy.name, created_at=created_at
    ),
    ContextField: lambda work, field, created_at: delete_context_field(
        work, field.name, created_at=created_at
    ),
    Segment: lambda work, segment, _: delete_segment(work, segment.id),
    Environment: lambda work, environment, _: delete_environment(work, environment.name),
    Project: lambda work, project, _: delete_project(work, project.name),
    TagType: lambda work, tag_type, _: delete_tag_type(work, tag_type.name),
    Tag: _delete_tag,
}
