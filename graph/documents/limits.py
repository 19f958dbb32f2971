"""What a document may ask for at most, found out before it runs by visiting each fragment once."""

from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from msgspec import Struct

from graph.refusals import too_costly

# Fragments that spread fragments can multiply counts past any use; sums stop growing here.
_ENOUGH = 1_000_000

_INTROSPECTION = frozenset({"__schema", "__type"})


class Limits(Struct, frozen=True, kw_only=True):
    """The most that one document or operation may have of each kind.

    Depths are counted from 1; an introspection query of the usual kind is 15 deep.
    """

    characters: int = 100_000
    tokens: int = 4_000
    depth: int = 12
    introspection_depth: int = 20
    aliases: int = 50
    root_fields: int = 20
    directives: int = 10
    cost: int = 5_000
    values: int = 25_000


class Extent(NamedTuple):
    """How far a set of selections reaches, its fragments included."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    fields: int = 0
    directives: int = 0

    def beside(self, other: "Extent") -> "Extent":
        """Both together, as siblings; `directives` is the most that any one field has."""
        return Extent(
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
            min(self.aliases + other.aliases, _ENOUGH),
            min(self.fields + other.fields, _ENOUGH),
            max(self.directives, other.directives),
        )


def limit_errors(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """One error for each limit that an operation of the document exceeds."""
    measuring = _Measuring(document)
    return [
        error
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        for error in _exceeded(definition, measuring.selections(definition.selection_set), limits)
    ]


def _exceeded(
    operation: OperationDefinitionNode, extent: Extent, limits: Limits
) -> list[GraphQLError]:
    directives = max(extent.directives, len(operation.directives or ()))
    measures = (
        ("depth", extent.depth, limits.depth),
        ("introspectionDepth", extent.introspection_depth, limits.introspection_depth),
        ("aliases", extent.aliases, limits.aliases),
        ("rootFields", extent.fields, limits.root_fields),
        ("directives", directives, limits.directives),
    )
    return [
        exceeded(limit, actual, maximum, operation)
        for limit, actual, maximum in measures
        if actual > maximum
    ]


def exceeded(
    limit: str, actual: int, maximum: int, node: OperationDefinitionNode | None = None
) -> GraphQLError:
    """The refusal of what asks for too much; `node` is the operation that does."""
    return too_costly(
        f"The operation exceeds the limit '{limit}': {actual}, where {maximum} is the most.",
        limit=limit,
        actual=actual,
        maximum=maximum,
        node=node,
    )


class _Measuring:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._extents: dict[str, Extent] = {}

    def selections(self, node: SelectionSetNode) -> Extent:
        total = Extent()
        for selection in node.selections:
            match selection:
                case FieldNode():
                    total = total.beside(self._field(selection))
                case InlineFragmentNode():
                    within = self.selections(selection.selection_set)
                    total = total.beside(within).beside(_directives_of(selection))
                case FragmentSpreadNode():
                    within = self._fragment(selection.name.value)
                    total = total.beside(within).beside(_directives_of(selection))
                case _:
                    pass
        return total

    def _field(self, node: FieldNode) -> Extent:
        within = self.selections(node.selection_set) if node.selection_set else Extent()
        introspects = node.name.value in _INTROSPECTION
        return Extent(
            depth=1 if introspects else within.depth + 1,
            introspection_depth=1 + (within.depth if introspects else within.introspection_depth),
            aliases=within.aliases + (node.alias is not None),
            fields=1,
            directives=max(within.directives, len(node.directives or ())),
        )

    def _fragment(self, name: str) -> Extent:
        # A fragment that spreads itself counts as nothing here: validation refuses it right after.
        if name not in self._extents:
            self._extents[name] = Extent()
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._extents[name] = self.selections(fragment.selection_set)
        return self._extents[name]


def _directives_of(node: InlineFragmentNode | FragmentSpreadNode) -> Extent:
    return Extent(directives=len(node.directives or ()))
