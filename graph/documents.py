"""Documents made ready to run: parsed, held to the limits, validated, and remembered."""

from collections import OrderedDict

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    Token,
    TokenKind,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping
from msgspec import Struct
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from graph.codes import ErrorCode
from graph.limits import limit_errors
from graph.one_of import OneOfRule

MAX_TOKENS = 4_000
MAX_ERRORS = 20
MAX_KEPT_DOCUMENTS = 1_000
MAX_KEPT_CHARACTERS = 1_000_000  # a syntax tree takes some fifty times the memory of its text

# Comparing fields of one name is the one rule whose work grows faster than the document. The budget
# it has by itself lasts for two seconds; the pages of an admin frontend need less than 100.
overlapping.MAX_COMPLEXITY_BUDGET = 20_000

# Those that Strawberry itself adds to the rules of GraphQL.
_RULES = (*specified_rules, MaybeNullValidationRule, OneOfRule)


class Document(Struct, frozen=True):
    """A text and what became of it: a tree to run, or the errors that keep it from running."""

    text: str
    tree: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()

    @property
    def parsed(self) -> bool:
        """Whether the text is GraphQL at all."""
        return self.tree is not None


class Documents:
    """Prepares documents for one schema, and keeps those that are valid and were used last."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def prepare(self, text: str) -> Document:
        """The document of a text, ready to run unless it has errors."""
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return kept
        document = self._prepare(text)
        if not document.errors:
            self._keep(document)
        return document

    def _prepare(self, text: str) -> Document:
        try:
            tree = parse(text, max_tokens=MAX_TOKENS)
            _refuse_nul(tree)
        except GraphQLError as error:
            return Document(text, None, (_coded(error, ErrorCode.GRAPHQL_PARSE_FAILED),))
        except RecursionError:
            return Document(text, None, (_nested_too_deeply(),))
        try:
            errors = limit_errors(tree) or validate(
                self._schema, tree, _RULES, max_errors=MAX_ERRORS - 1
            )
        except RecursionError:
            errors = [_nested_too_deeply()]
        return Document(
            text,
            tree,
            tuple(_coded(error, ErrorCode.GRAPHQL_VALIDATION_FAILED) for error in errors),
        )

    def _keep(self, document: Document) -> None:
        self._kept[document.text] = document
        self._characters += len(document.text)
        while len(self._kept) > MAX_KEPT_DOCUMENTS or self._characters > MAX_KEPT_CHARACTERS:
            text, _ = self._kept.popitem(last=False)
            self._characters -= len(text)


def _nested_too_deeply() -> GraphQLError:
    return GraphQLError(
        "The document is nested too deeply.",
        extensions={"code": ErrorCode.GRAPHQL_PARSE_FAILED},
    )


def _coded(error: GraphQLError, code: ErrorCode) -> GraphQLError:
    error.extensions = {"code": code, **(error.extensions or {})}
    return error


def _refuse_nul(tree: DocumentNode) -> None:
    """Raises: GraphQLSyntaxError: at a string with a NUL, which PostgreSQL cannot store."""
    if tree.loc is None or "\\u" not in tree.loc.source.body:
        return
    token: Token | None = tree.loc.start_token
    while token is not None:
        if token.kind is TokenKind.STRING and "\0" in (token.value or ""):
            raise GraphQLSyntaxError(
                tree.loc.source, token.start, "A string must not contain the character NUL."
            )
        token = token.next
