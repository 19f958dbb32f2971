"""The operations that an admin frontend sends, each with the fragments it needs."""

from functools import cache
from pathlib import Path

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
    separate_operations,
)
from msgspec import Struct

DATA = Path(__file__).parent / "data"
# The pages of the design, and our additional pages for segments, projects and others.
QUERIES = DATA / "queries.graphql"
REFERENCE_DATA = DATA / "reference_data.graphql"

# Operations that the schema does not support yet.
LATER = frozenset({"WatchToggles", "WatchEvents", "WatchMetrics"})


class Operation(Struct, frozen=True):
    """One operation as a client sends it."""

    name: str
    type: OperationType
    text: str


@cache
def operations() -> dict[str, Operation]:
    """All operations of both files by name, except for LATER."""
    pages, reference_data = parse(QUERIES.read_text()), parse(REFERENCE_DATA.read_text())
    separated = separate_operations(
        DocumentNode(definitions=pages.definitions + reference_data.definitions)
    )
    return {
        name: Operation(name, _type_of(document), print_ast(document))
        for name, document in separated.items()
        if name not in LATER
    }


def without_later(path: Path) -> str:
    """The text of a file without the operations that the schema does not support yet."""
    document = parse(path.read_text())
    selected = tuple(
        definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
        or (isinstance(definition, OperationDefinitionNode) and _name_of(definition) not in LATER)
    )
    return print_ast(DocumentNode(definitions=selected))


def _name_of(definition: OperationDefinitionNode) -> str:
    assert definition.name is not None
    return definition.name.value


def _type_of(document: DocumentNode) -> OperationType:
    (operation,) = (
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    )
    return operation.operation
