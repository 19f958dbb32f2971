"""Check the limits on documents before they run, visiting each fragment once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType] (lists are left open there)
)
from msgspec import Struct

from graph.engine.documents.definitions import field_of, fragments_of, type_within
from graph.engine.documents.values import count_literals
from graph.engine.errors import too_costly

# Sums are capped at this value, because nested fragments multiply counts without a limit.
_MAX_SUM = 1_000_000

_INTROSPECTION = frozenset({"__schema", "__type"})


class Limits(Struct, frozen=True, kw_only=True):
    """The maximum values for one document or operation.

    A root field has the depth 1. The usual introspection query has the depth 15.
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
    """The measures of a selection set, including its fragments."""

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    fields: int = 0
    directives: int = 0

    def plus(self, other: "Extent") -> "Extent":
        """Combine the measures with those of a sibling.

        `directives` is the maximum number of directives on any field.
        """
        return Extent(
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
            min(self.aliases + other.aliases, _MAX_SUM),
            min(self.fields + other.fields, _MAX_SUM),
            max(self.directives, other.directives),
        )


class Measures(NamedTuple):
    """The extent of each operation of a document, and the number of values in its literals."""

    extents: Sequence[tuple[OperationDefinitionNode, Extent]]
    values: int


def measure(schema: GraphQLSchema, document: DocumentNode) -> Measures:
    """Return the measures of a document, which may be invalid."""
    measuring = _Measuring(schema, document)
    extents = [
        (definition, measuring.operation(definition))
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    return Measures(extents, measuring.values)


def limit_errors(measures: Measures, limits: Limits) -> list[GraphQLError]:
    """Return one error for each limit that a document or any of its operations exceeds."""
    errors = [
        error
        for definition, extent in measures.extents
        for error in _exceeded(definition, extent, limits)
    ]
    if measures.values > limits.values:
        errors.append(exceeded("values", measures.values, limits.values))
    return errors


def _exceeded(
    operation: OperationDefinitionNode, extent: Extent, limits: Limits
) -> Iterator[GraphQLError]:
    measures = (
        ("depth", extent.depth, limits.depth),
        ("introspectionDepth", extent.introspection_depth, limits.introspection_depth),
        ("aliases", extent.aliases, limits.aliases),
        ("rootFields", extent.fields, limits.root_fields),
        ("directives", extent.directives, limits.directives),
    )
    for limit, actual, maximum in measures:
        if actual > maximum:
            yield exceeded(limit, actual, maximum, operation)


def exceeded(
    limit: str, actual: int, maximum: int, node: OperationDefinitionNode | None = None
) -> GraphQLError:
    """Return the error for an exceeded limit; `node` is the operation that exceeds the limit."""
    return too_costly(
        f"The operation exceeds the limit '{limit}': {actual}; the maximum is {maximum}.",
        limit=limit,
        actual=actual,
        maximum=maximum,
        node=node,
    )


class _Measuring:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = fragments_of(document)
        self._extents: dict[str, Extent] = {}
        # The number of values that were visited so far in arguments and in defaults of variables.
        self.values = 0

    def operation(self, node: OperationDefinitionNode) -> Extent:
        for variable in node.variable_definitions or ():
            if variable.default_value is not None:
                self.values += count_literals(
                    type_from_ast(self._schema, variable.type), variable.default_value
                )
        root = self._schema.get_root_type(node.operation)
        own = Extent(directives=len(node.directives or ()))
        return self._selections(node.selection_set, root).plus(own)

    def _selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None) -> Extent:
        total = Extent()
        for selection in node.selections:
            match selection:
                case FieldNode():
                    total = total.plus(self._field(selection, parent))
                case InlineFragmentNode():
                    on = selection.type_condition
                    within = self._selections(
                        selection.selection_set, parent if on is None else self._type(on)
                    )
                    total = total.plus(within).plus(_directives_of(selection))
                case FragmentSpreadNode():
                    within = self._fragment(selection.name.value)
                    total = total.plus(within).plus(_directives_of(selection))
                case _:
                    pass
        return total

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Extent:
        name = node.name.value
        field = field_of(parent, name)
        within = Extent()
        if node.selection_set:
            type = None if field is None else type_within(field)
            within = self._selections(node.selection_set, type)
        # Unknown arguments are not counted, because validation refuses them afterwards.
        known = cast("Mapping[str, Any]", {} if field is None else field.args)
        for argument in node.arguments or ():
            if argument.name.value in known:
                self.values += count_literals(known[argument.name.value].type, argument.value)
        introspects = name in _INTROSPECTION
        return Extent(
            depth=1 if introspects else within.depth + 1,
            introspection_depth=1 + (within.depth if introspects else within.introspection_depth),
            aliases=within.aliases + (node.alias is not None),
            fields=1,
            directives=max(within.directives, len(node.directives or ())),
        )

    def _fragment(self, name: str) -> Extent:
        # A fragment that spreads itself is not counted, because validation refuses it afterwards.
        if name not in self._extents:
            self._extents[name] = Extent()
            fragment = self._fragments.get(name)
            if fragment is not None:
                on = self._type(fragment.type_condition)
                self._extents[name] = self._selections(fragment.selection_set, on)
        return self._extents[name]

    def _type(self, node: NamedTypeNode) -> GraphQLNamedType | None:
        return self._schema.type_map.get(node.name.value)


def _directives_of(node: InlineFragmentNode | FragmentSpreadNode) -> Extent:
    return Extent(directives=len(node.directives or ()))
