"""The JSON bodies of the admin API of Unleash 8. Functions create the bodies from objects."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from rest_compat.http.models import Count, Time
from store import Snapshot
from store.http_times import format_time
from store.model import ApiToken, ApiTokenType, Environment, Segment, Toggle, ToggleStrategy
from store.operations.fields import EnvironmentFields, ToggleFields, given_fields
from store.operations.uses import dependents_of
from store.operations.variants import StoredVariants, complete_variant
from store.usage.summary import UsageSummary
from store.values import Constraint, Tag, Variant

EVERYTHING = "*"
# The version in lists of toggles. The lists of the 3.x routes have version 1.
LIST_VERSION = 2


class FeatureStrategyJson(Struct, kw_only=True, rename="camel"):
    """A strategy of a toggle in an environment."""

    id: str
    name: str
    title: str | None
    disabled: bool
    feature_name: str
    sort_order: int
    parameters: dict[str, Any]
    constraints: Sequence[Constraint]
    segments: Sequence[int]
    variants: Sequence[Variant]


class FeatureEnvironmentSummaryJson(Struct, kw_only=True, rename="camel"):
    """Whether a toggle is on in an environment."""

    name: str
    type: str
    sort_order: int
    enabled: bool
    variant_count: Count
    has_strategies: bool
    has_enabled_strategies: bool
    last_seen_at: Time | None


class FeatureEnvironmentJson(FeatureEnvironmentSummaryJson, kw_only=True, rename="camel"):
    """The configuration of a toggle in an environment."""

    feature_name: str
    environment: str
    strategies: Sequence[FeatureStrategyJson]
    variants: Sequence[Variant]


class DependencyJson(Struct, kw_only=True, rename="camel"):
    """Another toggle and its required state."""

    feature: str
    enabled: bool
    variants: Sequence[str]


class FeatureSettingsJson(Struct, kw_only=True, rename="camel"):
    """A toggle."""

    name: str
    type: str
    description: str | None
    project: str
    stale: bool
    archived: bool
    impression_data: bool


class _FeatureFields(FeatureSettingsJson, kw_only=True, rename="camel"):
    favorite: bool
    created_at: Time
    last_seen_at: Time | None
    tags: Sequence[Tag]


class ProjectFeatureSummaryJson(_FeatureFields, kw_only=True, rename="camel"):
    """A toggle of a project, and the environments in which it is on."""

    environments: Sequence[FeatureEnvironmentSummaryJson]


class ProjectFeatureJson(_FeatureFields, kw_only=True, rename="camel"):
    """The toggle with all its configurations."""

    environments: Sequence[FeatureEnvironmentJson]
    # The list is always empty, because variants belong to environments. 8.2 retains this key for
    # older clients.
    variants: Sequence[Variant] = ()
    dependencies: Sequence[DependencyJson]
    children: Sequence[str]


class ProjectFeaturesJson(Struct, kw_only=True, rename="camel"):
    """The toggles."""

    version: int = LIST_VERSION
    features: Sequence[ProjectFeatureSummaryJson]


class VariantsJson(Struct, kw_only=True, rename="camel"):
    """The variants."""

    version: int = 1
    variants: Sequence[Variant]


class EnvironmentJson(Struct, kw_only=True, rename="camel"):
    """The environment."""

    name: str
    type: str
    enabled: bool
    protected: bool
    sort_order: int
    required_approvals: None = None


class ListedEnvironmentJson(EnvironmentJson, kw_only=True, rename="camel"):
    """An environment with the number of projects, tokens, and live toggles that are on."""

    project_count: Count
    api_token_count: Count
    enabled_toggle_count: Count


class EnvironmentsJson(Struct, kw_only=True, rename="camel"):
    """The environments."""

    version: int = 1
    environments: Sequence[ListedEnvironmentJson]


class SegmentJson(Struct, kw_only=True, rename="camel"):
    """The segment."""

    id: Count
    name: str
    description: str | None
    constraints: Sequence[Constraint]
    # In Flagstaff, segments do not belong to projects.
    project: None = None
    created_by: str | None
    created_at: Time


class SegmentsJson(Struct, kw_only=True, rename="camel"):
    """The segments."""

    segments: Sequence[SegmentJson]


class ApiTokenJson(Struct, kw_only=True, rename="camel"):
    """A token without its secret, which cannot be read. Use `id` to identify the token."""

    id: str
    token_name: str
    username: str
    type: ApiTokenType
    environment: str
    project: str
    projects: Sequence[str]
    created_at: Time
    expires_at: Time | None
    seen_at: Time | None
    alias: None = None


class ListedApiTokenJson(ApiTokenJson, kw_only=True, rename="camel"):
    """A token whose secret is an empty string, because clients in typed languages need the key."""

    secret: str = ""


class NewApiTokenJson(ApiTokenJson, kw_only=True, rename="camel"):
    """The new token. Only this response contains the token's secret."""

    secret: str


class ApiTokensJson(Struct, kw_only=True, rename="camel"):
    """The tokens."""

    tokens: Sequence[ListedApiTokenJson]


def feature_json(toggle: Toggle, snapshot: Snapshot, usage: UsageSummary) -> ProjectFeatureJson:
    """Return a toggle with its dependents and its configurations in all enabled environments."""
    return ProjectFeatureJson(
        **_fields(toggle, usage),
        environments=[
            feature_environment_json(toggle, environment, usage)
            for environment in _enabled_environments(snapshot)
        ],
        dependencies=dependencies_json(toggle),
        children=[dependent.name for dependent in dependents_of(snapshot, toggle, archived=False)],
    )


