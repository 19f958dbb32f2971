"""Rules and defaults for the 8.2 routes. The 3.x routes and imports do not apply them.

The 3.x routes and imports call operations with `allow_unknown`, which accepts unknown names and
types. The 8.2 routes make the same calls, but first check the rules in this module. `bodies` and
`variant_bodies` define the structure of bodies.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from rest_compat.unleash8.errors import MissingError, refusal_form
from store import Snapshot
from store.constraints.checking import (
    check_regular_expression,
    check_value,
    find_operator,
)
from store.constraints.operators import (
    DATE,
    NUMBER,
    SINGLE_VALUE_OPERATORS,
    VERSION,
    Format,
    Operator,
)
from store.errors import Path, Problems, Refusal
from store.operations.existing import check_known
from store.operations.formats import is_number, is_version
from store.operations.strings import display
from store.operations.variants import VariantSpec
from store.values import Constraint

GRADUAL_ROLLOUT = "flexibleRollout"

_ISO_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


def fill_parameters(
    toggle: str, strategy: str | None, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Return the parameters with the defaults of a gradual rollout.

    The default rollout is 100. The default stickiness is `default`. The default group is the name
    of the toggle. If a change does not name the strategy (None), no defaults are added.
    """
    if strategy != GRADUAL_ROLLOUT:
        return dict(parameters)
    return {
        **parameters,
        "rollout": parameters.get("rollout", "100"),
        "stickiness": parameters.get("stickiness") or "default",
        "groupId": parameters.get("groupId") or toggle,
    }


def check_activation(
    snapshot: Snapshot,
    name: str | None,
    constraints: Sequence[Constraint],
    segments: Sequence[int],
) -> None:
    """Check the definition, the constraints and the segments of a strategy.

    The strategy must be defined, the segments must exist, and SDKs must be able to read the
    constraints.

    Raises:
        BadDataError: the error lists all violations.
        MissingError: a segment does not exist.
    """
    problems = Problems()
    if name is not None:
        check_known(snapshot.strategies, name, kind="strategy", path=("name",), problems=problems)
    _check_constraints(snapshot, constraints, problems)
    raise_problems(problems)
    for segment in segments:
        if segment not in snapshot.segments:
            raise MissingError(f"No segment has the ID '{segment}'.")


def check_segment(snapshot: Snapshot, constraints: Sequence[Constraint]) -> None:
    """Check that SDKs can read the constraints of a segment.

    Raises: BadDataError: the error lists all violations.
    """
    problems = Problems()
    _check_constraints(snapshot, constraints, problems)
    raise_problems(problems)


def check_toggle_type(snapshot: Snapshot, type: str) -> None:
    """Check that a toggle type is declared.

    Raises: BadDataError.
    """
    problems = Problems()
    declared = {
        name: toggle_type
        for name, toggle_type in snapshot.toggle_types.items()
        if toggle_type.declared
    }
    check_known(declared, type, kind="toggle type", path=("type",), problems=problems)
    raise_problems(problems)


def check_variants_sent(variants: Sequence[VariantSpec], *, path: Path, problems: Problems) -> None:
    """Check the weight types and the payloads of variants.

    At least one variant must be variable. JSON payloads must be objects or lists.

    As in 8.2, a payload of type number may be any string.
    """
    if variants and all(variant.weight_type == "fix" for variant in variants):
        problems.invalid(
            "At least one variant must have the weight type variable. It gets the weight that the "
            "variants with fixed weights leave.",
            rule="weights-variable",
            path=path,
        )
    for at, variant in enumerate(variants):
        payload = variant.payload
        if payload and payload.type == "json" and not _is_json_container(payload.value):
            problems.invalid(
                f"The payload '{display(payload.value)}' is neither a JSON object nor a list.",
                rule="payload-value",
                path=(*path, str(at), "payload", "value"),
            )


def raise_problems(problems: Problems) -> None:
    """Raise BadDataError if there are problems. The error lists all problems with their paths."""
    if problems.errors:
        raise refusal_form()(Refusal(*problems.errors))


def _check_constraints(
    snapshot: Snapshot, constraints: Sequence[Constraint], problems: Problems
) -> None:
    for at, constraint in enumerate(constraints):
        path = ("constraints", str(at))
        operator = find_operator(constraint, path=path, problems=problems)
        if operator is not None and operator.single:
            _check_single_value(operator, constraint, path, problems)
        elif operator is not None:
            _check_values(operator, constraint, path, problems)
        _check_legal(snapshot, constraint, path, problems)


def _check_values(
    operator: Operator, constraint: Constraint, path: Path, problems: Problems
) -> None:
    values = constraint.values or ()
    if not values:
        problems.invalid(
            f"The operator {operator.name} needs at least one value.",
            rule="constraint-values",
            path=(*path, "values"),
        )
    for at, value in enumerate(values):
        check_value(operator, constraint, value, (*path, "values", str(at)), problems)


def _check_single_value(
    operator: Operator, constraint: Constraint, path: Path, problems: Problems
) -> None:
    value = constraint.value
    if not value:
        problems.invalid(
            f"The operator {operator.name} needs a value, in the field `value`.",
            rule="constraint-value",
            path=(*path, "value"),
        )
        return
    if operator.is_pattern:
        _check_pattern(operator, constraint, value, path, problems)
    elif operator.format is not None:
        format = _FORMATS.get(operator.format, operator.format)
        if not format.fits(value):
            problems.invalid(
                f"The constraint value '{display(value)}' is not {format.words}.",
                rule="constraint-value",
                path=(*path, "value"),
            )


def _check_pattern(
    operator: Operator, constraint: Constraint, value: str, path: Path, problems: Problems
) -> None:
    check_regular_expression(value, constraint, (*path, "value"), problems)
    if constraint.inverted:
        problems.invalid(
            f"The operator {operator.name} cannot be inverted.",
            rule="constraint-inverted",
            path=(*path, "inverted"),
        )


def _check_legal(
    snapshot: Snapshot, constraint: Constraint, path: Path, problems: Problems
) -> None:
    field = snapshot.context_fields.get(constraint.context_name)
    legal = {legal_value.value for legal_value in field.legal_values} if field else set[str]()
    if not legal:
        return
    single = constraint.operator in SINGLE_VALUE_OPERATORS
    for value in ([constraint.value] if single else constraint.values) or ():
        if value and value not in legal:
            problems.invalid(
                f"'{display(value)}' is not a legal value of the context field "
                f"'{display(constraint.context_name)}'.",
                rule="constraint-legal-value",
                path=(*path, "value" if single else "values"),
            )


def _is_date(value: str) -> bool:
    """Return whether SDKs can parse the date.

    SDKs parse milliseconds, and ISO 8601 with separators.
    """
    if value.isascii() and value.isdecimal():
        return True
    if not _ISO_DATE.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_padded_number(value: str) -> bool:
    return is_number(value.strip())


# 8.2 checks these formats less strictly than SDKs.
_FORMATS: Mapping[Format, Format] = {
    NUMBER: Format(rule="constraint-value", words="a number", fits=_is_padded_number),
    DATE: Format(
        rule="constraint-value", words="a date, such as 2030-01-31T12:00:00Z", fits=_is_date
    ),
    VERSION: Format(
        rule="constraint-value", words="a semantic version, such as 1.2.3", fits=is_version
    ),
}


def _is_json_container(value: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(value), dict | list)
    except (msgspec.DecodeError, RecursionError):
        return False
