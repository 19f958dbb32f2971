"""Convert the changes of a scheduled change set to JSON and back."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any, cast

from graphql import GraphQLList, GraphQLNonNull, Undefined
from graphql.utilities import coerce_input_value  # pyright: ignore[reportUnknownVariableType]
from strawberry import UNSET, Some
from strawberry.schema.config import StrawberryConfig
from strawberry.types import get_object_definition
from strawberry.types.arguments import convert_argument

from graph.engine.run.schema import Schema
from graph.events.change_input import ChangeInput
from graph.events.requested_changes import requested_changes
from graph.scalars import format_datetime
from store import Snapshot
from store.errors import InvalidError, refuse
from store.operations.change_sets import RequestedChange

# graphql-core does not set the type parameters of its types.
_coerce: Any = coerce_input_value  # pyright: ignore[reportUnknownVariableType]
_NAMES = StrawberryConfig().name_converter


def changes_to_json(changes: Sequence[ChangeInput]) -> list[Any]:
    """Return changes as clients would send them in the variables of an operation."""
    return [_to_json(change) for change in changes]


def changes_from_json(
    schema: Schema, document: Any, snapshot: Snapshot
) -> Sequence[RequestedChange]:
    """Return the requested changes from the JSON that `changes_to_json` returned.

    Raises: Refusal: see `inputs_from_json`.
    """
    return requested_changes(inputs_from_json(schema, document), snapshot)


def inputs_from_json(schema: Schema, document: Any) -> list[ChangeInput]:
    """Return the inputs from the JSON that `changes_to_json` returned.

    Raises: Refusal: this release cannot read one of the changes.
    """
    change: Any = schema.graphql.type_map["ChangeInput"]
    converter = schema.schema_converter
    values = _coerce(document, GraphQLNonNull(GraphQLList(change)))
    if values is Undefined:
        refuse(
            InvalidError(
                "The changes do not have the form that this release of the server knows.",
                rule="changes-format",
                path=("changes",),
            )
        )
    inputs = [
        convert_argument(value, ChangeInput, converter.scalar_registry, converter.config)
        for value in values
    ]
    return cast("list[ChangeInput]", inputs)


def _to_json(value: Any) -> Any:
    definition = get_object_definition(type(value))
    if definition is not None:
        members: dict[str, Any] = {}
        for field in definition.fields:
            member = getattr(value, field.python_name)
            # An omitted field has its default, or None if it has no default.
            default = _default_of(field)
            if member is not UNSET and (member is not None or default is not None):
                members[_NAMES.from_field(field)] = _to_json(member)
        return members
    match value:
        case Some():
            return _to_json(cast("Some[Any]", value).value)
        case Enum():
            return value.name
        case datetime():
            return format_datetime(value)
        case list():
            return [_to_json(item) for item in cast("list[Any]", value)]
        case _:
            return value


def _default_of(field: Any) -> Any:
    return None if field.default is dataclasses.MISSING else field.default
