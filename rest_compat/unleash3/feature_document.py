"""A toggle as the 3.x admin API shows it: what the environment `default` knows of it, in one
document."""

from datetime import datetime
from typing import Any

from rest_compat.http.request import Request
from store.model import DEFAULT_ENVIRONMENT, Toggle, ToggleStrategy
from store.state.v3.exporting import constraint_form, variants_form
from store.wire_time import wire_time


def toggle_document(toggle: Toggle, *, last_seen_at: datetime | None) -> dict[str, Any]:
    """The whole toggle, as lists, reads and the events of switching it hold it; plain JSON values.

    An archived toggle shows the state that it was archived in: 3.x switches a toggle off when it
    archives it, but keeps what an import says of an archived one.
    """
    return toggle_settings(toggle) | {
        "createdAt": wire_time(toggle.created_at),
        "lastSeenAt": wire_time(last_seen_at),
    }


def answered_toggle(request: Request, toggle: Toggle) -> dict[str, Any]:
    """The whole toggle as it is known now, use included."""
    return toggle_document(toggle, last_seen_at=request.store.usage.last_seen_at(toggle.name))


def toggle_settings(toggle: Toggle) -> dict[str, Any]:
    """What a writer of 3.x can say of a toggle; variants and description that were never said are
    None, the parameters and constraints of a strategy left out."""
    configured = toggle.in_environment(DEFAULT_ENVIRONMENT)
    return {
        "name": toggle.name,
        "description": toggle.description,
        "type": toggle.type,
        "project": toggle.project,
        "enabled": configured.enabled,
        "stale": toggle.stale,
        "strategies": [_strategy(it) for it in configured.strategies],
        "variants": variants_form(configured.variants),
    }


def _strategy(strategy: ToggleStrategy) -> dict[str, Any]:
    document: dict[str, Any] = {"name": strategy.name}
    if isinstance(strategy.parameters, dict):
        document["parameters"] = strategy.parameters
    if strategy.constraints is None:
        document["constraints"] = None
    elif isinstance(strategy.constraints, tuple):
        document["constraints"] = [constraint_form(it) for it in strategy.constraints]
    return document | _beyond_3x(strategy)


def _beyond_3x(strategy: ToggleStrategy) -> dict[str, Any]:
    """What 3.x has no words for, under today's keys and only where it says something: without it,
    a reader would take the toggle to be on for more users than it is."""
    extras = {
        "title": strategy.title,
        "disabled": strategy.disabled,
        "segments": list(strategy.segments),
        "variants": variants_form(strategy.variants),
    }
    return {key: value for key, value in extras.items() if value}
