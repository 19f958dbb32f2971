"""Export toggles with their settings in one environment, as batch exports of Unleash 8 do."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from rest_compat.unleash8.models import (
    DependencyJson,
    FeatureSettingsJson,
    FeatureStrategyJson,
    complete_variants,
    dependencies_json,
    feature_settings,
    strategy_json,
)
from store import Snapshot
from store.model import ContextField, TagType, Toggle, ToggleStrategy
from store.operations.fields import ContextFieldFields, TagTypeFields, given_fields
from store.values import Variant


class BatchEnvironmentJson(Struct, kw_only=True, rename="camel"):
    """Whether a toggle is on in the environment, and its variants there."""

    name: str
    feature_name: str
    environment: str
    enabled: bool
    variants: Sequence[Variant]


class BatchLegalValueJson(Struct, kw_only=True):
    """A legal value."""

    value: str
    description: str


class BatchContextFieldJson(Struct, kw_only=True, rename="camel"):
    """A context field that the toggles use."""

    name: str
    description: str | None
    stickiness: bool
    sort_order: int
    legal_values: Sequence[BatchLegalValueJson]


class BatchTagJson(Struct, kw_only=True, rename="camel"):
    """A tag of a toggle."""

    feature_name: str
    tag_type: str
    tag_value: str


class BatchSegmentJson(Struct, kw_only=True):
    """The name of a segment that the toggles use."""

    id: int
    name: str


class BatchTagTypeJson(Struct, kw_only=True):
    """A type of tags that the toggles have."""

    name: str
    description: str | None
    icon: str | None
    color: str | None


class BatchDependenciesJson(Struct, kw_only=True):
    """The dependencies of a toggle."""

    feature: str
    dependencies: Sequence[DependencyJson]


class BatchExportJson(Struct, kw_only=True, rename="camel"):
    """Toggles with their settings in one environment, and the objects that they use.

    Segments have no constraints, and there are no links, as in exports of Unleash 8.
    """

    features: Sequence[FeatureSettingsJson]
    feature_strategies: Sequence[FeatureStrategyJson]
    feature_environments: Sequence[BatchEnvironmentJson]
    context_fields: Sequence[BatchContextFieldJson]
    feature_tags: Sequence[BatchTagJson]
    segments: Sequence[BatchSegmentJson]
    tag_types: Sequence[BatchTagTypeJson]
    dependencies: Sequence[BatchDependenciesJson]
    links: Sequence[dict[str, Any]] = ()


def batch_export_json(
    snapshot: Snapshot, toggles: Sequence[Toggle], environment: str
) -> BatchExportJson:
    """Return the batch export of toggles in an environment."""
    configured = [(toggle, toggle.in_environment(environment)) for toggle in toggles]
    strategies = [
        (toggle, strategy) for toggle, settings in configured for strategy in settings.strategies
    ]
    environments = [
        BatchEnvironmentJson(
            name=toggle.name,
            feature_name=toggle.name,
            environment=environment,
            enabled=settings.enabled,
            variants=complete_variants(settings.variants),
        )
        for toggle, settings in configured
    ]
    variants = [variant for exported in environments for variant in exported.variants]
    used = set(_used_fields((strategy for _, strategy in strategies), variants))
    segments = {number for _, strategy in strategies for number in strategy.segments}
    tag_types = {tag.type for toggle in toggles for tag in toggle.tags}
    return BatchExportJson(
        features=[FeatureSettingsJson(**feature_settings(toggle)) for toggle in toggles],
        feature_strategies=[_strategy_json(toggle, strategy) for toggle, strategy in strategies],
        feature_environments=environments,
        context_fields=[
            _context_field_json(field)
            for name, field in sorted(snapshot.context_fields.items())
            if name in used
        ],
        feature_tags=[
            BatchTagJson(feature_name=toggle.name, tag_type=tag.type, tag_value=tag.value)
            for toggle in toggles
            for tag in toggle.tags
        ],
        segments=[
            BatchSegmentJson(id=number, name=segment.name)
            for number, segment in sorted(snapshot.segments.items())
            if number in segments
        ],
        tag_types=[
            _tag_type_json(tag_type)
            for name, tag_type in sorted(snapshot.tag_types.items())
            if name in tag_types
        ],
        dependencies=[
            BatchDependenciesJson(feature=toggle.name, dependencies=dependencies_json(toggle))
            for toggle in toggles
            if toggle.dependencies
        ],
    )


def _strategy_json(toggle: Toggle, strategy: ToggleStrategy) -> FeatureStrategyJson:
    exported = strategy_json(toggle, strategy)
    # Exports of 8.2 have an empty string if the strategy has no title.
    exported.title = strategy.title
    return exported


def _context_field_json(field: ContextField) -> BatchContextFieldJson:
    fields: dict[str, Any] = given_fields(ContextFieldFields, field)
    fields["legal_values"] = [
        BatchLegalValueJson(value=legal.value, description=legal.description)
        for legal in field.legal_values
    ]
    return BatchContextFieldJson(name=field.name, **fields)


def _tag_type_json(tag_type: TagType) -> BatchTagTypeJson:
    return BatchTagTypeJson(name=tag_type.name, **given_fields(TagTypeFields, tag_type))


def _used_fields(
    strategies: Iterable[ToggleStrategy], variants: Iterable[Variant]
) -> Iterable[Any]:
    """Yield the names of the context fields that strategies and variants of toggles use."""
    for strategy in strategies:
        stickiness = (strategy.parameters or {}).get("stickiness")
        if isinstance(stickiness, str):
            yield stickiness
        yield from (constraint.context_name for constraint in strategy.constraints or ())
    for variant in variants:
        yield variant.stickiness
        yield from (override.context_name for override in variant.overrides or ())
