"""The rules for constraints, and their stored form."""

import json

import pytest
from yggdrasil_engine.engine import UnleashEngine

from store.constraints.checking import (
    check_constraint,
    normalise_constraint,
    plain_constraint,
)
from store.constraints.operators import OPERATORS, SINGLE_VALUE_OPERATORS
from store.constraints.patterns import PatternError, check_pattern
from store.errors import Problems
from store.values import Constraint
from tests.store.operations.doing import noted

FITTING = {
    "NUM_": ["0", "-1.5", "+2", "1e3", "7.", "7.e-1", "007", " 1 ", "1e999"],
    "DATE_": [
        "2030-01-31T12:00:00Z",
        "2030-01-31T12:00:00.123+02:00",
        "2030-01-31T12:00:00-00:00",
        "2016-12-31T23:59:60Z",
        "0000-02-29T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        " 2030-01-31T12:00:00Z ",
    ],
    "SEMVER_": [
        "1.2.3",
        "0.0.0",
        "1.0.0-alpha.1",
        "1.0.0+build.05",
        "10.20.30-rc.1+sha.5114f85",
        "18446744073709551615.0.0-18446744073709551616",
        " 1.2.3 ",
    ],
    "REGEX": [
        r"^a+b$",
        r"(?i)x",
        r"a(?i)b",
        r"\p{Greek}+",
        r"(?P<n>a)",
        r"(?<n>a)",
        r"[[:alpha:]_]\z",
    ],
}
UNFITTING = {
    "NUM_": ["x", ".5", "-.5", "1_000", "1e", "inf", "nan", "0x10", "٣", "1,5", "."],
    "DATE_": [
        "2030-01-31",
        "2030-02-30T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2030-00-01T00:00:00Z",
        "2030-01-31T24:00:00Z",
        "2030-01-31T12:00:61Z",
        "2030-01-31T12:00:00",
        "2030-01-31T12:00:00+24:00",
        "2030-01-31T12:00:00.1Z",
        "2030-01-31T12:00:00.123456Z",
        "2030-01-31t12:00:00z",
        "2030-01-31 12:00:00Z",
        "+2030-01-31T12:00:00Z",
        "10000-01-01T00:00:00Z",
        "tomorrow",
    ],
    "SEMVER_": [
        "v1.2.3",
        "01.2.3",
        "1.2.3-",
        "1.2.3.4",
        "1.2.3-01",
        "18446744073709551616.0.0",
        "0.0.18446744073709551616",
    ],
    "REGEX": ["(", "[a", "*a", r"(?=a)", r"(?<!a)b", r"(a)\1", "a{1001}", "(?P=n)", "(?>a)"],
}
RULES = {
    "NUM_": "constraint-number",
    "DATE_": "constraint-date",
    "SEMVER_": "constraint-version",
    "REGEX": "constraint-regex",
}


# The engine parses short versions and bare numbers as numbers, which never equal a version or time.
READ_AS_ANOTHER_KIND = [("DATE_", "1700000000"), ("SEMVER_", "1"), ("SEMVER_", "1.2")]


def operators(prefix: str) -> list[str]:
    return sorted(operator for operator in OPERATORS if operator.startswith(prefix))


