"""Count the argument values in a request before checking any of them."""

from collections.abc import Mapping
from typing import Any, cast

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType] (lists are left open there)
)

# A value in a document counts twice, because validation checks it first and its conversion to an
# argument checks it again. A value in a variable is checked once.
_LITERAL_WEIGHT = 2


def count_values(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    *,
    enough: int,
) -> int:
    """Return the number of values in the variables of an operation.

    Counting stops soon after the count exceeds `enough`. A scalar counts once, regardless of its
    size. An omitted field of an object counts half, because its default is filled in.
    """
    total = 0
    for definition in operation.variable_definitions or ():
        type = cast("Any", type_from_ast(schema, definition.type))
        total += _count(type, variables.get(definition.variable.name.value), enough - total)
        if total > enough:
            break
    return total


def count_literals(type: Any, node: ValueNode) -> int:
    """Return the number of values in a literal of a type, multiplied by `_LITERAL_WEIGHT`.

    A variable in the literal is one value.
    """
    return _LITERAL_WEIGHT * _count_literals(type, node)


def _count_literals(type: Any, node: ValueNode) -> int:
    type = _coerced_type(type, is_list=isinstance(node, ListValueNode))
    match type, node:
        case GraphQLList(), ListValueNode():
            inner = cast("Any", type).of_type
            nested = (
                sum(_count_literals(inner, item) for item in node.values) if _nests(inner) else 0
            )
            return len(node.values) + nested
        case GraphQLInputObjectType(), ObjectValueNode():
            members = {field.name.value: field.value for field in node.fields}
            written = {name: _written(member) for name, member in members.items()}
            nested = sum(
                _count_literals(type.fields[name].type, value)
                for name, value in members.items()
                if name in type.fields
            )
            return _own_count(type, len(members)) + _extra_count(type, written) + nested
        case _:
            return 1


def _count(type: Any, value: Any, enough: int) -> int:
    type = _coerced_type(type, is_list=isinstance(value, list))
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
            total = _own_count(type, len(members)) + _extra_count(type, members)
            for name, field in type.fields.items():
                if name in members and total <= enough:
                    total += _count(field.type, members[name], enough - total)
            return total
        case _:
            return 1


def _own_count(type: GraphQLInputObjectType, members: int) -> int:
    """Return the number of values that an object counts as, without its nested values."""
    return members + max(0, len(type.fields) - members) // 2


def _extra_count(type: GraphQLInputObjectType, members: Mapping[str, Any]) -> int:
    """Return the additional count for members of an object that are costly to process.

    The input class lists costly members in `value_costs`. This mapping contains the count of each
    value of a member. A variable counts as the most costly value.
    """
    definition = type.extensions.get("strawberry-definition")
    costs: Mapping[str, Mapping[str, int]] = getattr(
        getattr(definition, "origin", None), "value_costs", {}
    )
    extra = 0
    for field, counts in costs.items():
        value = members.get(field)
        if value is VariableNode:
            extra += max(counts.values())
        elif isinstance(value, str):
            extra += counts.get(value, 0)
    return extra


def _written(node: ValueNode) -> Any:
    return VariableNode if isinstance(node, VariableNode) else getattr(node, "value", None)


def _coerced_type(type: Any, *, is_list: bool) -> Any:
    """Return the type to which a value is coerced.

    A single value in place of a list has the type of the list's items.
    """
    type = _nullable(type)
    if isinstance(type, GraphQLList) and not is_list:
        return _coerced_type(cast("Any", type).of_type, is_list=False)
    return cast("Any", type)


def _nullable(type: Any) -> Any:
    return cast("Any", type).of_type if isinstance(type, GraphQLNonNull) else type


def _nests(type: Any) -> bool:
    return isinstance(_nullable(type), GraphQLList | GraphQLInputObjectType)
