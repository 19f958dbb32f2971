"""Events in environments other than `default`, in the form of Unleash 8."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import structs

from rest_compat.unleash8.models import complete_variants, strategy_json
from store.events import Event, EventType
from store.model import Toggle, ToggleEnvironment, ToggleStrategy

_STRATEGY_TYPES = frozenset(
    {
        EventType.TOGGLE_STRATEGY_ADDED,
        EventType.TOGGLE_STRATEGY_UPDATED,
        EventType.TOGGLE_STRATEGY_REMOVED,
    }
)


def configuration_forms(event: Event, environment: str) -> tuple[Any, Any]:
    """Return `preData` and `data` for a change of a configuration. The values may be None.

    Events about a strategy contain the changed strategy. Events about the order of strategies
    contain the IDs of all strategies. Events about variants contain all variants. For events about
    switching a toggle, the values are None. All other events contain the whole configuration.
    """
    if event.type in (EventType.TOGGLE_ENABLED, EventType.TOGGLE_DISABLED):
        return None, None
    before, after = _toggle(event.before), _toggle(event.after)
    if event.type in _STRATEGY_TYPES:
        older, newer = _changed_strategy(before, after, environment)
    else:
        older, newer = (_form(event.type, toggle, environment) for toggle in (before, after))
    return msgspec.to_builtins(older), msgspec.to_builtins(newer)


def _toggle(document: Any) -> Toggle | None:
    return None if document is None else msgspec.convert(document, Toggle)


def _changed_strategy(
    before: Toggle | None, after: Toggle | None, environment: str
) -> tuple[Any, Any]:
    """Return the changed strategy before and after the change.

    Changes of the position are ignored.
    """
    older, newer = _strategies(before, environment), _strategies(after, environment)
    for id in (*older, *newer):
        one, other = older.get(id), newer.get(id)
        if one is None or other is None or _without_position(one) != _without_position(other):
            return _strategy_form(before, one), _strategy_form(after, other)
    return None, None


def _without_position(strategy: ToggleStrategy) -> ToggleStrategy:
    return structs.replace(strategy, sort_order=0)


def _strategies(toggle: Toggle | None, environment: str) -> Mapping[str, ToggleStrategy]:
    if toggle is None:
        return {}
    return {strategy.id: strategy for strategy in toggle.in_environment(environment).strategies}


def _strategy_form(toggle: Toggle | None, strategy: ToggleStrategy | None) -> Any:
    return strategy_json(toggle, strategy) if toggle and strategy else None


def _form(type: EventType, toggle: Toggle | None, environment: str) -> Any:
    if toggle is None:
        return None
    configured = toggle.in_environment(environment)
    match type:
        case EventType.TOGGLE_VARIANTS_UPDATED:
            return {"variants": complete_variants(configured.variants)}
        case EventType.TOGGLE_STRATEGIES_REORDERED:
            return {"strategyIds": [strategy.id for strategy in configured.strategies]}
        case _:
            return _whole(toggle, configured)


def _whole(toggle: Toggle, configured: ToggleEnvironment) -> Any:
    return {
        "name": toggle.name,
        "enabled": configured.enabled,
        "strategies": [strategy_json(toggle, strategy) for strategy in configured.strategies],
        "variants": complete_variants(configured.variants),
    }
