"""Taking objects out whatever their kind, for undoing what made them."""

from typing import Any

from store.events import EventType
from store.model import (
    ContextField,
    Environment,
    Project,
    Segment,
    Strategy,
    TagType,
    Toggle,
)
from store.operations.context_fields import delete_context_field
from store.operations.environments import delete_environment
from store.operations.projects import delete_project
from store.operations.segments import delete_segment
from store.operations.strategies import delete_strategy
from store.operations.tag_types import delete_tag_type
from store.operations.text import shown
from store.operations.toggles import require_no_dependents
from store.operations.uses import toggles_where
from store.unit_of_work import UnitOfWork
from store.values import Tag


async def remove_unused(work: UnitOfWork, subject: Any) -> None:
    """Delete an object that nothing else refers to; a toggle without archiving it first.

    Raises: Refusal.
    """
    match subject:
        case Toggle():
            require_no_dependents(work, subject)
            work.remove(subject)
            work.record(
                EventType.TOGGLE_DELETED,
                subject=subject,
                before=subject,
                summary=f"Deleted toggle '{subject.name}'.",
            )
        case Strategy():
            await delete_strategy(work, subject.name)
        case Segment():
            await delete_segment(work, subject.id)
        case Environment():
            await delete_environment(work, subject.name)
        case Project():
            await delete_project(work, subject.name)
        case ContextField():
            await delete_context_field(work, subject.name)
        case TagType():
            await delete_tag_type(work, subject.name)
        case Tag():
            _remove_tag(work, subject)
        case _:
            raise TypeError(f"{type(subject).__name__} is never deleted")


def _remove_tag(work: UnitOfWork, tag: Tag) -> None:
    """Delete a tag unless toggles have come to carry it, archived or not."""
    if toggles_where(work.snapshot, lambda toggle: tag in toggle.tags, archived=True):
        return
    work.remove(tag)
    work.record(
        EventType.TAG_DELETED,
        subject=tag,
        before=tag,
        summary=f"Deleted tag '{shown(tag.type)}:{shown(tag.value)}'.",
    )
