"""The schema as a subgraph: with the keys by which other subgraphs extend its types."""

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)

# By these a router tells which object another subgraph speaks of.
KEYED_TYPES = ("Toggle", "Application", "Environment")

_LINK = """extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
"""
# Flagstaff has no `_entities`: routers start at its own fields and go on from there.
_KEY = '@key(fields: "name", resolvable: false)'


def subgraph_sdl(sdl: str) -> str:
    """The SDL of the subgraph: others can add fields to toggles, applications and environments."""
    document = parse(sdl)
    keyed = DocumentNode(
        definitions=tuple(
            _with_key(it)
            if isinstance(it, ObjectTypeDefinitionNode) and it.name.value in KEYED_TYPES
            else it
            for it in document.definitions
        )
    )
    return f"{_LINK}\n{print_ast(keyed)}\n"


def _with_key(type: ObjectTypeDefinitionNode) -> ObjectTypeDefinitionNode:
    (definition,) = parse(f"type T {_KEY} {{ f: Int }}").definitions
    assert isinstance(definition, ObjectTypeDefinitionNode)
    keys: tuple[ConstDirectiveNode, ...] = definition.directives or ()
    return ObjectTypeDefinitionNode(
        description=type.description,
        name=type.name,
        directives=(*(type.directives or ()), *keys),
        interfaces=type.interfaces,
        fields=type.fields,
    )
