"""The SDL of the subgraph: the schema without federation, plus the keys of its entities."""

from functools import cache

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)

from graph.schema import print_sdl

# The types to which other subgraphs can refer and add fields.
ENTITIES = ("Toggle", "Application", "Environment", "Strategy", "Segment", "Project")
# Other subgraphs may also define these types, so every subgraph must mark them as shareable.
SHAREABLE = ("PageInfo",)

_LINK = """extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@shareable"])
"""
_KEYS = '@key(fields: "name") @key(fields: "id")'


@cache
def print_subgraph_sdl() -> str:
    """Return the subgraph's SDL, for the field `_service` and for `schema --federation`."""
    return subgraph_sdl(print_sdl())


def subgraph_sdl(sdl: str) -> str:
    """Return the SDL of a schema, with the directives of federation.

    The SDL omits `_service`, `_entities` and their types, because composition adds them
    (Federation 2 subgraph specification).
    """
    document = parse(sdl)
    definitions = tuple(
        _with_directives(definition, _directives_of(definition.name.value))
        if isinstance(definition, ObjectTypeDefinitionNode)
        else definition
        for definition in document.definitions
    )
    return f"{_LINK}\n{print_ast(DocumentNode(definitions=definitions))}\n"


def _directives_of(type_name: str) -> str:
    if type_name in ENTITIES:
        return _KEYS
    return "@shareable" if type_name in SHAREABLE else ""


def _with_directives(type: ObjectTypeDefinitionNode, directives: str) -> ObjectTypeDefinitionNode:
    if not directives:
        return type
    (definition,) = parse(f"type T {directives} {{ f: Int }}").definitions
    assert isinstance(definition, ObjectTypeDefinitionNode)
    added: tuple[ConstDirectiveNode, ...] = definition.directives or ()
    return ObjectTypeDefinitionNode(
        description=type.description,
        name=type.name,
        directives=(*(type.directives or ()), *added),
        interfaces=type.interfaces,
        fields=type.fields,
    )
