"""The JSON bodies of the 3.x admin API. Functions convert objects of the store to bodies."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from rest_compat.http.models import Count, Time
from rest_compat.http.request import Request
from store.constraints.operators import compared_values
from store.http_times import format_time
from store.model import (
    DEFAULT_ENVIRONMENT,
    ContextField,
    Project,
    Strategy,
    TagType,
    Toggle,
    ToggleStrategy,
    ToggleType,
)
from store.operations.fields import ToggleFields, given_fields
from store.operations.variants import StoredVariants
from store.usage.recent import Answers
from store.values import Constraint, LegalValue, StrategyParameter, Tag, Variant

VERSION = 1


class StrategyJson(Struct, kw_only=True, rename="camel"):
    """A strategy of a toggle.

    The title, `disabled`, segments and variants are newer than 3.x. They are omitted if they are
    not set. Otherwise clients need them to see which users the strategy excludes.
    """

    name: str
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: Sequence[Constraint] | None | UnsetType = UNSET
    title: str | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    segments: Sequence[int] | UnsetType = UNSET
    variants: Sequence[Variant] | UnsetType = UNSET


class ToggleSettingsJson(Struct, kw_only=True, rename="camel"):
    """The fields of a toggle that a 3.x client can set."""

    name: str
    description: str | None
    type: str
    project: str
    enabled: bool
    stale: bool
    strategies: Sequence[StrategyJson]
    variants: Sequence[Variant] | None


class ToggleJson(ToggleSettingsJson, kw_only=True, rename="camel"):
    """The toggle with its configuration in the environment `default`."""

    created_at: Time
    last_seen_at: Time | None


class TogglesJson(Struct, kw_only=True, rename="camel"):
    """The toggles."""

    version: int = VERSION
    features: Sequence[ToggleJson]


class ArchivedTogglesJson(Struct, kw_only=True, rename="camel"):
    """The archived toggles."""

    features: Sequence[ToggleJson]


class TagsJson(Struct, kw_only=True, rename="camel"):
    """The tags."""

    version: int = VERSION
    tags: Sequence[Tag]


class OneTagJson(Struct, kw_only=True, rename="camel"):
    """The tag."""

    version: int = VERSION
    tag: Tag


class TagTypeJson(Struct, kw_only=True, rename="camel"):
    """A type of tags."""

    name: str
    description: str | None
    icon: str | None
    color: str | None


class TagTypesJson(Struct, kw_only=True, rename="camel"):
    """The types of tags."""

    version: int = VERSION
    tag_types: Sequence[TagTypeJson]


class OneTagTypeJson(Struct, kw_only=True, rename="camel"):
    """The type of tags."""

    version: int = VERSION
    tag_type: TagTypeJson


class StrategyDefinitionJson(Struct, kw_only=True, rename="camel"):
    """The strategy with its parameters."""

    name: str
    editable: bool
    description: str | None
    parameters: Sequence[StrategyParameter]
    deprecated: bool


class StrategyDefinitionsJson(Struct, kw_only=True, rename="camel"):
    """The strategies."""

    version: int = VERSION
    strategies: Sequence[StrategyDefinitionJson]


class LegalValueJson(Struct, kw_only=True):
    """A legal value of a context field. Without a description, the key is absent."""

    value: str
    description: str | UnsetType = UNSET


class ContextFieldJson(Struct, kw_only=True, rename="camel"):
    """The context field. A field that accepts any value has no `legalValues`.

    A legal value is a string if a client sent a string, and otherwise an object.
    """

    name: str
    description: str | None
    stickiness: bool
    sort_order: int
    legal_values: Sequence[str | LegalValueJson] | UnsetType = UNSET
    created_at: Time


class ProjectJson(Struct, kw_only=True, rename="camel"):
    """A project."""

    id: str
    name: str
    description: str | None
    created_at: Time


class ProjectsJson(Struct, kw_only=True, rename="camel"):
    """The projects."""

    version: int = VERSION
    projects: Sequence[ProjectJson]


class ToggleTypeJson(Struct, kw_only=True, rename="camel"):
    """A type of toggles. `lifetimeDays` is null if the lifetime is unlimited."""

    id: str
    name: str
    description: str | None
    lifetime_days: int | None


class ToggleTypesJson(Struct, kw_only=True, rename="camel"):
    """The types of toggles."""

    version: int = VERSION
    types: Sequence[ToggleTypeJson]


class ApplicationJson(Struct, kw_only=True, rename="camel"):
    """An application. If it has never registered, it has only a name."""

    app_name: str
    created_at: Time | UnsetType = UNSET
    updated_at: Time | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    strategies: Sequence[str] | UnsetType = UNSET
    created_by: str | None | UnsetType = UNSET
    url: str | None | UnsetType = UNSET
    color: str | None | UnsetType = UNSET
    icon: str | None | UnsetType = UNSET


class ApplicationsJson(Struct, kw_only=True, rename="camel"):
    """The applications."""

    applications: Sequence[ApplicationJson]


class SeenTogglesJson(Struct, kw_only=True, rename="camel"):
    """The names that an application requests."""

    app_name: str
    seen_toggles: Sequence[str]
    metrics_count: Count


class RecentCountsJson(Struct, kw_only=True, rename="camel"):
    """The counts by name."""

    last_hour: dict[str, Answers]
    last_minute: dict[str, Answers]


def answered_toggle(request: Request, toggle: Toggle) -> ToggleJson:
    """Return the body of a toggle with the time of its last use."""
    return toggle_json(toggle, last_seen_at=request.store.usage.last_seen_at(toggle.name))


def toggle_json(toggle: Toggle, *, last_seen_at: datetime | None) -> ToggleJson:
    """Return the body of a toggle for lists and single reads.

    An archived toggle has the state that it had when it was archived. As in Unleash 3.x, the
    archive route switches toggles off. Imports of archived toggles do not switch toggles off.
    """
    return ToggleJson(
        **_settings(toggle),
        created_at=format_time(toggle.created_at),
        last_seen_at=format_time(last_seen_at),
    )


def toggle_document(toggle: Toggle, *, last_seen_at: datetime | None) -> dict[str, Any]:
    """Return the result of `toggle_json` as plain JSON values for events."""
    return _plain(toggle_json(toggle, last_seen_at=last_seen_at))


def toggle_settings(toggle: Toggle) -> dict[str, Any]:
    """Return the settings of a toggle as plain JSON values.

    Variants and descriptions that were never sent have the value None. Parameters and constraints
    that were never sent are omitted.
    """
    return _plain(ToggleSettingsJson(**_settings(toggle)))


def strategy_definition_json(strategy: Strategy) -> StrategyDefinitionJson:
    """Return the body of a strategy for lists, single reads and the details of applications."""
    return StrategyDefinitionJson(
        name=strategy.name,
        editable=not strategy.built_in,
        description=strategy.description,
        parameters=strategy.parameters,
        deprecated=strategy.deprecated,
    )


def tag_type_json(tag_type: TagType) -> TagTypeJson:
    """Return a tag type."""
    return TagTypeJson(
        name=tag_type.name,
        description=tag_type.description,
        icon=tag_type.icon,
        color=tag_type.color,
    )


def legal_values_json(values: Iterable[LegalValue]) -> list[str | LegalValueJson]:
    """Return legal values in the forms in which clients sent them."""
    return [
        legal_value.value
        if legal_value.as_string is True
        else LegalValueJson(value=legal_value.value, description=legal_value.description or UNSET)
        for legal_value in values
    ]


def context_field_json(field: ContextField) -> ContextFieldJson:
    """Return a context field."""
    return ContextFieldJson(
        name=field.name,
        description=field.description,
        stickiness=field.stickiness,
        sort_order=field.sort_order,
        legal_values=legal_values_json(field.legal_values) or UNSET,
        created_at=format_time(field.created_at),
    )


def project_json(project: Project) -> ProjectJson:
    """Return a project."""
    return ProjectJson(
        id=project.name,
        name=project.title,
        description=project.description,
        created_at=format_time(project.created_at),
    )


def toggle_type_json(type: ToggleType) -> ToggleTypeJson:
    """Return a toggle type."""
    return ToggleTypeJson(
        id=type.name,
        name=type.title,
        description=type.description,
        lifetime_days=type.lifetime_days,
    )


def _settings(toggle: Toggle) -> dict[str, Any]:
    configured = toggle.in_environment(DEFAULT_ENVIRONMENT)
    known = ToggleSettingsJson.__struct_fields__
    fields = given_fields(ToggleFields, toggle)
    return {name: value for name, value in fields.items() if name in known} | {
        "name": toggle.name,
        "enabled": configured.enabled,
        "stale": toggle.stale,
        "strategies": [_strategy(strategy) for strategy in configured.strategies],
        "variants": _sent_variants(configured.variants),
    }


def _strategy(strategy: ToggleStrategy) -> StrategyJson:
    constraints = strategy.constraints
    return StrategyJson(
        name=strategy.name,
        parameters=strategy.parameters,
        constraints=constraints and [_constraint(constraint) for constraint in constraints],
        title=strategy.title or UNSET,
        disabled=strategy.disabled or UNSET,
        segments=strategy.segments or UNSET,
        variants=strategy.variants or UNSET,
    )


def _sent_variants(variants: StoredVariants) -> Sequence[Variant] | None:
    return None if variants is UNSET else variants


def _constraint(constraint: Constraint) -> Constraint:
    # 3.x has one key for all values and refuses empty lists. An empty list is omitted, so that
    # clients can send the response back.
    return Constraint(
        context_name=constraint.context_name,
        operator=constraint.operator,
        values=compared_values(constraint) or UNSET,
        inverted=constraint.inverted or UNSET,
        case_insensitive=constraint.case_insensitive or UNSET,
    )


def _plain(value: Struct) -> Any:
    # The conversion turns tuples into lists, so that new and stored events can be compared.
    return msgspec.json.decode(msgspec.json.encode(value))
