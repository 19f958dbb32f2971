"""Toggles are ordered so that parents come first."""

import pytest

from store.transfer.dependency_order import MAX_CYCLES, parents_first


@pytest.mark.parametrize(
    ("parents", "order"),
    [
        ({"a": "", "b": ""}, "ab"),
        ({"a": "b", "b": "", "c": "a"}, "bac"),
        ({"a": "bc", "b": "c", "c": "d", "d": ""}, "dcba"),
    ],
)
def test_parents_come_before_their_dependents(parents: dict[str, str], order: str):
    assert parents_first(parents, lambda name: parents[name]) == ([*order], [])


def test_parents_that_were_not_named_come_along():
    assert parents_first("a", {"a": "b", "b": ""}.__getitem__) == (["b", "a"], [])


def test_each_way_back_is_reported():
    parents = {"a": "b", "b": "ca", "c": "b"}

    order, cycles = parents_first(parents, parents.__getitem__)

    assert order == ["c", "b", "a"]
    assert cycles == [["b", "c", "b"], ["a", "b", "a"]]


def test_a_long_chain_and_many_cycles_are_no_trouble():
    parents = {str(at): [str(at + 1), "0"] for at in range(5_000)} | {"5000": []}

    order, cycles = parents_first(parents, parents.__getitem__)

    assert order[0] == "5000"
    assert len(order) == 5_001
    assert len(cycles) == MAX_CYCLES
