"""Compare a released schema with the current schema, and report changes that affect clients."""

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
    """The breaking changes and the dangerous changes of a schema, one sentence per change.

    If the released schema deprecates a member, removing it is dangerous but not breaking.
    """

    breaking: list[str]
    dangerous: list[str]


def compare(released: str, current: str) -> Evolution:
    """Compare two schemas in the schema definition language."""
    before, after = build_schema(released), build_schema(current)
    dangerous = [change.description for change in find_dangerous_changes(before, after)]
    dangerous += _drop_removed_deprecations(before, after)
    return Evolution(
        [change.description for change in find_breaking_changes(before, after)], dangerous
    )


def _drop_removed_deprecations(before: GraphQLSchema, after: GraphQLSchema) -> list[str]:
    """Remove deprecated members from the old schema if the new schema lacks them.

    Return a sentence for each removed member.
    """
    removed: list[str] = []
    for type in before.type_map.values():
        now = after.type_map.get(type.name)
        members, remaining = _members(type), None if now is None else _members(now)
        if remaining is None:
            continue
        gone = [name for name in members if name not in remaining and _deprecated(members[name])]
        for name in gone:
            del members[name]
            removed.append(f"{type.name}.{name}, deprecated before, was removed.")
        for name, field in members.items():
            arguments, remaining_arguments = (
                getattr(field, "args", {}),
                getattr(remaining.get(name), "args", None),
            )
            if remaining_arguments is None:
                continue
            for argument in [*arguments]:
                if argument in remaining_arguments:
                    continue
                if _deprecated(arguments[argument]):
                    del arguments[argument]
                    removed.append(
                        f"{type.name}.{name}({argument}:), deprecated before, was removed."
                    )
    return removed


def _members(type: GraphQLNamedType) -> dict[str, object]:
    """Return the fields or values of a type by name.

    Changing the returned mapping changes the type.
    """
    match type:
        case GraphQLObjectType() | GraphQLInterfaceType() | GraphQLInputObjectType():
            return type.fields  # pyright: ignore[reportReturnType] (fields are of several kinds)
        case GraphQLEnumType():
            return type.values  # pyright: ignore[reportReturnType] (a dict of narrower values)
        case _:
            return {}


def _deprecated(member: object) -> bool:
    return getattr(member, "deprecation_reason", None) is not None
