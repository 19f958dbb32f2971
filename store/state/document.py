"""Flagstaff's own document of a configuration: what its JSON and YAML look like.

Everything is named by name, segments too, so that a document means the same in any installation;
keys, revisions, actors and tokens are an installation's own and stay out. What a document leaves
out of an object that exists stays as it is there.
"""

from datetime import datetime
from functools import cache
from typing import Any, cast

from msgspec import UNSET, Struct, UnsetType, inspect

from store.model import EnvironmentType
from store.operations.fields import ToggleFields
from store.values import (
    Constraint,
    Dependency,
    LegalValue,
    StrategyParameter,
    Tag,
    Variant,
)

FORMAT = "flagstaff"
VERSION = 1


class Entry(Struct, frozen=True, kw_only=True, rename="camel"):
    """One object of a document."""

    name: str


class EnvironmentEntry(Entry, frozen=True, kw_only=True, rename="camel"):
    """A stage of delivery."""

    type: EnvironmentType | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    sort_order: int | UnsetType = UNSET


class ProjectEntry(Entry, frozen=True, kw_only=True, rename="camel"):
    """A group of toggles."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET


class ToggleTypeEntry(Entry, frozen=True, kw_only=True, rename="camel"):
    """A kind of toggle; null days stand for a lifetime without end."""

    lifetime_days: int | None | UnsetType = UNSET


class ContextFieldEntry(Entry, frozen=True, kw_only=True, rename="camel"):
    """A field of the context."""

    description: str | None | UnsetType = UNSET
    legal_values: tuple[LegalValue, ...] | UnsetType = UNSET
    stickiness: bool | UnsetType = UNSET
    sort_order: int | UnsetType = UNSET


class TagTypeEntry(Entry, frozen=True, kw_only=True, rename="camel"):
    """A kind of tag."""

    description: str | None | UnsetType = UNSET
    icon: str | None | UnsetType = UNSET
    color: str | None | UnsetType = UNSET


class SegmentEntry(Entry, frozen=True, kw_only=True, rename="camel"):
    """A named set of constraints."""

    description: str | None | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | UnsetType = UNSET


class StrategyEntry(Entry, frozen=True, kw_only=True, rename="camel"):
    """The definition of a strategy; of a built-in one only what can be changed about it."""

    title: str | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    parameters: tuple[StrategyParameter, ...] | UnsetType = UNSET
    deprecated: bool | UnsetType = UNSET


class ActivationEntry(Entry, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A strategy on a toggle, always whole; `segments` are names."""

    title: str = ""
    disabled: bool = False
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | None | UnsetType = UNSET
    segments: tuple[str, ...] = ()
    variants: tuple[Variant, ...] | UnsetType = UNSET


class ConfigurationEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a toggle is configured to do in one environment; null variants were never set."""

    environment: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    strategies: tuple[ActivationEntry, ...] | UnsetType = UNSET
    variants: tuple[Variant, ...] | None | UnsetType = UNSET


class _NamedToggle(ToggleFields, frozen=True, kw_only=False, rename="camel"):
    # Fields that are not keyword-only come before all others, inherited ones too.
    name: str


class ToggleEntry(_NamedToggle, frozen=True, kw_only=True, rename="camel"):
    """A toggle; the environments it does not mention are none of its concern."""

    created_at: datetime | UnsetType = UNSET
    stale_at: datetime | None | UnsetType = UNSET
    archived_at: datetime | None | UnsetType = UNSET
    tags: tuple[Tag, ...] | UnsetType = UNSET
    dependencies: tuple[Dependency, ...] | UnsetType = UNSET
    environments: tuple[ConfigurationEntry, ...] | UnsetType = UNSET


class Document(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A configuration or a part of one; `tags` are those that exist, carried by toggles or not."""

    format: str
    version: int
    exported_at: datetime | UnsetType = UNSET
    environments: tuple[EnvironmentEntry, ...] = ()
    projects: tuple[ProjectEntry, ...] = ()
    toggle_types: tuple[ToggleTypeEntry, ...] = ()
    context_fields: tuple[ContextFieldEntry, ...] = ()
    tag_types: tuple[TagTypeEntry, ...] = ()
    tags: tuple[Tag, ...] = ()
    segments: tuple[SegmentEntry, ...] = ()
    strategies: tuple[StrategyEntry, ...] = ()
    toggles: tuple[ToggleEntry, ...] = ()


@cache
def fields_of(kind: type[Struct]) -> dict[str, inspect.Field]:
    """The fields of a struct by their names in documents."""
    info = cast("inspect.StructType", inspect.type_info(kind))
    return {field.encode_name: field for field in info.fields}
