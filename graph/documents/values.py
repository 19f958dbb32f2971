"""How many values the variables of a request hold, counted before they are checked one by one."""

from collections.abc import Mapping
from typing import Any, cast

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType] (lists are left open there)
)


def count_values(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    *,
    enough: int,
) -> int:
    """The values in the variables that an operation takes; not much further than `enough`.

    A value of a scalar counts once, be it as large as JSON may be. What an object leaves out counts
    half: it is looked for, and its default filled in.
    """
    total = 0
    for definition in operation.variable_definitions or ():
        type = cast("Any", type_from_ast(schema, definition.type))
        total += _count(type, variables.get(definition.variable.name.value), enough - total)
        if total > enough:
            break
    return total


def _count(type: Any, value: Any, enough: int) -> int:
    while isinstance(type, GraphQLNonNull):
        type = cast("Any", type.of_type)
    match type, value:
        case GraphQLList(), list():
            items = cast("list[Any]", value)
            total = len(items)
            inner = cast("Any", type).of_type
            for item in items if total <= enough and _nests(inner) else ():
                total += _count(inner, item, enough - total)
                if total > enough:
                    break
            return total
        case GraphQLInputObjectType(), dict():
            members = cast("dict[str, Any]", value)
            total = len(members) + max(0, len(type.fields) - len(members)) // 2
            for name, field in type.fields.items():
                if name in members and total <= enough:
                    total += _count(field.type, members[name], enough - total)
            return total
        case _:
            return 1


def _nests(type: Any) -> bool:
    while isinstance(type, GraphQLNonNull):
        type = cast("Any", type.of_type)
    return isinstance(type, GraphQLList | GraphQLInputObjectType)