def feature_summary_json(
    toggle: Toggle, snapshot: Snapshot, usage: UsageSummary
) -> ProjectFeatureSummaryJson:
    """Return a toggle for lists, with its state in each environment but no configurations."""
    return ProjectFeatureSummaryJson(**feature_summary_fields(toggle, snapshot, usage))


def feature_summary_fields(
    toggle: Toggle, snapshot: Snapshot, usage: UsageSummary
) -> dict[str, Any]:
    """Return the fields that all bodies of lists of toggles have."""
    return _fields(toggle, usage) | {
        "environments": [
            FeatureEnvironmentSummaryJson(**_summary(toggle, environment, usage))
            for environment in _enabled_environments(snapshot)
        ],
    }


def feature_environment_json(
    toggle: Toggle, environment: Environment, usage: UsageSummary
) -> FeatureEnvironmentJson:
    """Return the configuration of a toggle in one environment."""
    configured = toggle.in_environment(environment.name)
    return FeatureEnvironmentJson(
        **_summary(toggle, environment, usage),
        feature_name=toggle.name,
        environment=environment.name,
        strategies=[strategy_json(toggle, strategy) for strategy in configured.strategies],
        variants=complete_variants(configured.variants),
    )


def strategy_json(toggle: Toggle, strategy: ToggleStrategy) -> FeatureStrategyJson:
    """Return a strategy of a toggle."""
    return FeatureStrategyJson(
        id=strategy.id,
        name=strategy.name,
        title=strategy.title or None,
        disabled=strategy.disabled,
        feature_name=toggle.name,
        sort_order=strategy.sort_order,
        parameters=strategy.parameters or {},
        constraints=strategy.constraints or (),
        segments=strategy.segments,
        variants=complete_variants(strategy.variants),
    )


def dependencies_json(toggle: Toggle) -> Sequence[DependencyJson]:
    """Return the dependencies of a toggle."""
    return [
        DependencyJson(
            feature=dependency.toggle, enabled=dependency.enabled, variants=dependency.variants
        )
        for dependency in toggle.dependencies
    ]


def feature_settings(toggle: Toggle) -> dict[str, Any]:
    """Return the fields that all bodies of a toggle have."""
    return given_fields(ToggleFields, toggle) | {
        "name": toggle.name,
        "stale": toggle.stale,
        "archived": toggle.archived,
    }


def complete_variants(variants: StoredVariants) -> Sequence[Variant]:
    """Return variants with all keys. Imported variants may lack some keys."""
    return [complete_variant(variant) for variant in variants or ()]


def environment_json(environment: Environment) -> EnvironmentJson:
    """Return an environment."""
    return EnvironmentJson(**environment_fields(environment))


def listed_environment_json(environment: Environment, snapshot: Snapshot) -> ListedEnvironmentJson:
    """Return an environment for lists.

    Every project has every environment, so all projects are counted.
    """
    name = environment.name
    return ListedEnvironmentJson(
        **environment_fields(environment),
        project_count=len(snapshot.projects),
        api_token_count=sum(token.environment == name for token in snapshot.tokens.values()),
        enabled_toggle_count=sum(
            toggle.in_environment(name).enabled for toggle in snapshot.live_toggles
        ),
    )


def segment_json(segment: Segment) -> SegmentJson:
    """Return a segment."""
    return SegmentJson(
        id=segment.id,
        name=segment.name,
        description=segment.description,
        constraints=segment.constraints,
        created_by=segment.created_by.name if segment.created_by else None,
        created_at=format_time(segment.created_at),
    )


def token_json(token: ApiToken) -> ApiTokenJson:
    """Return a token for events."""
    return ApiTokenJson(**_token_fields(token, None))


def listed_token_json(token: ApiToken, *, seen_at: datetime | None) -> ListedApiTokenJson:
    """Return a token for lists."""
    return ListedApiTokenJson(**_token_fields(token, seen_at))


def new_token_json(token: ApiToken, secret: str) -> NewApiTokenJson:
    """Return a new token with its secret."""
    return NewApiTokenJson(**_token_fields(token, None), secret=secret)


def _fields(toggle: Toggle, usage: UsageSummary) -> dict[str, Any]:
    return feature_settings(toggle) | {
        "favorite": False,
        "created_at": format_time(toggle.created_at),
        "last_seen_at": format_time(usage.last_seen_at(toggle.name)),
        "tags": toggle.tags,
    }


def _enabled_environments(snapshot: Snapshot) -> Sequence[Environment]:
    return [environment for environment in snapshot.environments_in_order if environment.enabled]


def _summary(toggle: Toggle, environment: Environment, usage: UsageSummary) -> dict[str, Any]:
    configured = toggle.in_environment(environment.name)
    seen = usage.of(toggle.name, environment.name)
    return {
        "name": environment.name,
        "type": environment.type,
        "sort_order": environment.sort_order,
        "enabled": configured.enabled,
        "variant_count": len(configured.variants or ()),
        "has_strategies": bool(configured.strategies),
        "has_enabled_strategies": any(not strategy.disabled for strategy in configured.strategies),
        "last_seen_at": format_time(seen.last_seen_at if seen else None),
    }


def environment_fields(environment: Environment) -> dict[str, Any]:
    """Return the fields that all bodies of an environment have."""
    return given_fields(EnvironmentFields, environment) | {
        "name": environment.name,
        "protected": environment.built_in,
    }


def _token_fields(token: ApiToken, seen_at: datetime | None) -> dict[str, Any]:
    projects = token.projects or (EVERYTHING,)
    return {
        "id": token.id,
        "token_name": token.name,
        "username": token.name,
        "type": token.type,
        "environment": token.environment or EVERYTHING,
        "project": ",".join(projects),
        "projects": projects,
        "created_at": format_time(token.created_at),
        "expires_at": format_time(token.expires_at),
        "seen_at": format_time(seen_at),
    }
