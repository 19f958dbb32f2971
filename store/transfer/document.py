"""The format of Flagstaff's own documents, in JSON and YAML.

All references between objects are names, including references to segments. Therefore a document has
the same meaning in every installation. Keys, revisions, actors and tokens belong to an
installation, so documents omit them. If the document omits a field of an existing object, an import
does not change the field.
"""

from datetime import datetime
from functools import cache
from typing import Any, cast

from msgspec import UNSET, Struct, UnsetType, inspect

from store.operations.fields import (
    ContextFieldFields,
    EnvironmentFields,
    ProjectFields,
    SegmentFields,
    StrategyFields,
    TagTypeFields,
    ToggleFields,
    ToggleTypeFields,
)
from store.values import (
    Constraint,
    Dependency,
    Tag,
    Variant,
)

FORMAT = "flagstaff"
VERSION = 1


# The names of objects are not keyword-only. Therefore, in documents, the name precedes all other
# fields of an object, even inherited fields.


class EnvironmentEntry(EnvironmentFields, frozen=True, kw_only=False, rename="camel"):
    """A stage of delivery."""

    name: str


class ProjectEntry(ProjectFields, frozen=True, kw_only=False, rename="camel"):
    """A group of toggles."""

    name: str


class ToggleTypeEntry(ToggleTypeFields, frozen=True, kw_only=False, rename="camel"):
    """A type of toggle. If `lifetimeDays` is null, the lifetime is unlimited."""

    name: str


class ContextFieldEntry(ContextFieldFields, frozen=True, kw_only=False, rename="camel"):
    """A field of the context."""

    name: str


class TagTypeEntry(TagTypeFields, frozen=True, kw_only=False, rename="camel"):
    """A type of tag."""

    name: str


class SegmentEntry(SegmentFields, frozen=True, kw_only=False, rename="camel"):
    """A named set of constraints."""

    name: str


class StrategyEntry(StrategyFields, frozen=True, kw_only=False, rename="camel"):
    """The definition of a strategy; entries of built-in strategies have only changeable fields."""

    name: str


class ActivationEntry(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A strategy of a toggle.

    An import replaces all settings of the strategy. `segments` are names of segments.
    """

    name: str
    title: str = ""
    disabled: bool = False
    parameters: dict[str, Any] | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | None | UnsetType = UNSET
    segments: tuple[str, ...] = ()
    variants: tuple[Variant, ...] | UnsetType = UNSET


class ConfigurationEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """The configuration of a toggle in one environment.

    If the variants were never set, `variants` is null.
    """

    environment: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    strategies: tuple[ActivationEntry, ...] | UnsetType = UNSET
    variants: tuple[Variant, ...] | None | UnsetType = UNSET


class _NamedToggle(ToggleFields, frozen=True, kw_only=False, rename="camel"):
    name: str


class ToggleEntry(_NamedToggle, frozen=True, kw_only=True, rename="camel"):
    """A toggle. If `environments` omits an environment, MERGE preserves its configuration."""

    created_at: datetime | UnsetType = UNSET
    stale_at: datetime | None | UnsetType = UNSET
    archived_at: datetime | None | UnsetType = UNSET
    tags: tuple[Tag, ...] | UnsetType = UNSET
    dependencies: tuple[Dependency, ...] | UnsetType = UNSET
    environments: tuple[ConfigurationEntry, ...] | UnsetType = UNSET


class Document(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A document with all or some toggles and reference data of an installation.

    `tags` includes tags that no toggle has.
    """

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
def named_sections() -> dict[str, str]:
    """Return the sections whose objects have names, as pairs of a key and a field of `Document`."""
    return {
        section: field.name
        for section, field in fields_of(Document).items()
        if isinstance(field.type, inspect.VarTupleType)
        and isinstance(field.type.item_type, inspect.StructType)
        and "name" in fields_of(field.type.item_type.cls)
    }


@cache
def fields_of(kind: type[Struct]) -> dict[str, inspect.Field]:
    """Return the fields of a struct by their names in documents."""
    info = cast("inspect.StructType", inspect.type_info(kind))
    return {field.encode_name: field for field in info.fields}
