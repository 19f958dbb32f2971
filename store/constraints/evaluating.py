"""Compile constraints into functions."""

from store.constraints.building import Operands, Test, never
from store.constraints.operators import OPERATORS, compared_values
from store.values import Constraint


def compile_constraint(constraint: Constraint) -> Test:
    """Compile a test of whether a context meets the constraint.

    A missing field meets only NOT_IN. `inverted` negates every result, including those for missing
    or invalid fields. An invalid constraint, such as one with an unknown operator or a malformed
    number, never holds, whether inverted or not.
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
    """Return the maximum time of the test, in nanoseconds for each character of a value."""
    operator = OPERATORS.get(constraint.operator)
    if operator is None or operator.cost is None:
        return 0
    return operator.cost(_operands(constraint))


def _operands(constraint: Constraint) -> Operands:
    return Operands(
        constraint.context_name, compared_values(constraint), bool(constraint.case_insensitive)
    )
