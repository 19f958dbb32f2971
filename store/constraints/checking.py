"""Constraints: the rules for them, and the one form in which they are stored."""

from msgspec import UNSET, structs

from store.constraints.patterns import LargePatternError, PatternError, check_pattern, key_of
from store.errors import Path, Problems
from store.operations.formats import (
    is_address_block,
    is_compared_moment,
    is_compared_number,
    is_compared_version,
)
from store.operations.limits import (
    LONGEST_CONSTRAINT_VALUE,
    LONGEST_NAME,
    LONGEST_PARAMETER_VALUE,
    LONGEST_PATTERN,
    MOST_CONSTRAINT_VALUES,
    check_count,
)
from store.operations.text import check_line, check_text, shown
from store.values import OPERATORS, SINGLE_VALUE_OPERATORS, Constraint

# What a value of the operators that begin so must be, the rule's name and the words for it.
_FORMATS = (
    (
        "NUM_",
        is_compared_number,
        "constraint-number",
        "a number that SDKs can read, such as 10 or -0.5",
    ),
    (
        "DATE_",
        is_compared_moment,
        "constraint-date",
        (
            "a date and time that SDKs can read, such as 2030-01-31T12:00:00Z or "
            "2030-01-31T12:00:00.500+02:00"
        ),
    ),
    (
        "SEMVER_",
        is_compared_version,
        "constraint-version",
        "a semantic version that SDKs can read, such as 1.2.3 or 1.2.3-rc.1",
    ),
    ("IN_CIDR", is_address_block, "constraint-cidr", "an IP address or a block such as 10.0.0.0/8"),
)


def normalise_constraint(constraint: Constraint) -> Constraint:
    """The constraint with the one value of operators that take one in `value`, where SDKs read it.

    With none or several values to choose from it stays as it is.
    """
    if constraint.operator not in SINGLE_VALUE_OPERATORS:
        return constraint
    if isinstance(constraint.value, str):
        return structs.replace(constraint, values=())
    values = constraint.values or ()
    if len(values) != 1:
        return constraint
    return structs.replace(constraint, value=values[0], values=())


def plain_constraint(constraint: Constraint) -> Constraint:
    """The constraint as GraphQL writes it: what only says a default is left out."""
    constraint = normalise_constraint(constraint)
    single = constraint.operator in SINGLE_VALUE_OPERATORS
    return structs.replace(
        constraint,
        values=constraint.values or (),
        value=constraint.value if single else UNSET,
        inverted=constraint.inverted or UNSET,
        case_insensitive=constraint.case_insensitive or UNSET,
    )


def check_constraint(
    constraint: Constraint, *, path: Path, problems: Problems, allow_unknown: bool
) -> None:
    """Note what is wrong with a constraint; with `allow_unknown` only what could not be stored."""
    check_line(
        constraint.context_name,
        what="The context name",
        path=(*path, "contextName"),
        problems=problems,
        shortest=1,
        longest=LONGEST_NAME,
    )
    values = constraint.values or ()
    check_count(
        values,
        what="constraint values",
        path=(*path, "values"),
        problems=problems,
        most=MOST_CONSTRAINT_VALUES,
    )
    if allow_unknown:
        _check_storable(constraint, path, problems)
        if constraint.operator == "REGEX":
            _check_pattern_size(constraint, path, problems)
    elif constraint.operator not in OPERATORS:
        problems.invalid(
            f"No operator is named '{shown(constraint.operator)}'.",
            rule="constraint-operator",
            path=(*path, "operator"),
        )
    elif constraint.operator in SINGLE_VALUE_OPERATORS:
        _check_single_value(constraint, path, problems)
    else:
        for at, value in enumerate(values):
            _check_value(constraint, value, (*path, "values", str(at)), problems)


def _check_single_value(constraint: Constraint, path: Path, problems: Problems) -> None:
    given = [
        *(constraint.values or ()),
        *([constraint.value] if constraint.value is not UNSET else []),
    ]
    if len(given) == 1:
        # Wherever it was put: the inputs of this kind show one list.
        _check_value(constraint, given[0], (*path, "values", "0"), problems)
        return
    problems.invalid(
        f"The operator {constraint.operator} compares with exactly one value, not {len(given):,}.",
        rule="constraint-values",
        path=(*path, "values"),
    )


def _check_value(constraint: Constraint, value: str, path: Path, problems: Problems) -> None:
    operator = constraint.operator
    fits = check_line(
        value,
        what="The constraint value",
        path=path,
        problems=problems,
        shortest=1,
        longest=LONGEST_PATTERN if operator == "REGEX" else LONGEST_CONSTRAINT_VALUE,
    )
    if not fits:
        return
    if operator == "REGEX":
        try:
            check_pattern(value, case_sensitive=not constraint.case_insensitive)
        except PatternError as error:
            _note_pattern(value, error, path, problems)
        return
    for prefix, fitting, rule, words in _FORMATS:
        if operator.startswith(prefix) and not fitting(value):
            problems.invalid(
                f"The constraint value '{shown(value)}' is not {words}.", rule=rule, path=path
            )


def _check_pattern_size(constraint: Constraint, path: Path, problems: Problems) -> None:
    """Note a regular expression that is too large; one that SDKs cannot read can be stored."""
    key = key_of(constraint)
    if key is None:
        return
    pattern, case_sensitive = key
    field = ("value",) if isinstance(constraint.value, str) else ("values", "0")
    try:
        check_pattern(pattern, case_sensitive=case_sensitive)
    except LargePatternError as error:
        _note_pattern(pattern, error, (*path, *field), problems)
    except PatternError:
        pass


def _note_pattern(pattern: str, error: PatternError, path: Path, problems: Problems) -> None:
    problems.invalid(
        f"The regular expression '{shown(pattern)}' {error}.", rule=error.rule, path=path
    )


def _check_storable(constraint: Constraint, path: Path, problems: Problems) -> None:
    check_line(
        constraint.operator,
        what="The operator",
        path=(*path, "operator"),
        problems=problems,
        shortest=1,
        longest=LONGEST_NAME,
    )
    texts: list[tuple[Path, str]] = [
        (("values", str(at)), value) for at, value in enumerate(constraint.values or ())
    ]
    if isinstance(constraint.value, str):
        texts.append((("value",), constraint.value))
    for steps, text in texts:
        check_text(
            text,
            what="The constraint value",
            path=(*path, *steps),
            problems=problems,
            longest=LONGEST_PARAMETER_VALUE,
        )
