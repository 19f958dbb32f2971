"""The schema is printed, fully described, and matches the objects of the store."""

import types
from datetime import datetime
from enum import EnumMeta
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
)
from strawberry.types.base import StrawberryList, StrawberryOptional, get_object_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from graph.engine.run.fields import ContextualField, DerivedField
from graph.node import Node
from graph.scalars import BigInt
from graph.schema import print_sdl, schema, schema_hash

ROOT = Path(__file__).parents[2]
OWN_TYPES: dict[str, GraphQLNamedType] = {
    name: type
    for name, type in schema._schema.type_map.items()
    if not name.startswith("__") and name not in {"String", "Int", "Float", "Boolean", "ID"}
}
# These Python classes of GraphQL object types represent a class of the store.
STORED_CLASSES: dict[str, Any] = {
    name: origin
    for name, concrete in schema.schema_converter.type_map.items()
    if hasattr(origin := getattr(concrete.definition, "origin", None), "store_class")
}


def test_the_printed_schema_is_current() -> None:
    """Run `flagstaff schema > schema.graphql` after a change."""
    assert (ROOT / "schema.graphql").read_text() == print_sdl()


def test_the_schema_hash_is_that_of_the_printed_schema() -> None:
    assert len(schema_hash()) == 64


def descriptions() -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for name, type in OWN_TYPES.items():
        found.append((name, type.description))
        if isinstance(type, GraphQLEnumType):
            found += [(f"{name}.{key}", value.description) for key, value in type.values.items()]
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in type.fields.items():
                found.append((f"{name}.{field_name}", field.description))
                found += [
                    (f"{name}.{field_name}({key})", argument.description)
                    for key, argument in field.args.items()
                ]
        if isinstance(type, GraphQLInputObjectType):
            found += [(f"{name}.{key}", field.description) for key, field in type.fields.items()]
    return found


def test_everything_has_a_description_that_is_a_sentence() -> None:
    unfinished = [
        owner for owner, text in descriptions() if not text or not text.strip().endswith(".")
    ]

    assert unfinished == []


def test_scalars_say_where_they_are_specified() -> None:
    specified = {
        name: type.specified_by_url
        for name, type in OWN_TYPES.items()
        if isinstance(type, GraphQLScalarType)
    }

    assert specified == {
        "DateTime": "https://scalars.graphql.org/andimarek/date-time.html",
        "JSON": "https://www.rfc-editor.org/rfc/rfc8259",
        "BigInt": None,  # This scalar has no specification, because its description is complete.
    }


def test_inputs_are_named_for_what_they_are() -> None:
    inputs = [name for name, item in OWN_TYPES.items() if isinstance(item, GraphQLInputObjectType)]

    assert [item for item in inputs if not item.endswith(("Input", "Filter", "Order"))] == []


def test_arguments_that_may_be_left_out_have_no_default_of_null() -> None:
    for type in OWN_TYPES.values():
        if isinstance(type, GraphQLObjectType):
            for field in type.fields.values():
                for argument in field.args.values():
                    assert not _defaults_to_null(argument)


def _defaults_to_null(argument: GraphQLArgument) -> bool:
    return argument.default is not None and argument.default.value is None


def test_every_type_with_an_id_shows_a_class_of_the_store() -> None:
    implementations = schema._schema.get_implementations(schema._schema.type_map["Node"])  # type: ignore[arg-type]

    for implementation in implementations.objects:
        assert implementation.name in STORED_CLASSES, implementation.name


@pytest.mark.parametrize(
    "name", [name for name in STORED_CLASSES if issubclass(STORED_CLASSES[name], Node)]
)
def test_types_with_an_id_accept_objects_of_their_class_and_no_others(name: str) -> None:
    displayed = STORED_CLASSES[name]
    fields = msgspec.structs.fields(displayed.store_class)
    ours = displayed.store_class(**{field.name: None for field in fields})  # structs check nothing

    accepts = schema._schema.type_map[name].is_type_of  # type: ignore[attr-defined]
    assert accepts(ours, None)
    assert not accepts(object(), None)
    assert Node.resolve_type(ours, None, None) == name


@pytest.mark.parametrize("name", STORED_CLASSES)
def test_plain_fields_have_the_names_and_types_of_the_store(name: str) -> None:
    displayed = STORED_CLASSES[name]
    definition = get_object_definition(displayed, strict=True)
    plain = [field for field in definition.fields if is_plain(field)]

    for field in plain:
        stored = type_in_store(displayed.store_class, field.python_name)
        assert matches(field.type, stored), f"{name}.{field.python_name} is {stored} in the store"


def is_plain(field: StrawberryField) -> bool:
    return field.base_resolver is None and not isinstance(field, DerivedField | ContextualField)


def type_in_store(store_class: type, name: str) -> Any:
    hints = get_type_hints(store_class)
    if name in hints:
        return hints[name]
    attribute = getattr(store_class, name)
    assert isinstance(attribute, property)
    return get_type_hints(attribute.fget)["return"]


def matches(displayed: Any, stored: Any) -> bool:
    """Whether values of a type of the store are valid for a GraphQL type without conversion."""
    if isinstance(displayed, LazyType):
        displayed = displayed.resolve_type()
    if isinstance(displayed, StrawberryOptional):
        members = get_args(stored) if get_origin(stored) in (Union, types.UnionType) else (stored,)
        rest = [member for member in members if member is not type(None)]
        return all(matches(displayed.of_type, member) for member in rest)
    if isinstance(displayed, StrawberryList):
        return get_origin(stored) is tuple and matches(displayed.of_type, get_args(stored)[0])
    if displayed is BigInt:
        return stored is int
    if displayed is float:
        return stored in (float, int | float)
    if isinstance(definition := getattr(displayed, "wrapped_cls", None), EnumMeta):
        # The store has no enum for the kinds of differences.
        return stored is definition or stored is str
    if stored is Any:
        return displayed is strawberry.scalars.JSON
    if isinstance(stored, type) and issubclass(stored, msgspec.Struct):
        return displayed.store_class is stored
    return displayed is stored and stored in (str, int, bool, datetime)
