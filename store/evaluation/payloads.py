"""Evaluate the body that any server sends to SDKs: build a snapshot of its toggles."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import UNSET, convert

from store.evaluation.context import Context
from store.model import (
    DEFAULT_ENVIRONMENT,
    Segment,
    Toggle,
    ToggleEnvironment,
    ToggleStrategy,
)
from store.snapshot import Configuration, Snapshot
from store.values import Constraint, Dependency, Variant

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def snapshot_of(payload: Mapping[str, Any]) -> Snapshot:
    """Return a snapshot whose environment `default` serves the body.

    Raises: KeyError, TypeError, AttributeError, msgspec.ValidationError: the body has another form.
    """
    toggles = [_toggle(feature) for feature in payload["features"]]
    segments = [_segment(item) for item in payload.get("segments", ())]
    return Snapshot(
        1,
        Configuration(
            toggles={toggle.name: toggle for toggle in toggles},
            toggles_by_id={toggle.id: toggle for toggle in toggles},
            segments={segment.id: segment for segment in segments},
        ),
    )


def context_of(fields: Mapping[str, Any]) -> Context:
    """Return the context with fields in the form of SDKs. By default, the time is now."""
    time = fields.get("currentTime")
    return Context(
        current_time=datetime.fromisoformat(time) if time else datetime.now(UTC),
        user_id=fields.get("userId"),
        session_id=fields.get("sessionId"),
        remote_address=fields.get("remoteAddress"),
        app_name=fields.get("appName"),
        environment=fields.get("environment"),
        properties=fields.get("properties") or {},
    )


def _toggle(feature: Mapping[str, Any]) -> Toggle:
    name = feature["name"]
    configured = ToggleEnvironment(
        toggle_id=name,
        environment=DEFAULT_ENVIRONMENT,
        enabled=feature["enabled"],
        strategies=tuple(
            _strategy(name, position, item)
            for position, item in enumerate(feature.get("strategies") or ())
        ),
        variants=convert(feature.get("variants") or [], tuple[Variant, ...]),
        updated_at=_NOW,
    )
    return Toggle(
        id=name,
        name=name,
        created_at=_NOW,
        updated_at=_NOW,
        dependencies=tuple(
            Dependency(
                item["feature"], item.get("enabled", True), tuple(item.get("variants") or ())
            )
            for item in feature.get("dependencies") or ()
        ),
        environments={DEFAULT_ENVIRONMENT: configured},
    )


def _strategy(toggle: str, position: int, strategy: Mapping[str, Any]) -> ToggleStrategy:
    return ToggleStrategy(
        id=f"{toggle}-{position}",
        toggle_id=toggle,
        environment=DEFAULT_ENVIRONMENT,
        name=strategy["name"],
        sort_order=position,
        parameters=strategy.get("parameters", UNSET),
        constraints=_constraints(strategy.get("constraints") or ()),
        segments=tuple(strategy.get("segments") or ()),
        variants=convert(strategy.get("variants") or [], tuple[Variant, ...]),
    )


def _segment(segment: Mapping[str, Any]) -> Segment:
    return Segment(
        id=segment["id"],
        name=segment.get("name") or f"segment {segment['id']}",
        constraints=_constraints(segment["constraints"]),
        created_at=_NOW,
    )


def _constraints(constraints: Any) -> tuple[Constraint, ...]:
    known = ({k: v for k, v in constraint.items() if v is not None} for constraint in constraints)
    return convert(list(known), tuple[Constraint, ...])
