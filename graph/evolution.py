"""What changed between a schema that was released and this one, for those who use it."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
)
from msgspec import Struct


class Evolution(Struct, frozen=True):
    """Changes, a sentence each: those that break operations, and those that may surprise.

    What was deprecated in the released schema may go; that is a surprise at most.
    """

    breaking: list[str]
    dangerous: list[str]


def compare(released: str, current: str) -> Evolution:
    """Compare two schemas in the schema definition language."""
    before, after = build_schema(released), build_schema(current)
    dangerous = [change.description for change in find_dangerous_changes(before, after)]
    dangerous += _drop_what_left_in_good_order(before, after)
    return Evolution(
        [change.description for change in find_breaking_changes(before, after)], dangerous
    )


def _drop_what_left_in_good_order(before: GraphQLSchema, after: GraphQLSchema) -> list[str]:
    """Take out of the old schema what was deprecated in it and is gone, and tell of that."""
    told: list[str] = []
    for type in before.type_map.values():
        now = after.type_map.get(type.name)
        members, left = _members(type), None if now is None else _members(now)
        if left is None:
            continue
        gone = [name for name in members if name not in left and _deprecated(members[name])]
        for name in gone:
            del members[name]
            told.append(f"{type.name}.{name}, deprecated before, was removed.")
        for name, field in members.items():
            arguments, kept = getattr(field, "args", {}), getattr(left.get(name), "args", None)
            if kept is None:
                continue
            for argument in [it for it in arguments if it not in kept]:
                if _deprecated(arguments[argument]):
                    del arguments[argument]
                    told.append(f"{type.name}.{name}({argument}:), deprecated before, was removed.")
    return told


def _members(type: GraphQLNamedType) -> dict[str, object]:
    """The fields or values of a type, by name; changing them changes the type."""
    match type:
        case GraphQLObjectType() | GraphQLInterfaceType() | GraphQLInputObjectType():
            return type.fields  # pyright: ignore[reportReturnType] (fields are of several kinds)
        case GraphQLEnumType():
            return type.values  # pyright: ignore[reportReturnType] (a dict of narrower values)
        case _:
            return {}


def _deprecated(member: object) -> bool:
    return getattr(member, "deprecation_reason", None) is not None