def cases(values: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [
        (operator, value)
        for prefix, listed in values.items()
        for operator in operators(prefix)
        for value in listed
    ]


def strictly(constraint: Constraint) -> list[tuple[str, tuple[str, ...]]]:
    return noted(check_constraint, constraint, allow_unknown=False)


def leniently(constraint: Constraint) -> list[tuple[str, tuple[str, ...]]]:
    return noted(check_constraint, constraint, allow_unknown=True)


@pytest.mark.parametrize(("operator", "value"), cases(FITTING))
def test_a_fitting_value_is_accepted_at_every_path(operator: str, value: str):
    assert strictly(Constraint("field", operator, values=(value,))) == []
    assert strictly(Constraint("field", operator, value=value)) == []


@pytest.mark.parametrize(("operator", "value"), cases(UNFITTING))
def test_a_value_that_does_not_fit_its_operator_is_refused(operator: str, value: str):
    rule = next(rule for prefix, rule in RULES.items() if operator.startswith(prefix))

    assert strictly(Constraint("field", operator, values=(value,))) == [(rule, ("values", "0"))]
    assert leniently(Constraint("field", operator, values=(value,))) == []


@pytest.mark.parametrize(("prefix", "value"), READ_AS_ANOTHER_KIND)
def test_a_value_that_sdks_read_as_another_kind_is_refused(prefix: str, value: str):
    for operator in operators(prefix):
        problems = strictly(Constraint("field", operator, values=(value,)))
        assert problems == [(RULES[prefix], ("values", "0"))]
        assert leniently(Constraint("field", operator, values=(value,))) == []


@pytest.mark.parametrize("prefix", ["NUM_", "DATE_", "SEMVER_"])
def test_refused_is_what_the_official_engine_cannot_read_and_nothing_else(prefix: str):
    for operator in operators(prefix):
        assert [item for item in FITTING[prefix] if not read_by_engine(operator, item)] == []
        assert [item for item in UNFITTING[prefix] if read_by_engine(operator, item)] == []


def read_by_engine(operator: str, value: str) -> bool:
    # If the field is missing, an inverted valid constraint matches.
    constraint = {"contextName": "x", "operator": operator, "value": value, "inverted": True}
    strategy = {"name": "default", "constraints": [constraint]}
    engine = UnleashEngine()
    feature = {"name": "one", "enabled": True, "strategies": [strategy]}
    engine.take_state(json.dumps({"version": 2, "features": [feature]}))
    return engine.is_enabled("one", {}).is_enabled


def test_the_refusal_names_the_value_and_what_it_should_be():
    problems = Problems()

    check_constraint(
        Constraint("field", "NUM_GT", values=(".5",)),
        path=(),
        problems=problems,
        allow_unknown=False,
    )

    assert [error.message for error in problems.errors] == [
        "The constraint value '.5' is not a number that SDKs can parse, such as 10 or -0.5."
    ]


@pytest.mark.parametrize("operator", sorted(SINGLE_VALUE_OPERATORS))
@pytest.mark.parametrize("values", [(), ("1", "2")])
def test_operators_of_one_value_take_neither_none_nor_several(
    operator: str, values: tuple[str, ...]
):
    problems = strictly(Constraint("field", operator, values=values))

    assert problems == [("constraint-values", ("values",))]


@pytest.mark.parametrize("value", ["10.0.0.1", "10.0.0.0/8", "10.1.2.3/8", "::1", "2001:db8::/32"])
def test_addresses_and_blocks_are_accepted(value: str):
    assert strictly(Constraint("remoteAddress", "IN_CIDR", values=(value, "::1"))) == []


@pytest.mark.parametrize(
    "value", ["10.0.0.256", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "fe80::1%eth0", "host", "1"]
)
def test_what_is_no_address_or_block_is_refused(value: str):
    problems = strictly(Constraint("remoteAddress", "IN_CIDR", values=("::1", value)))

    assert problems == [("constraint-cidr", ("values", "1"))]


@pytest.mark.parametrize("operator", ["IN", "NOT_IN", "STR_CONTAINS"])
def test_lists_may_be_empty_and_hold_strings_of_1_to_100_characters(operator: str):
    assert strictly(Constraint("field", operator)) == []
    assert strictly(Constraint("field", operator, values=("x" * 100, "y"))) == []
    assert strictly(Constraint("field", operator, values=("x", "", "x" * 101))) == [
        ("text-length", ("values", "1")),
        ("text-length", ("values", "2")),
    ]


def test_every_error_of_a_constraint_is_noted():
    constraint = Constraint("", "IS", values=("a",) * 10_001)

    assert strictly(constraint) == [
        ("text-length", ("contextName",)),
        ("LIMIT_EXCEEDED", ("values",)),
        ("constraint-operator", ("operator",)),
    ]


def test_unknown_operators_are_fine_where_the_unknown_is_allowed():
    assert leniently(Constraint("field", "LIKE", values=("%",), value="x" * 200)) == []


def test_what_no_database_can_hold_is_refused_even_then():
    constraint = Constraint("field", "LI\x00KE", values=("a", "\ud800"), value="\x00")

    assert leniently(constraint) == [
        ("text-characters", ("operator",)),
        ("text-characters", ("values", "1")),
        ("text-characters", ("value",)),
    ]


@pytest.mark.parametrize("pattern", ["(" * 450 + ")" * 450, "a{99999999999999999999}", "[" * 1000])
def test_a_monstrous_pattern_is_refused(pattern: str):
    with pytest.raises(PatternError):
        check_pattern(pattern + "(")


def test_a_pattern_has_at_most_1000_characters():
    assert strictly(Constraint("field", "REGEX", values=("a" * 1000,))) == []
    assert strictly(Constraint("field", "REGEX", values=("a" * 1001,))) == [
        ("text-length", ("values", "0"))
    ]


def test_what_only_looks_special_inside_a_set_is_a_character():
    check_pattern(r"[(?=)\]{9999}]+")


@pytest.mark.parametrize("operator", sorted(SINGLE_VALUE_OPERATORS))
def test_one_value_is_stored_where_sdks_read_it(operator: str):
    stored = Constraint("field", operator, value="1", values=())

    assert normalise_constraint(Constraint("field", operator, values=("1",))) == stored
    assert normalise_constraint(Constraint("field", operator, value="1")) == stored
    assert normalise_constraint(Constraint("field", operator, value="1", values=("2",))) == stored


@pytest.mark.parametrize(
    "operator", [*sorted(OPERATORS.keys() - SINGLE_VALUE_OPERATORS), "UNHEARD_OF"]
)
def test_lists_stay_where_they_are(operator: str):
    constraint = Constraint("field", operator, values=("1",))

    assert normalise_constraint(constraint) is constraint


def test_one_value_among_several_cannot_be_chosen():
    constraint = Constraint("field", "NUM_EQ", values=("1", "2"))

    assert normalise_constraint(constraint) is constraint


def test_what_only_says_a_default_is_left_out():
    spelt_out = Constraint("field", "IN", values=("a",), inverted=False, case_insensitive=False)

    assert plain_constraint(spelt_out) == Constraint("field", "IN", values=("a",))
    assert plain_constraint(Constraint("field", "IN")) == Constraint("field", "IN", values=())
    inverted = Constraint("field", "STR_CONTAINS", ("a",), inverted=True, case_insensitive=True)
    assert plain_constraint(inverted) == inverted
