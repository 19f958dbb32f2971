"""Validate constraints and normalise them for storage."""

from collections.abc import Iterable

from msgspec import UNSET, structs

from store.constraints.operators import (
    OPERATORS,
    PATTERN_OPERATORS,
    SINGLE_VALUE_OPERATORS,
    Operator,
    compared_values,
)
from store.constraints.patterns import (
    Key,
    LargePatternError,
    PatternError,
    check_pattern,
    compile_all,
)
from store.errors import Path, Problems
from store.operations.limits import (
    MAX_CONSTRAINT_VALUE_LENGTH,
    MAX_CONSTRAINT_VALUES,
    MAX_NAME_LENGTH,
    MAX_PARAMETER_VALUE_LENGTH,
    MAX_PATTERN_LENGTH,
    check_count,
)
from store.operations.strings import check_line, check_lines, display
from store.values import Constraint


async def compile_patterns(constraints: Iterable[Constraint]) -> None:
    """Compile the regular expressions of constraints in a thread, so that later checks are fast."""
    await compile_all(
        key
        for constraint in constraints
        if constraint.operator in PATTERN_OPERATORS
        and (key := _pattern_key(constraint)) is not None
    )


def normalise_constraint(constraint: Constraint) -> Constraint:
    """Move the single value of a constraint to `value`, because SDKs read a single value there.

    If the constraint has no value or several values, the function returns the constraint unchanged.
    If its operator allows several values, the constraint is also unchanged.
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
    """Return the constraint as GraphQL stores it: normalised, and without default values."""
    constraint = normalise_constraint(constraint)
    single = constraint.operator in SINGLE_VALUE_OPERATORS
    return structs.replace(
        constraint,
        values=constraint.values or (),
        value=constraint.value if single else UNSET,
        inverted=constraint.inverted or UNSET,
        case_insensitive=constraint.case_insensitive or UNSET,
    )


def find_operator(constraint: Constraint, *, path: Path, problems: Problems) -> Operator | None:
    """Return the operator of a constraint.

    If the operator is unknown, add an error and return None.
    """
    operator = OPERATORS.get(constraint.operator)
    if operator is None:
        problems.invalid(
            f"No operator is named '{display(constraint.operator)}'.",
            rule="constraint-operator",
            path=(*path, "operator"),
        )
    return operator


def check_constraint(
    constraint: Constraint, *, path: Path, problems: Problems, allow_unknown: bool
) -> None:
    """Check a constraint.

    With `allow_unknown`, check only that the constraint can be stored.
    """
    check_line(
        constraint.context_name,
        what="The context name",
        path=(*path, "contextName"),
        problems=problems,
        min_length=1,
        max_length=MAX_NAME_LENGTH,
    )
    values = constraint.values or ()
    check_count(
        values,
        what="constraint values",
        path=(*path, "values"),
        problems=problems,
        maximum=MAX_CONSTRAINT_VALUES,
    )
    if allow_unknown:
        _check_storable(constraint, path, problems)
        if constraint.operator in PATTERN_OPERATORS:
            _check_pattern_size(constraint, path, problems)
        return
    operator = find_operator(constraint, path=path, problems=problems)
    if operator is None:
        return
    if operator.single:
        _check_single_value(operator, constraint, path, problems)
    else:
        for index, value in enumerate(values):
            check_value(operator, constraint, value, (*path, "values", str(index)), problems)


def _check_single_value(
    operator: Operator, constraint: Constraint, path: Path, problems: Problems
) -> None:
    given = [
        *(constraint.values or ()),
        *([constraint.value] if constraint.value is not UNSET else []),
    ]
    if len(given) == 1:
        # Errors about `value` also have the path of `values`, because GraphQL inputs have only
        # `values`.
        check_value(operator, constraint, given[0], (*path, "values", "0"), problems)
        return
    problems.invalid(
        f"The operator {operator.name} compares with exactly one value, not {len(given):,}.",
        rule="constraint-values",
        path=(*path, "values"),
    )


def check_value(
    operator: Operator, constraint: Constraint, value: str, path: Path, problems: Problems
) -> None:
    """Check one value of a constraint."""
    can_be_stored = check_line(
        value,
        what="The constraint value",
        path=path,
        problems=problems,
        min_length=1,
        max_length=MAX_PATTERN_LENGTH if operator.is_pattern else MAX_CONSTRAINT_VALUE_LENGTH,
    )
    if not can_be_stored:
        return
    if operator.is_pattern:
        check_regular_expression(value, constraint, path, problems)
    elif operator.format is not None and not operator.format.fits(value):
        problems.invalid(
            f"The constraint value '{display(value)}' is not {operator.format.words}.",
            rule=operator.format.rule,
            path=path,
        )


def check_regular_expression(
    value: str, constraint: Constraint, path: Path, problems: Problems
) -> None:
    """Check a regular expression of a constraint."""
    try:
        check_pattern(value, case_sensitive=not constraint.case_insensitive)
    except PatternError as error:
        _add_pattern_error(value, error, path, problems)


def _check_pattern_size(constraint: Constraint, path: Path, problems: Problems) -> None:
    """Check the size of a regular expression, but not whether SDKs can parse the expression."""
    key = _pattern_key(constraint)
    if key is None:
        return
    pattern, case_sensitive = key
    field = ("value",) if isinstance(constraint.value, str) else ("values", "0")
    try:
        check_pattern(pattern, case_sensitive=case_sensitive)
    except LargePatternError as error:
        _add_pattern_error(pattern, error, (*path, *field), problems)
    except PatternError:
        pass


def _pattern_key(constraint: Constraint) -> Key | None:
    """Return the key of a constraint's regular expression.

    If the constraint has no value, return None.
    """
    values = compared_values(constraint)
    return (values[0], not constraint.case_insensitive) if values else None


def _add_pattern_error(pattern: str, error: PatternError, path: Path, problems: Problems) -> None:
    problems.invalid(
        f"The regular expression '{display(pattern)}' {error}.", rule=error.rule, path=path
    )


def _check_storable(constraint: Constraint, path: Path, problems: Problems) -> None:
    check_line(
        constraint.operator,
        what="The operator",
        path=(*path, "operator"),
        problems=problems,
        min_length=1,
        max_length=MAX_NAME_LENGTH,
    )
    values: list[tuple[Path, str]] = [
        (("values", str(index)), value) for index, value in enumerate(constraint.values or ())
    ]
    if isinstance(constraint.value, str):
        values.append((("value",), constraint.value))
    for steps, value in values:
        check_lines(
            value,
            what="The constraint value",
            path=(*path, *steps),
            problems=problems,
            max_length=MAX_PARAMETER_VALUE_LENGTH,
        )
