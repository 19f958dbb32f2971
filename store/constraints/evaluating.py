"""Compile constraints into functions."""

from weakref import WeakValueDictionary

from store.constraints.building import Operands, Test, always, never
from store.constraints.operators import OPERATORS, compared_values
from store.values import Constraint

# The tests in use, by constraint. Toggles and segments often have the same constraints. One test
# for all of them stays in the processor's cache while thousands of toggles are decided.
_tests: WeakValueDictionary[Constraint, Test] = WeakValueDictionary()


def compile_constraint(constraint: Constraint) -> Test:
    """Compile a test of whether a context meets the constraint.

    A missing field meets only NOT_IN. `inverted` negates every result, including those for missing
    or invalid fields. An invalid constraint, such as one with an unknown operator or a malformed
    number, never holds, whether inverted or not. Equal constraints have the same test.
    """
    test = _tests.get(constraint)
    if test is None:
        test = _compile(constraint)
        # The constants never go out of use, so they would keep their constraints forever.
        if test is not never and test is not always:
            _tests[constraint] = test
    return test


def _compile(constraint: Constraint) -> Test:
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
