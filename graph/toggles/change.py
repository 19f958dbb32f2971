"""Toggles after a change, as subscribers hear of them."""

import strawberry
from msgspec import Struct

from graph.engine.run.fields import derived, plain
from graph.events.event import Event
from graph.ids import encode_id
from graph.node import shows
from graph.toggles.type import Toggle
from store import events, model


class ChangedToggle(Struct, frozen=True):
    """A toggle as it is after an event; None when it was deleted."""

    toggle: model.Toggle | None
    event: events.Event


def _toggle_id(root: ChangedToggle) -> strawberry.ID:
    return encode_id("Toggle", root.event.toggle_id or "")


@strawberry.type(description="A toggle after a change.")
@shows(ChangedToggle)
class ToggleChange:
    toggle: Toggle | None = plain("The toggle, null when it was deleted.")
    toggle_id: strawberry.ID = derived(
        _toggle_id, "The ID of the toggle, for dropping a deleted one from a cache."
    )
    event: Event = plain("The event that reports the change.")
