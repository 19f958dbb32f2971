"""Decide which events a webhook gets, and in which order."""

from collections.abc import Collection

from store.events import Event, EventType
from store.model import Webhook


def matches(webhook: Webhook, event: Event) -> bool:
    """Whether a webhook gets an event.

    An event without a project or environment concerns all of them, so it matches each selection.
    The event of a test is sent by the test itself.
    """
    return (
        event.type is not EventType.WEBHOOK_TESTED
        and event.revision > webhook.active_since
        and (webhook.event_types is None or event.type.value in webhook.event_types)
        and _selects(webhook.projects, event.project)
        and _selects(webhook.environments, event.environment)
    )


def order_key_of(event: Event) -> str:
    """Return the key of the events that must arrive in order: the toggle, or the other object."""
    return event.toggle_id or f"{event.subject_kind.value}:{event.subject_key}"


def _selects(selected: Collection[str], name: str | None) -> bool:
    return not selected or name is None or name in selected
