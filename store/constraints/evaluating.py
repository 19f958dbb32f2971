"""Constraints made into functions; a value that cannot be read meets no condition."""

from store.constraints.building import Operands, Test, never
from store.constraints.operators import OPERATORS, compared_values
from store.values import Constraint


def compile_constraint(constraint: Constraint) -> Test:
    """A function that tells whether a context meets the constraint.

    A field that is missing meets only NOT_IN. `inverted` negates every answer, also that for
    missing or unreadable fields. What cannot be read in the constraint itself, such as a number
    that is none or an unknown operator, makes the answer no in any case.
    """
    operator = OPERATORS.get(constraint.operator)
    if operator is None:
        return never
    inverted = bool(constraint.inverted)
    if inverted and operator.inverse is not None:
        operator, inverted = OPERATORS[operator.inverse], False
    test = operator.build(_operands(constraint))
    if test is None:
        return never
    return (lambda context: not test(context)) if inverted else test


def search_cost(constraint: Constraint) -> int:
    """The nanoseconds that testing the constraint takes at most for each character of a value."""
    operator = OPERATORS.get(constraint.operator)
    if operator is None or operator.cost is None:
        return 0
    return operator.cost(_operands(constraint))


def _operands(constraint: Constraint) -> Operands:
    return Operands(
        constraint.context_name, compared_values(constraint), bool(constraint.case_insensitive)
    )
