"""The operations in the sources of the console."""

from collections.abc import Iterator
from pathlib import Path

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, parse, visit
from graphql.language import FragmentSpreadNode, Visitor

from tests.server import ROOT

SOURCES = ROOT / "graph" / "console" / "sources" / "src"
FRAGMENTS = SOURCES / "fragments.graphql"


def operations() -> Iterator[tuple[str, DocumentNode]]:
    """The operations by name. Each operation includes the fragments that it uses."""
    shared = _definitions([FRAGMENTS])
    for folder in sorted({file.parent for file in SOURCES.rglob("*.graphql")} - {SOURCES}):
        definitions = [*shared, *_definitions(sorted(folder.glob("*.graphql")))]
        fragments = {
            definition.name.value: definition
            for definition in definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        for definition in definitions:
            if isinstance(definition, OperationDefinitionNode):
                assert definition.name is not None
                used = _used(definition, fragments)
                yield definition.name.value, DocumentNode(definitions=(definition, *used))


def _definitions(files: list[Path]) -> list[FragmentDefinitionNode | OperationDefinitionNode]:
    texts = [file.read_text(encoding="utf-8") for file in files]
    return [
        definition
        for text in texts
        for definition in parse(text).definitions
        if isinstance(definition, FragmentDefinitionNode | OperationDefinitionNode)
    ]


def _used(
    node: OperationDefinitionNode | FragmentDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
) -> list[FragmentDefinitionNode]:
    """The fragments that a definition uses directly or indirectly, without duplicates."""
    used: dict[str, FragmentDefinitionNode] = {}

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: object) -> None:
            name = spread.name.value
            if name not in used:
                used[name] = fragments[name]
                visit(fragments[name], self)

    visit(node, Spreads())
    return list(used.values())
