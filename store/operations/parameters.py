"""Validate the parameters of activation strategies."""

import math
from collections.abc import Mapping
from typing import Any, cast

from store.errors import LimitExceededError, Path, Problems
from store.model import Strategy
from store.operations.formats import is_number
from store.operations.limits import (
    MAX_NAME_LENGTH,
    MAX_PARAMETER_DEPTH,
    MAX_PARAMETER_VALUE_LENGTH,
    MAX_PARAMETER_VALUES,
    check_count,
)
from store.operations.strings import check_line, check_lines, display

_INTEGERS = range(-(2**63), 2**63)


def check_parameters(
    parameters: Mapping[str, Any], definition: Strategy | None, *, path: Path, problems: Problems
) -> None:
    """Check parameters.

    The path of an error contains the index of the parameter, not the name. Parameters that the
    definition does not declare may be any string. Declared parameters may be empty, because SDKs
    then use a default.
    """
    check_count(parameters, what="parameters", path=path, problems=problems)
    declared = definition.parameters if definition else ()
    types = {parameter.name: parameter.type for parameter in declared}
    for index, (name, value) in enumerate(parameters.items()):
        here = (*path, str(index))
        check_line(
            name,
            what="The parameter name",
            path=(*here, "name"),
            problems=problems,
            min_length=1,
            max_length=MAX_NAME_LENGTH,
        )
        if not isinstance(value, str):
            problems.invalid(
                f"The parameter '{display(name)}' must be a string.",
                rule="parameter-text",
                path=(*here, "value"),
            )
            continue
        fits = check_lines(
            value,
            what=f"The parameter {display(name)}",
            path=(*here, "value"),
            problems=problems,
            max_length=MAX_PARAMETER_VALUE_LENGTH,
        )
        if fits and value:
            _check_type(name, value, types.get(name, ""), (*here, "value"), problems)


def _check_type(name: str, value: str, type: str, path: Path, problems: Problems) -> None:
    match type:
        case "percentage":
            valid, words = is_number(value) and 0 <= float(value) <= 100, "a number from 0 to 100"
        case "number":
            valid, words = is_number(value), "a number"
        case "boolean":
            valid, words = value in ("true", "false"), "true or false"
        case _:
            return
    if not valid:
        problems.invalid(
            f"The parameter {display(name)} must be {words}, not '{display(value)}'.",
            rule=f"parameter-{type}",
            path=path,
        )


def check_json(value: Any, *, path: Path, problems: Problems) -> None:
    """Check that a JSON value from a REST client can be stored."""
    if _has_more_values(value, MAX_PARAMETER_VALUES):
        problems.add(
            LimitExceededError(
                f"The parameters hold more than {MAX_PARAMETER_VALUES:,} values.", path=path
            )
        )
    else:
        _check_json(value, path, problems, 0)


def _has_more_values(value: Any, maximum: int) -> bool:
    """Whether a value and the values nested in it are more than `maximum` values together."""
    found = [value]
    for container in found:
        if isinstance(container, dict | list):
            values = cast("dict[str, Any] | list[Any]", container)
            if len(found) + len(values) > maximum:
                return True
            found += values.values() if isinstance(values, dict) else values
    return False


def _check_json(value: Any, path: Path, problems: Problems, depth: int) -> None:
    if depth > MAX_PARAMETER_DEPTH:
        problems.invalid(
            f"The parameters are nested more than {MAX_PARAMETER_DEPTH} deep.",
            rule="parameter-depth",
            path=path,
        )
        return
    match value:
        case str():
            check_lines(
                value,
                what="The parameter",
                path=path,
                problems=problems,
                max_length=MAX_PARAMETER_VALUE_LENGTH,
            )
        case dict():
            for name, item in cast("dict[str, Any]", value).items():
                here = (*path, display(name))
                check_lines(
                    name,
                    what="The parameter name",
                    path=here,
                    problems=problems,
                    max_length=MAX_NAME_LENGTH,
                )
                _check_json(item, here, problems, depth + 1)
        case list():
            for index, item in enumerate(cast("list[Any]", value)):
                _check_json(item, (*path, str(index)), problems, depth + 1)
        case float() if not math.isfinite(value):
            problems.invalid("A number must be finite.", rule="parameter-number", path=path)
        case int() if value not in _INTEGERS:
            problems.invalid(
                "A whole number has at most 64 bits.", rule="parameter-number", path=path
            )
        case _:
            pass
