"""Export the environment `default` as a 3.x document."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from store.constraints.operators import compared_values
from store.http_times import format_time
from store.model import (
    DEFAULT_ENVIRONMENT,
    DEFAULT_STRATEGY,
    Project,
    Strategy,
    TagType,
    Toggle,
    ToggleStrategy,
)
from store.operations.variants import StoredVariants
from store.snapshot import Snapshot
from store.transfer.unleash.document import VERSION
from store.values import Constraint, Tag


def export_unleash(
    snapshot: Snapshot,
    *,
    last_seen_at: Callable[[str], datetime | None],
    features: bool = True,
    strategies: bool = True,
    projects: bool = True,
    tags: bool = True,
) -> dict[str, Any]:
    """Return a document with the requested sections, as JSON values.

    The document contains live toggles, custom strategies and declared reference data. If possible,
    a 3.x server that imports the document evaluates toggles like this server. Therefore the
    document omits disabled strategies, and contains the constraints of segments instead of
    segments.
    """
    document: dict[str, Any] = {"version": VERSION}
    if features:
        document["features"] = [
            feature_form(snapshot, toggle, last_seen_at(toggle.name))
            for toggle in snapshot.live_toggles
        ]
    if strategies:
        document["strategies"] = [
            _strategy_form(strategy)
            for _, strategy in sorted(snapshot.strategies.items())
            if not strategy.built_in
        ]
    if projects:
        document["projects"] = [
            project_form(project)
            for _, project in sorted(snapshot.projects.items())
            if project.declared
        ]
    if tags:
        document["tagTypes"] = [
            tag_type_form(tag_type) for _, tag_type in sorted(snapshot.tag_types.items())
        ]
        document["tags"] = [tag_form(tag) for _, tag in sorted(snapshot.tags.items())]
        document["featureTags"] = [
            {"featureName": toggle.name, "tagType": tag.type, "tagValue": tag.value}
            for toggle in snapshot.live_toggles
            for tag in toggle.tags
        ]
    return document


def feature_form(
    snapshot: Snapshot, toggle: Toggle, last_seen_at: datetime | None
) -> dict[str, Any]:
    """Return the toggle with its configuration in the environment `default`.

    A toggle without strategies is on for all users, so its export has the strategy `default`. If
    all strategies of a toggle are disabled, the toggle is exported as off.
    """
    configured = toggle.in_environment(DEFAULT_ENVIRONMENT)
    active = [strategy for strategy in configured.strategies if not strategy.disabled]
    return {
        "name": toggle.name,
        "description": toggle.description,
        "type": toggle.type,
        "project": toggle.project,
        "enabled": configured.enabled and bool(active or not configured.strategies),
        "stale": toggle.stale,
        "strategies": [_activation_form(snapshot, strategy) for strategy in active]
        or [{"name": DEFAULT_STRATEGY}],
        "variants": variants_form(configured.variants),
        "createdAt": format_time(toggle.created_at),
        "lastSeenAt": format_time(last_seen_at),
    }


def project_form(project: Project) -> dict[str, Any]:
    """Return the project in exports and events."""
    return {
        "id": project.name,
        "name": project.title,
        "description": project.description,
        "createdAt": format_time(project.created_at),
    }


def tag_type_form(tag_type: TagType) -> dict[str, Any]:
    """Return the tag type in exports and events."""
    return {
        "name": tag_type.name,
        "description": tag_type.description,
        "icon": tag_type.icon,
    }


def tag_form(tag: Tag) -> dict[str, Any]:
    """Return the tag in exports and events."""
    return {"type": tag.type, "value": tag.value}


def _strategy_form(strategy: Strategy) -> dict[str, Any]:
    return {
        "name": strategy.name,
        "description": strategy.description,
        "parameters": [msgspec.to_builtins(parameter) for parameter in strategy.parameters],
        "deprecated": strategy.deprecated,
    }


def _activation_form(snapshot: Snapshot, strategy: ToggleStrategy) -> dict[str, Any]:
    """Return the strategy.

    Settings that 3.x does not support have the keys of Unleash 8.
    """
    form: dict[str, Any] = {"name": strategy.name}
    if strategy.title:
        form["title"] = strategy.title
    if isinstance(strategy.parameters, dict):
        form["parameters"] = strategy.parameters
    inlined = [
        constraint for key in strategy.segments for constraint in snapshot.segments[key].constraints
    ]
    if inlined:
        form["constraints"] = [
            constraint_form(constraint) for constraint in (*_own(strategy), *inlined)
        ]
    elif strategy.constraints is not UNSET:
        own = strategy.constraints
        form["constraints"] = (
            None if own is None else [constraint_form(constraint) for constraint in own]
        )
    if strategy.variants:
        form["variants"] = variants_form(strategy.variants)
    return form


def _own(strategy: ToggleStrategy) -> Iterator[Constraint]:
    yield from strategy.constraints or ()


def constraint_form(constraint: Constraint) -> dict[str, Any]:
    """Return the constraint.

    3.x supports `values` but not `value`, and refuses empty lists. Clients of 3.x may send the
    result back. Therefore the result contains only `values`, and omits an empty list.
    """
    form: dict[str, Any] = {
        "contextName": constraint.context_name,
        "operator": constraint.operator,
    }
    if compared_values(constraint):
        form["values"] = [*compared_values(constraint)]
    if constraint.inverted:
        form["inverted"] = True
    if constraint.case_insensitive:
        form["caseInsensitive"] = True
    return form


def variants_form(variants: StoredVariants) -> list[dict[str, Any]] | None:
    """Return the variants, or None if the variants were never set."""
    if variants is None or variants is UNSET:
        return None
    # Convert tuples to lists, so that documents can be compared with parsed documents.
    return msgspec.json.decode(msgspec.json.encode(variants))
