"""Compile constraints into functions."""

from weakref import WeakValueDictionary

from store.constraints.building import Operands, Test, always, never
from store.constraints.operators import OPERATORS, compared_values
from store.values import Constraint

# This dictionary maps constraints to the tests in use. Many toggles and segments have equal
# constraints. A shared test stays in the processor's cache while thousands of toggles are decided.
_tests: WeakValueDictionary[Constraint, Test] = WeakValueDictionary()


def compile_constraint(constraint: Constraint) -> Test:
    """Compile a test of whether a context meets the constraint.

    If the field is missing, only NOT_IN is met. `inverted` negates every result, including the
    results for missing and invalid fields. A constraint is invalid if, for example, its operator is
    unknown or its number is malformed. An invalid constraint is never met, even if it is inverted.
    Equal constraints share one test.
    """
    test = _tests.get(constraint)
    if test is None:
        test = _compile(constraint)
        # Do not cache `always` and `never`. Python never releases `always` and `never`, so a cached
        # constraint would remain in the cache forever.
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
    """Return the maximum time of the test, in nanoseconds per character of the field."""
    operator = OPERATORS.get(constraint.operator)
    if operator is None or operator.cost is None:
        return 0
    return operator.cost(_operands(constraint))


def _operands(constraint: Constraint) -> Operands:
    return Operands(
        constraint.context_name, compared_values(constraint), bool(constraint.case_insensitive)
    )
