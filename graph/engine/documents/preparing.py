"""Prepare documents: parse, check limits, validate, and cache valid documents."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_operation_ast,
    get_variable_values,
    parse,
)
from msgspec import Struct

from graph.engine.codes import ErrorCode
from graph.engine.documents.cost import CostRules, Prices, Pricing
from graph.engine.documents.definitions import fragments_of
from graph.engine.documents.lexing import count_tokens, refuse_unreadable, unlink_tokens
from graph.engine.documents.limits import Limits, exceeded, limit_errors, measure
from graph.engine.documents.validating import MAX_ERRORS, nested_too_deeply, validation_errors
from graph.engine.documents.variables import planned_variables

MAX_CACHED_DOCUMENTS = 1_000
# The cached documents may have this many characters in total. The syntax tree of a document takes
# about fifty times as much memory as its source.
MAX_CACHED_CHARACTERS = 1_000_000


class Operation(Struct, frozen=True):
    """One operation of a valid document.

    `planned_variables` are the variables that determine the operation's plan; see `plans.py`.
    """

    name: str | None
    type: OperationType
    root_fields: frozenset[str]
    pricing: Pricing
    tree: OperationDefinitionNode
    planned_variables: tuple[str, ...] = ()

    @property
    def reads_schema(self) -> bool:
        """Whether the document reads the schema through introspection or the field `_service`."""
        return not _SCHEMA_FIELDS.isdisjoint(self.root_fields)

    @property
    def only_introspects(self) -> bool:
        """Whether the document reads only the schema."""
        return self.reads_schema and self.root_fields <= _ABOUT_TYPES


_INTROSPECTION = frozenset({"__schema", "__type"})
_SCHEMA_FIELDS = frozenset({*_INTROSPECTION, "_service"})
_ABOUT_TYPES = frozenset({*_INTROSPECTION, "__typename"})


class Document(Struct, frozen=True):
    """The source of a document, with its syntax tree or with the errors that prevent its execution.

    `values` is the number of values in the literals of the document.
    """

    source: str
    tree: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    operations: Mapping[str | None, Operation] = {}
    values: int = 0

    def operation(self, name: str | None) -> Operation | None:
        """Return the operation with a name, or the only operation if the name is None.

        Return None if there is no such operation.
        """
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        return None if name is None else self.operations.get(name)

    def subscribes(self, name: str | None) -> bool:
        """Whether the operation with this name is a subscription."""
        operation = self.operation(name)
        return operation is not None and operation.type is OperationType.SUBSCRIPTION


class Documents:
    """Prepares documents for one schema, and caches the most recently used valid documents."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits | None = None,
        *,
        cost_rules: CostRules | None = None,
        suggestions: bool = True,
    ) -> None:
        self.limits = limits or Limits()
        self._schema = schema
        self._cost_rules = cost_rules or CostRules()
        self._suggestions = suggestions
        self._cached: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def prepare(self, source: str) -> Document:
        """Return the document with this source. A document without errors is ready to run."""
        return self.cached(source) or self.cache(self.read(source))

    def cached(self, source: str) -> Document | None:
        """Return the document with this source; None if the document is not cached."""
        document = self._cached.get(source)
        if document is not None:
            self._cached.move_to_end(source)
        return document

    def cache(self, document: Document) -> Document:
        """Cache a document unless it has errors."""
        if document.errors or document.source in self._cached:
            return document
        self._cached[document.source] = document
        self._characters += len(document.source)
        while len(self._cached) > MAX_CACHED_DOCUMENTS or self._characters > MAX_CACHED_CHARACTERS:
            source, _ = self._cached.popitem(last=False)
            self._characters -= len(source)
        return document

    def read(self, source: str) -> Document:
        """Prepare a document without the cache, in any thread."""
        if len(source) > self.limits.characters:
            return Document(
                source, None, (exceeded("characters", len(source), self.limits.characters),)
            )
        tokens = count_tokens(source)
        if tokens > self.limits.tokens:
            return Document(source, None, (exceeded("tokens", tokens, self.limits.tokens),))
        try:
            tree = parse(source)
            refuse_unreadable(tree)
            unlink_tokens(tree)
        except GraphQLError as error:
            return Document(source, None, (_coded(error, ErrorCode.GRAPHQL_PARSE_FAILED),))
        except RecursionError:
            return Document(source, None, (nested_too_deeply(),))
        try:
            measures = measure(self._schema, tree)
            errors = limit_errors(measures, self.limits) or validation_errors(
                self._schema, tree, suggestions=self._suggestions
            )
        except RecursionError:
            return Document(source, tree, (nested_too_deeply(),))
        if errors:
            coded = tuple(_coded(error, ErrorCode.GRAPHQL_VALIDATION_FAILED) for error in errors)
            return Document(source, tree, coded)
        operations = {operation.name: operation for operation in self._operations(tree)}
        return Document(source, tree, (), operations, measures.values)

    def _operations(self, tree: DocumentNode) -> Sequence[Operation]:
        roots, fragments = _RootFields(tree), fragments_of(tree)
        return [
            Operation(
                None if definition.name is None else definition.name.value,
                definition.operation,
                roots.of(definition.selection_set),
                self._prices.pricing(tree, definition),
                definition,
                planned_variables(fragments, definition),
            )
            for definition in tree.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]

    @cached_property
    def _prices(self) -> Prices:
        return Prices(self._schema, self._cost_rules)


class _RootFields:
    """The names of the top-level fields of selections, including those in fragments."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = fragments_of(document)
        self._found: dict[str, frozenset[str]] = {}

    def of(self, node: SelectionSetNode) -> frozenset[str]:
        names: set[str] = set()
        for selection in node.selections:
            match selection:
                case FieldNode():
                    names.add(selection.name.value)
                case InlineFragmentNode():
                    names |= self.of(selection.selection_set)
                case FragmentSpreadNode():
                    names |= self._of_fragment(selection.name.value)
                case _:
                    pass
        return frozenset(names)

    def _of_fragment(self, name: str) -> frozenset[str]:
        if name not in self._found:
            self._found[name] = self.of(self._fragments[name].selection_set)
        return self._found[name]


def variable_errors(
    schema: GraphQLSchema, document: Document, name: str | None, variables: dict[str, Any] | None
) -> list[GraphQLError]:
    """Return the errors in a request's variables for a document that is itself invalid."""
    operation = None if document.tree is None else get_operation_ast(document.tree, name)
    if operation is None or any(
        _code_of(error) is ErrorCode.COST_LIMIT for error in document.errors
    ):
        return []
    values = get_variable_values(
        schema, operation.variable_definitions or (), variables or {}, MAX_ERRORS
    )
    return values if isinstance(values, list) else []


def _code_of(error: GraphQLError) -> Any:
    return (error.extensions or {}).get("code")


def _coded(error: GraphQLError, code: ErrorCode) -> GraphQLError:
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
