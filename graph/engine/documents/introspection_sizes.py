"""The sizes of introspection's lists."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)
from graphql.type.introspection import introspection_types


def introspection_sizes(schema: GraphQLSchema) -> dict[tuple[str, str], float]:
    """The average sizes of introspection's lists over all types of a schema."""
    types = list(schema.type_map.values())
    with_fields = [it for it in types if isinstance(it, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for it in with_fields for field in it.fields.values()]
    inputs = sum(len(it.fields) for it in types if isinstance(it, GraphQLInputObjectType))
    values = sum(len(it.values) for it in types if isinstance(it, GraphQLEnumType))
    interfaces = sum(len(it.interfaces) for it in with_fields)
    counts = {
        ("__Schema", "types"): len(types),
        ("__Schema", "directives"): len(schema.directives),
        ("__Type", "fields"): len(fields) / len(types),
        ("__Type", "inputFields"): inputs / len(types),
        ("__Type", "enumValues"): values / len(types),
        ("__Type", "interfaces"): interfaces / len(types),
        ("__Type", "possibleTypes"): interfaces / len(types),
        ("__Field", "args"): sum(len(it.args) for it in fields) / max(1, len(fields)),
        ("__Directive", "args"): 1,
    }
    assert all(it.partition(".")[0] in introspection_types for it, _ in counts)
    return {place: float(count) for place, count in counts.items()}
