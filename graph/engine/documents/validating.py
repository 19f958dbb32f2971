"""Validate documents against the schema with a limited amount of work."""

from collections.abc import Collection, Iterable
from typing import Any, cast

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    SelectionSetNode,
    ValidationContext,
    specified_rules,
    validate,
)
from graphql.validation import validation_context
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from graph.engine.codes import ErrorCode
from graph.engine.documents.one_of import OneOfRule
from graph.engine.documents.rule_dispatch import RuleDispatch
from graph.engine.errors import too_costly

MAX_ERRORS = 20

# Two steps of validation take more than linear time: comparing fields of the same name, and
# following fragments from each operation. graphql-core's own budget for comparisons allows two
# seconds of work. The pages of an admin frontend need fewer than 100 comparisons.
MAX_COMPARISONS = 20_000
MAX_FRAGMENT_USES = validation_context.MAX_FRAGMENT_WORK
overlapping.MAX_COMPLEXITY_BUDGET = MAX_COMPARISONS

# If graphql-core aborts validation, its error has this message.
_GIVEN_UP = "Validation aborted."

# Validation applies the rules of GraphQL and Strawberry. The costly rule must be last, because its
# budget is read from the last visitor.
_RULES: tuple[Any, ...] = (
    *(rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule),
    MaybeNullValidationRule,
    OneOfRule,
    OverlappingFieldsCanBeMergedRule,
)


def validation_errors(
    schema: GraphQLSchema, document: DocumentNode, *, suggestions: bool
) -> list[GraphQLError]:
    """Return the errors of a document.

    With `suggestions`, the messages of the errors propose similar names.

    Raises: RecursionError: the document is nested too deeply.
    """
    visitors: list[Any] = []

    def dispatch(context: ValidationContext) -> Any:
        visitors.extend(rule(context) for rule in _RULES)
        return RuleDispatch(visitors)

    rules = cast("Collection[Any]", [dispatch])
    try:
        errors = validate(
            schema, document, rules, max_errors=MAX_ERRORS - 1, hide_suggestions=not suggestions
        )
        if any(error.message == _GIVEN_UP for error in errors):
            _clear_document(document)
        return [
            _exhausted_budget(visitors[-1]) if error.message == _GIVEN_UP else error
            for error in errors
        ]
    finally:
        _clear_visitors(visitors)


def _clear_visitors(visitors: Iterable[Any]) -> None:
    """Clear the visitors.

    The visitors are part of reference cycles, which would keep the document in memory until the
    garbage collector runs.
    """
    for visitor in visitors:
        for holder in (visitor.context, visitor):
            cast("dict[str, Any]", vars(holder)).clear()


def _clear_document(document: DocumentNode) -> None:
    """Remove the fields of a document that cannot run.

    An aborted visit keeps the document in memory until the garbage collector runs.
    """
    for definition in document.definitions:
        if isinstance(definition, ExecutableDefinitionNode):
            # The classes of nodes are frozen, so a plain assignment would fail.
            object.__setattr__(definition, "selection_set", SelectionSetNode(selections=()))


def _exhausted_budget(rule: OverlappingFieldsCanBeMergedRule) -> GraphQLError:
    """Return the error for the exhausted budget that ended validation."""
    comparisons = MAX_COMPARISONS - rule.rule_context.remaining_complexity_budget
    if comparisons > MAX_COMPARISONS:
        return too_costly(
            "The document repeats fields so often that comparing them was aborted after "
            f"{comparisons} steps; the maximum is {MAX_COMPARISONS}.",
            limit="comparisons",
            actual=comparisons,
            maximum=MAX_COMPARISONS,
        )
    # graphql-core has no public API for the remaining number of steps.
    left = rule.context._remaining_fragment_work  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    if left < 0:
        return too_costly(
            "The operations of the document use fragments so often that following them was aborted "
            f"after {MAX_FRAGMENT_USES - left} steps; the maximum is {MAX_FRAGMENT_USES}.",
            limit="fragmentUses",
            actual=MAX_FRAGMENT_USES - left,
            maximum=MAX_FRAGMENT_USES,
        )
    return nested_too_deeply()


def nested_too_deeply() -> GraphQLError:
    """Return the error for a document whose nesting overflows the stack."""
    return GraphQLError(
        "The document is nested too deeply.",
        extensions={"code": ErrorCode.GRAPHQL_PARSE_FAILED},
    )
