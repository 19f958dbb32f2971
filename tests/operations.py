"""The operations of an admin frontend. Each operation includes the fragments that it uses."""

from functools import cache
from pathlib import Path

from graphql import (
    DocumentNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
    separate_operations,
)
from msgspec import Struct

DATA = Path(__file__).parent / "data"
# The files contain the pages of the design, additional pages such as segments and projects, and the
# operations for reviews, history and variants.
QUERIES = DATA / "queries.graphql"
REFERENCE_DATA = DATA / "reference_data.graphql"
CONSOLE = DATA / "console.graphql"
FILES = (QUERIES, REFERENCE_DATA, CONSOLE)


class Operation(Struct, frozen=True):
    """An operation in the form in which a client sends it."""

    name: str
    type: OperationType
    text: str


@cache
def operations() -> dict[str, Operation]:
    """All operations of the files by name."""
    definitions = [
        definition for path in FILES for definition in parse(path.read_text()).definitions
    ]
    separated = separate_operations(DocumentNode(definitions=tuple(definitions)))
    return {
        name: Operation(name, _type_of(document), print_ast(document))
        for name, document in separated.items()
    }


def _type_of(document: DocumentNode) -> OperationType:
    (operation,) = (
        definition
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    )
    return operation.operation
