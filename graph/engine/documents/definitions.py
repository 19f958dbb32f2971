"""Find the fragments and fields to which the names in a document refer."""

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
)
from graphql.type.introspection import SchemaMetaFieldDef, TypeMetaFieldDef


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return the fragments of a document by name."""
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def field_of(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    """Return a type's field or introspection field by name; None if the type has no such field."""
    match name:
        case "__schema":
            return SchemaMetaFieldDef
        case "__type":
            return TypeMetaFieldDef
        case _ if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return parent.fields.get(name)
        case _:
            return None  # unions have only __typename


def type_within(field: GraphQLField) -> GraphQLNamedType:
    """Return the named type of a field, without list and non-null wrappers."""
    return get_named_type(field.type)  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType] (lists are left open there)
