"""Equal constraints share one test function. If no constraint uses the function any more, it is
freed.
"""

import gc

from store.constraints import evaluating
from store.constraints.building import Test
from store.constraints.evaluating import compile_constraint
from store.values import Constraint


def one_of(*values: str, inverted: bool = False) -> Constraint:
    return Constraint("shared", "IN", values=values, inverted=inverted)


def known() -> list[Constraint]:
    """The constraints of this module whose tests are cached."""
    gc.collect()
    return [each for each in evaluating._tests if each.context_name == "shared"]


def test_equal_constraints_have_the_same_test() -> None:
    first = compile_constraint(one_of("a", "b"))

    assert compile_constraint(one_of("a", "b")) is first
    assert compile_constraint(one_of("a")) is not first
    assert compile_constraint(one_of("a", "b", inverted=True)) is not first


def test_a_test_is_forgotten_with_its_last_use() -> None:
    tests: list[Test] = [compile_constraint(one_of(str(number))) for number in range(3)]
    assert len(known()) == 3

    del tests[1:]

    assert known() == [one_of("0")]


def test_constraints_that_hold_always_or_never_are_not_kept() -> None:
    for operator in ("IN", "NOT_IN", "UNKNOWN", "NUM_EQ"):
        compile_constraint(Constraint("shared", operator, values=()))

    assert known() == []
