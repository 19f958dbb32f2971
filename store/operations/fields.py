"""What a writer says of an object: one list of fields for each kind.

An operation takes the list of its kind, an entry of Flagstaff's document inherits it, and GraphQL
inputs and REST bodies fill it by the names of its fields. A field that is UNSET stays as it is, or
gets its default in a new object. Names and keys are in no list: they say which object is meant.
"""

from functools import cache
from typing import Any, TypeVar, cast

from msgspec import UNSET, Struct, UnsetType, inspect

from store.model import EnvironmentType
from store.values import Constraint, LegalValue, StrategyParameter

FieldsT = TypeVar("FieldsT", bound="Fields")


class Fields(Struct, frozen=True, kw_only=True, rename="camel"):
    """The fields of one kind of object."""


class ToggleFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """A toggle; `type` and `project` are names."""

    description: str | None | UnsetType = UNSET
    type: str | UnsetType = UNSET
    project: str | UnsetType = UNSET
    impression_data: bool | UnsetType = UNSET


class StrategyFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The definition of a strategy; an empty title stands for the name."""

    title: str | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    parameters: tuple[StrategyParameter, ...] | UnsetType = UNSET
    deprecated: bool | UnsetType = UNSET


class SegmentFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """A segment."""

    description: str | None | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | UnsetType = UNSET


class ContextFieldFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """A context field."""

    description: str | None | UnsetType = UNSET
    legal_values: tuple[LegalValue, ...] | UnsetType = UNSET
    stickiness: bool | UnsetType = UNSET
    sort_order: int | UnsetType = UNSET


class EnvironmentFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """An environment."""

    type: EnvironmentType | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    sort_order: int | UnsetType = UNSET


class ProjectFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """A project; an empty title stands for the name."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET


class ToggleTypeFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """A toggle type; None is a lifetime without end."""

    lifetime_days: int | None | UnsetType = UNSET


class TagTypeFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """A tag type; `color` is a hex triplet such as #00ff7f."""

    description: str | None | UnsetType = UNSET
    icon: str | None | UnsetType = UNSET
    color: str | None | UnsetType = UNSET


def given_fields(kind: type[Fields], source: Struct) -> dict[str, Any]:
    """The fields of a kind that are not UNSET in `source`, by name.

    `source` is a list of the kind or something that inherits it, such as an entry of a document,
    whose other fields are left out.
    """
    values = {name: getattr(source, name) for name in kind.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}


def fields_from(kind: type[FieldsT], source: Struct) -> FieldsT:
    """A list of fields, from the fields of `source` that have the same names."""
    known = source.__struct_fields__
    return kind(**{name: getattr(source, name) for name in kind.__struct_fields__ if name in known})


@cache
def optional_fields(kind: type[Fields]) -> frozenset[str]:
    """The names of the fields that can be None."""
    info = cast("inspect.StructType", inspect.type_info(kind))
    return frozenset(
        field.name
        for field in info.fields
        if isinstance(field.type, inspect.UnionType) and field.type.includes_none
    )
