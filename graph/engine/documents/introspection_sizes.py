"""Compute the average lengths of the lists that introspection returns."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)
from graphql.type.introspection import introspection_types


def introspection_sizes(schema: GraphQLSchema) -> dict[tuple[str, str], float]:
    """Return the average length of each introspection list over all types of a schema."""
    types = list(schema.type_map.values())
    with_fields = [
        type for type in types if isinstance(type, GraphQLObjectType | GraphQLInterfaceType)
    ]
    fields = [field for type in with_fields for field in type.fields.values()]
    inputs = sum(len(type.fields) for type in types if isinstance(type, GraphQLInputObjectType))
    values = sum(len(type.values) for type in types if isinstance(type, GraphQLEnumType))
    interfaces = sum(len(type.interfaces) for type in with_fields)
    counts = {
        ("__Schema", "types"): len(types),
        ("__Schema", "directives"): len(schema.directives),
        ("__Type", "fields"): len(fields) / len(types),
        ("__Type", "inputFields"): inputs / len(types),
        ("__Type", "enumValues"): values / len(types),
        ("__Type", "interfaces"): interfaces / len(types),
        ("__Type", "possibleTypes"): interfaces / len(types),
        ("__Field", "args"): sum(len(field.args) for field in fields) / max(1, len(fields)),
        ("__Directive", "args"): 1,
    }
    assert all(type_name.partition(".")[0] in introspection_types for type_name, _ in counts)
    return {coordinate: float(count) for coordinate, count in counts.items()}
