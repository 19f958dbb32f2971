"""For each kind of object, the fields that a caller can set.

The structs are arguments of operations, and base classes of entries in Flagstaff's document.
GraphQL inputs and REST bodies are converted to these structs by field name. If a field is UNSET, an
existing object keeps its value, and a new object gets the default. Names and keys are not included,
because they identify the object.
"""

from functools import cache
from typing import Any, TypeVar, cast

from msgspec import UNSET, Struct, UnsetType, inspect

from store.model import EnvironmentType, WebhookFormat
from store.values import Constraint, LegalValue, StrategyParameter

FieldsT = TypeVar("FieldsT", bound="Fields")


class Fields(Struct, frozen=True, kw_only=True, rename="camel"):
    """The base class of the structs in this module."""


class ToggleFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a toggle; `type` and `project` are names."""

    description: str | None | UnsetType = UNSET
    type: str | UnsetType = UNSET
    project: str | UnsetType = UNSET
    impression_data: bool | UnsetType = UNSET


class StrategyFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a strategy definition; without a title, the name is displayed."""

    title: str | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    parameters: tuple[StrategyParameter, ...] | UnsetType = UNSET
    deprecated: bool | UnsetType = UNSET


class SegmentFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a segment."""

    description: str | None | UnsetType = UNSET
    constraints: tuple[Constraint, ...] | UnsetType = UNSET


class ContextFieldFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a context field."""

    description: str | None | UnsetType = UNSET
    legal_values: tuple[LegalValue, ...] | UnsetType = UNSET
    stickiness: bool | UnsetType = UNSET
    sort_order: int | UnsetType = UNSET


class EnvironmentFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of an environment."""

    type: EnvironmentType | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    sort_order: int | UnsetType = UNSET


class ProjectFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a project; without a title, the name is displayed."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET


class ToggleTypeFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a toggle type; a lifetime of None is unlimited."""

    lifetime_days: int | None | UnsetType = UNSET


class TagTypeFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a tag type; `color` is a hex triplet such as #00ff7f."""

    description: str | None | UnsetType = UNSET
    icon: str | None | UnsetType = UNSET
    color: str | None | UnsetType = UNSET


class WebhookFields(Fields, frozen=True, kw_only=True, rename="camel"):
    """The fields of a webhook; see `Webhook`."""

    name: str | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    receiver_url: str | UnsetType = UNSET
    format: WebhookFormat | UnsetType = UNSET
    event_types: tuple[str, ...] | None | UnsetType = UNSET
    projects: tuple[str, ...] | UnsetType = UNSET
    environments: tuple[str, ...] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


def given_fields(kind: type[Fields], source: Struct) -> dict[str, Any]:
    """Return the values of the fields of `kind` in `source`, by field name; omit UNSET fields.

    `source` is an instance of `kind`. If `source` is an instance of a subclass, such as an entry of
    a document, the additional fields of the subclass are omitted.
    """
    values = {name: getattr(source, name) for name in kind.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}


def fields_from(kind: type[FieldsT], source: Struct) -> FieldsT:
    """Build an instance of `kind` from the fields of `source` with the same names."""
    known = source.__struct_fields__
    return kind(**{name: getattr(source, name) for name in kind.__struct_fields__ if name in known})


@cache
def optional_fields(kind: type[Fields]) -> frozenset[str]:
    """Return the names of the fields that can be None."""
    info = cast("inspect.StructType", inspect.type_info(kind))
    return frozenset(
        field.name
        for field in info.fields
        if isinstance(field.type, inspect.UnionType) and field.type.includes_none
    )
