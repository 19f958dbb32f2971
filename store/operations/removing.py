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
from store.operations.tags import delete_tag
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
            # Toggles that have come to carry it keep it, and with them the tag.
            if not toggles_where(work.snapshot, lambda it: subject in it.tags, archived=True):
                await delete_tag(work, subject)
        case _:
            raise TypeError(f"{type(subject).__name__} is never deleted")
