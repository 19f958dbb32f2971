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
    match subject:
        case Strategy():
            await delete_strategy(work, subject.name, created_at=created_at)
        case ContextField():
            await delete_context_field(work, subject.name, created_at=created_at)
        case _:
            delete = _DELETIONS.get(type(subject))
            if delete is None:
                raise TypeError(f"{type(subject).__name__} is never deleted")
            await delete(work, subject)


async def _delete_toggle(work: UnitOfWork, toggle: Toggle) -> None:
    require_no_dependents(work, toggle)
    work.remove(toggle)
    work.record(
        EventType.TOGGLE_DELETED,
        subject=toggle,
        before=toggle,
        summary=f"Deleted toggle '{toggle.name}'.",
    )


async def _delete_tag(work: UnitOfWork, tag: Tag) -> None:
    # Keep a tag that has since been added to a toggle.
    if not toggles_where(work.snapshot, lambda toggle: tag in toggle.tags, archived=True):
        await delete_tag(work, tag)


_DELETIONS: Mapping[type, Callable[[UnitOfWork, Any], Awaitable[object]]] = {
    Toggle: _delete_toggle,
    Segment: lambda work, segment: delete_segment(work, segment.id),
    Environment: lambda work, environment: delete_environment(work, environment.name),
    Project: lambda work, project: delete_project(work, project.name),
    TagType: lambda work, tag_type: delete_tag_type(work, tag_type.name),
    Tag: _delete_tag,
}
