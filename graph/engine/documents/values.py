"""How many values a request holds for arguments, counted before they are checked one by one."""

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

# A value in a document is read and checked before it is taken as an argument, one in a variable
# only the latter.
_WRITTEN_OUT = 2

# Values that are more work than others: regular expressions are compiled. By type and field of the
# input that says so, what it says, and how many values it counts as.
_COSTLY = {("ConstraintInput", "operator"): ("REGEX", 50)}


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


def count_literals(type: Any, node: ValueNode) -> int:
    """The values written out in a document where a type is wanted; each counts as two in variables.

    A variable among them counts as a value, whatever it brings.
    """
    return _WRITTEN_OUT * _count_literals(type, node)


def _count_literals(type: Any, node: ValueNode) -> int:
    type = _taken_as(type, is_list=isinstance(node, ListValueNode))
    match type, node:
        case GraphQLList(), ListValueNode():
            inner = cast("Any", type).of_type
            nested = sum(_count_literals(inner, it) for it in node.values) if _nests(inner) else 0
            return len(node.values) + nested
        case GraphQLInputObjectType(), ObjectValueNode():
            members = {it.name.value: it.value for it in node.fields}
            written = {name: _written(it) for name, it in members.items()}
            nested = sum(
                _count_literals(type.fields[name].type, value)
                for name, value in members.items()
                if name in type.fields
            )
            return _own(type, len(members)) + _extra(type, written) + nested
        case _:
            return 1


def _count(type: Any, value: Any, enough: int) -> int:
    type = _taken_as(type, is_list=isinstance(value, list))
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
            total = _own(type, len(members)) + _extra(type, members)
            for name, field in type.fields.items():
                if name in members and total <= enough:
                    total += _count(field.type, members[name], enough - total)
            return total
        case _:
            return 1


def _own(type: GraphQLInputObjectType, members: int) -> int:
    """What an object counts without what is in its members."""
    return members + max(0, len(type.fields) - members) // 2


def _extra(type: GraphQLInputObjectType, members: Mapping[str, Any]) -> int:
    """What an object counts because its members mean more work; a variable may mean anything."""
    return sum(
        count
        for (name, field), (costly, count) in _COSTLY.items()
        if name == type.name and members.get(field) in (costly, VariableNode)
    )


def _written(node: ValueNode) -> Any:
    return VariableNode if isinstance(node, VariableNode) else getattr(node, "value", None)


def _taken_as(type: Any, *, is_list: bool) -> Any:
    """The type that a value is checked as: where a list is wanted, anything else is an item."""
    type = _nullable(type)
    if isinstance(type, GraphQLList) and not is_list:
        return _taken_as(cast("Any", type).of_type, is_list=False)
    return cast("Any", type)


def _nullable(type: Any) -> Any:
    return cast("Any", type).of_type if isinstance(type, GraphQLNonNull) else type


def _nests(type: Any) -> bool:
    return isinstance(_nullable(type), GraphQLList | GraphQLInputObjectType)
