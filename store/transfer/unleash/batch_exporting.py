"""Export toggles with their settings in one environment, as batch exports of Unleash 8 do."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from store.model import Toggle, ToggleStrategy
from store.operations.variants import StoredVariants, complete_variant
from store.snapshot import Snapshot
from store.values import Constraint, Variant


class BatchFeature(Struct, kw_only=True, rename="camel"):
    """A toggle."""

    name: str
    description: str | None
    type: str
    project: str
    stale: bool
    impression_data: bool
    archived: bool = False


class BatchStrategy(Struct, kw_only=True, rename="camel"):
    """A strategy of a toggle in the environment."""

    name: str
    id: str
    feature_name: str
    title: str
    parameters: dict[str, Any]
    constraints: Sequence[Constraint]
    variants: Sequence[Variant]
    segments: Sequence[int]
    disabled: bool
    sort_order: int


class BatchEnvironment(Struct, kw_only=True, rename="camel"):
    """Whether a toggle is on in the environment, and its variants there."""

    name: str
    feature_name: str
    environment: str
    enabled: bool
    variants: Sequence[Variant]


class BatchLegalValue(Struct, kw_only=True):
    """A legal value."""

    value: str
    description: str


class BatchContextField(Struct, kw_only=True, rename="camel"):
    """A context field that the toggles use."""

    name: str
    description: str | None
    stickiness: bool
    sort_order: int
    legal_values: Sequence[BatchLegalValue]


class BatchTag(Struct, kw_only=True, rename="camel"):
    """A tag of a toggle."""

    feature_name: str
    tag_type: str
    tag_value: str


class BatchSegment(Struct, kw_only=True):
    """The name of a segment that the toggles use."""

    id: int
    name: str


class BatchTagType(Struct, kw_only=True):
    """A type of tags that the toggles have."""

    name: str
    description: str | None
    icon: str | None
    color: str | None


class BatchDependency(Struct, kw_only=True):
    """Another toggle and its required state."""

    feature: str
    enabled: bool
    variants: Sequence[str]


class BatchDependencies(Struct, kw_only=True):
    """The dependencies of a toggle."""

    feature: str
    dependencies: Sequence[BatchDependency]


class BatchExport(Struct, kw_only=True, rename="camel"):
    """Toggles with their settings in one environment, and the objects that they use.

    Segments have no constraints, and there are no links, as in exports of Unleash 8.
    """

    features: Sequence[BatchFeature]
    feature_strategies: Sequence[BatchStrategy]
    feature_environments: Sequence[BatchEnvironment]
    context_fields: Sequence[BatchContextField]
    feature_tags: Sequence[BatchTag]
    segments: Sequence[BatchSegment]
    tag_types: Sequence[BatchTagType]
    dependencies: Sequence[BatchDependencies]
    links: Sequence[dict[str, Any]] = ()


def export_batch(snapshot: Snapshot, toggles: Sequence[Toggle], environment: str) -> BatchExport:
    """Return the batch export of toggles in an environment."""
    configured = [(toggle, toggle.in_environment(environment)) for toggle in toggles]
    strategies = [
        (toggle, strategy) for toggle, settings in configured for strategy in settings.strategies
    ]
    variants = [variant for _, settings in configured for variant in _complete(settings.variants)]
    used = set(_used_fields((strategy for _, strategy in strategies), variants))
    segments = {number for _, strategy in strategies for number in strategy.segments}
    tag_types = {tag.type for toggle in toggles for tag in toggle.tags}
    return BatchExport(
        features=[*map(_feature, toggles)],
        feature_strategies=[_strategy(toggle, strategy) for toggle, strategy in strategies],
        feature_environments=[
            BatchEnvironment(
                name=toggle.name,
                feature_name=toggle.name,
                environment=environment,
                enabled=settings.enabled,
                variants=_complete(settings.variants),
            )
            for toggle, settings in configured
        ],
        context_fields=[
            BatchContextField(
                name=field.name,
                description=field.description,
                stickiness=field.stickiness,
                sort_order=field.sort_order,
                legal_values=[
                    BatchLegalValue(value=legal.value, description=legal.description)
                    for legal in field.legal_values
                ],
            )
            for name, field in sorted(snapshot.context_fields.items())
            if name in used
        ],
        feature_tags=[
            BatchTag(feature_name=toggle.name, tag_type=tag.type, tag_value=tag.value)
            for toggle in toggles
            for tag in toggle.tags
        ],
        segments=[
            BatchSegment(id=number, name=segment.name)
            for number, segment in sorted(snapshot.segments.items())
            if number in segments
        ],
        tag_types=[
            BatchTagType(name=name, description=kind.description, icon=kind.icon, color=kind.color)
            for name, kind in sorted(snapshot.tag_types.items())
            if name in tag_types
        ],
        dependencies=[_dependencies(toggle) for toggle in toggles if toggle.dependencies],
    )


def _feature(toggle: Toggle) -> BatchFeature:
    return BatchFeature(
        name=toggle.name,
        description=toggle.description,
        type=toggle.type,
        project=toggle.project,
        stale=toggle.stale,
        impression_data=toggle.impression_data,
    )


def _strategy(toggle: Toggle, strategy: ToggleStrategy) -> BatchStrategy:
    return BatchStrategy(
        name=strategy.name,
        id=strategy.id,
        feature_name=toggle.name,
        title=strategy.title,
        parameters=strategy.parameters or {},
        constraints=strategy.constraints or (),
        variants=_complete(strategy.variants),
        segments=strategy.segments,
        disabled=strategy.disabled,
        sort_order=strategy.sort_order,
    )


def _dependencies(toggle: Toggle) -> BatchDependencies:
    return BatchDependencies(
        feature=toggle.name,
        dependencies=[
            BatchDependency(
                feature=dependency.toggle, enabled=dependency.enabled, variants=dependency.variants
            )
            for dependency in toggle.dependencies
        ],
    )


def _complete(variants: StoredVariants) -> Sequence[Variant]:
    return [complete_variant(variant) for variant in variants or ()]


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
