"""Objects as today's admin API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from store import Snapshot
from store.metrics.usage import UsageSummary
from store.model import ApiToken, Environment, Segment, Toggle, ToggleStrategy
from store.operations.uses import dependents_of
from store.operations.variants import StoredVariants, complete_variant
from store.values import Variant
from store.wire_time import wire_time

EVERYTHING = "*"


def feature_document(toggle: Toggle, snapshot: Snapshot, usage: UsageSummary) -> dict[str, Any]:
    """A toggle with all its configurations, and the names of those that depend on it."""
    return _feature(toggle, usage) | {
        "environments": [
            feature_environment_document(toggle, environment, usage)
            for environment in _shown_environments(snapshot)
        ],
        # Variants belong to environments; 8.2 keeps the key for its older clients.
        "variants": [],
        "dependencies": [
            {"feature": it.toggle, "enabled": it.enabled, "variants": it.variants}
            for it in toggle.dependencies
        ],
        "children": [it.name for it in dependents_of(snapshot, toggle, archived=False)],
    }


def feature_summary(toggle: Toggle, snapshot: Snapshot, usage: UsageSummary) -> dict[str, Any]:
    """A toggle as a list shows it: whether it is on, but not what it is set to."""
    return _feature(toggle, usage) | {
        "environments": [
            _environment_summary(toggle, environment, usage)
            for environment in _shown_environments(snapshot)
        ],
    }


def feature_environment_document(
    toggle: Toggle, environment: Environment, usage: UsageSummary
) -> dict[str, Any]:
    """What a toggle is set to in one environment."""
    configured = toggle.in_environment(environment.name)
    return _environment_summary(toggle, environment, usage) | {
        "featureName": toggle.name,
        "environment": environment.name,
        "strategies": [strategy_document(toggle, it) for it in configured.strategies],
        "variants": variant_documents(configured.variants),
    }


def strategy_document(toggle: Toggle, strategy: ToggleStrategy) -> dict[str, Any]:
    """A strategy on a toggle."""
    return {
        "id": strategy.id,
        "name": strategy.name,
        "title": strategy.title or None,
        "disabled": strategy.disabled,
        "featureName": toggle.name,
        "sortOrder": strategy.sort_order,
        "parameters": strategy.parameters or {},
        "constraints": strategy.constraints or (),
        "segments": strategy.segments,
        "variants": variant_documents(strategy.variants),
    }


def variant_documents(variants: StoredVariants) -> Sequence[Variant]:
    """Variants, each with the keys that imports may leave out."""
    return [complete_variant(it) for it in variants or ()]


def environment_document(environment: Environment) -> dict[str, Any]:
    """An environment."""
    return {
        "name": environment.name,
        "type": environment.type,
        "enabled": environment.enabled,
        "protected": environment.built_in,
        "sortOrder": environment.sort_order,
        "requiredApprovals": None,
    }


def environment_counts(environment: Environment, snapshot: Snapshot) -> dict[str, int]:
    """What the list of environments counts: projects, which are in all of them; tokens bound to
    the environment; live toggles that are on there."""
    name = environment.name
    return {
        "projectCount": len(snapshot.projects),
        "apiTokenCount": sum(it.environment == name for it in snapshot.tokens.values()),
        "enabledToggleCount": sum(it.in_environment(name).enabled for it in snapshot.live_toggles),
    }


def segment_document(segment: Segment) -> dict[str, Any]:
    """A segment, which belongs to no project."""
    return {
        "id": segment.id,
        "name": segment.name,
        "description": segment.description,
        "constraints": segment.constraints,
        "project": None,
        "createdBy": segment.created_by.name if segment.created_by else None,
        "createdAt": wire_time(segment.created_at),
    }


def token_document(token: ApiToken, *, seen_at: datetime | None = None) -> dict[str, Any]:
    """A token without its secret, which is nowhere to be read; its `id` stands for it."""
    projects = token.projects or (EVERYTHING,)
    return {
        "id": token.id,
        "tokenName": token.name,
        "username": token.name,
        "type": token.type,
        "environment": token.environment or EVERYTHING,
        "project": ",".join(projects),
        "projects": projects,
        "createdAt": wire_time(token.created_at),
        "expiresAt": wire_time(token.expires_at),
        "seenAt": wire_time(seen_at),
        "alias": None,
    }


def _feature(toggle: Toggle, usage: UsageSummary) -> dict[str, Any]:
    return {
        "name": toggle.name,
        "type": toggle.type,
        "description": toggle.description,
        "project": toggle.project,
        "stale": toggle.stale,
        "archived": toggle.archived,
        "impressionData": toggle.impression_data,
        "favorite": False,
        "createdAt": wire_time(toggle.created_at),
        "lastSeenAt": wire_time(usage.last_seen_at(toggle.name)),
        "tags": toggle.tags,
    }


def _shown_environments(snapshot: Snapshot) -> Sequence[Environment]:
    return [it for it in snapshot.environments_in_order if it.enabled]


def _environment_summary(
    toggle: Toggle, environment: Environment, usage: UsageSummary
) -> dict[str, Any]:
    configured = toggle.in_environment(environment.name)
    seen = usage.of(toggle.name, environment.name)
    return {
        "name": environment.name,
        "type": environment.type,
        "sortOrder": environment.sort_order,
        "enabled": configured.enabled,
        "variantCount": len(configured.variants or ()),
        "hasStrategies": bool(configured.strategies),
        "hasEnabledStrategies": any(not it.disabled for it in configured.strategies),
        "lastSeenAt": wire_time(seen.last_seen_at if seen else None),
    }
