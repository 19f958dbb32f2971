"""Constraints: tests on the fields of a context."""

import strawberry

from graph.context import Context
from graph.context_fields.type import ContextField
from graph.engine.run.fields import contextual, derived, plain
from graph.node import shows
from store import model, values
from store.constraints.operators import compared_values


def _context_field(root: values.Constraint, context: Context) -> model.ContextField | None:
    return context.snapshot.context_fields.get(root.context_name)


def _case_insensitive(root: values.Constraint) -> bool:
    return bool(root.case_insensitive)


def _inverted(root: values.Constraint) -> bool:
    return bool(root.inverted)


@strawberry.type(description="A test on one field of the context.")
@shows(values.Constraint)
class Constraint:
    context_name: str = plain("The name of the context field to test.")
    context_field: ContextField | None = contextual(
        _context_field,
        "The definition of the context field, null if the field is not defined.",
        reads=("context_fields",),
    )
    operator: str = plain(
        "The operator that compares the context value with the values. It is usually the name of a "
        "`ConstraintOperator`; constraints that were created through REST may have other names."
    )
    values: list[str] = derived(
        compared_values,
        "The values to compare with; exactly one for numeric, date, version and regex operators.",
    )
    case_insensitive: bool = derived(_case_insensitive, "Whether string operators ignore case.")
    inverted: bool = derived(_inverted, "Whether the outcome is negated.")
