"""Read the filters of searches, such as `IS_ANY_OF:release,experiment`, and pages of results."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.operation import Parameter
from rest_compat.http.request import Request
from store.operations.limits import MAX_ITEMS
from store.operations.strings import display

# Tests the values that an object has for a filter, such as its tags.
Test: TypeAlias = Callable[[Collection[str]], bool]

MAX_OFFSET = 1_000_000
_NAMES = ("IS", "IS_ANY_OF")
_ONE_VALUE = ("IS", "IS_NOT", "IS_ANY_OF", "IS_NONE_OF")
_SEVERAL_VALUES = (
    "INCLUDE",
    "DO_NOT_INCLUDE",
    "INCLUDE_ALL_OF",
    "INCLUDE_ANY_OF",
    "EXCLUDE_IF_ANY_OF",
    "EXCLUDE_ALL",
)
_DATES = ("IS_BEFORE", "IS_ON_OR_AFTER")
_DIGITS = re.compile(r"\d{1,9}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

NAMES_HELP = f"Written `OPERATOR:value,value`. The operators are {' and '.join(_NAMES)}."
DAY_HELP = "Written `IS:2026-01-31`."
ONE_VALUE_HELP = f"Written `OPERATOR:value,value`. The operators are {', '.join(_ONE_VALUE)}."
SEVERAL_VALUES_HELP = (
    f"Written `OPERATOR:value,value`. The operators are {', '.join(_SEVERAL_VALUES)}."
)
DATES_HELP = "Written `IS_BEFORE:2026-01-31` or `IS_ON_OR_AFTER:2026-01-31`."


def page_parameters(limit: int, most: int) -> tuple[Parameter, Parameter]:
    """Return the parameters of a page, with the default and the maximum of `limit`."""
    return (
        Parameter(
            "limit", f"The number of results, from 1 to {most:,}.", int, default=limit, example=10
        ),
        Parameter("offset", "The number of results to skip.", int, default=0, example=0),
    )


def parameters_of(request: Request, known: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Return the values of the query by name. `status[]` and `status` are the same.

    Raises: BadDataError: a name is unknown. The error lists all unknown names.
    """
    found: dict[str, list[str]] = {}
    for name, value in request.query():
        found.setdefault(name.removesuffix("[]"), []).append(value)
    unknown = [name for name in found if name not in known]
    if unknown:
        raise BadDataError(
            *(
                Detail(f"The search has no parameter '{display(name)}'.", f"/query/{display(name)}")
                for name in unknown
            )
        )
    return found


def number(
    values: Mapping[str, Sequence[str]], name: str, *, least: int, most: int, default: int
) -> int:
    """Return a number of the query.

    Raises: BadDataError: the value is not a number between `least` and `most`.
    """
    sent = values.get(name)
    if not sent:
        return default
    value = sent[-1]
    if not _DIGITS.fullmatch(value) or not least <= int(value) <= most:
        raise _invalid(name, f"must be a number between {least} and {most:,}", value)
    return int(value)


def choice(
    values: Mapping[str, Sequence[str]], name: str, choices: Collection[str], default: str
) -> str:
    """Return one of several words.

    Raises: BadDataError: the value is another word.
    """
    sent = values.get(name)
    if not sent:
        return default
    if sent[-1] not in choices:
        raise _invalid(name, f"must be one of {', '.join(choices)}", sent[-1])
    return sent[-1]


def values_of(
    values: Mapping[str, Sequence[str]], name: str, allowed: re.Pattern[str] | None = None
) -> frozenset[str] | None:
    """Return the values of a filter that has no negative operators; None without the filter.

    If the query has the filter several times, all must match.

    Raises: BadDataError: the operator is unknown, there is no value, or a value is not `allowed`.
    """
    sent = values.get(name)
    if not sent:
        return None
    each = [_split(name, one, _NAMES)[1] for one in sent]
    found = each[0].intersection(*each[1:])
    for value in found:
        if allowed is not None and not allowed.fullmatch(value):
            raise _invalid(name, "must have numbers as its values", value)
    return found


def day_of(values: Mapping[str, Sequence[str]], name: str) -> datetime | None:
    """Return the beginning of a day in UTC, or None without the filter.

    Raises: BadDataError: the value is not a date.
    """
    sent = values.get(name)
    if not sent:
        return None
    _, (value, *others) = _split(name, sent[-1], ("IS",))
    try:
        if others or not _DAY.fullmatch(value):
            raise ValueError
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        raise _invalid(name, "must contain a date, such as 2026-01-31", sent[-1]) from None


def one_value_test(name: str, sent: str, choices: Sequence[str] = ()) -> Test:
    """Return the test of a filter on a field with one value, which is one of the choices, if any.

    Raises: BadDataError: the operator is unknown, there is no value, or a value is no choice.
    """
    operator, values = _split(name, sent, _ONE_VALUE)
    for value in sorted(values.difference(choices) if choices else ()):
        raise _invalid(name, f"must have values among {', '.join(choices)}", value)
    if operator in ("IS", "IS_ANY_OF"):
        return lambda owned: not values.isdisjoint(owned)
    return lambda owned: values.isdisjoint(owned)


def several_values_test(name: str, sent: str) -> Test:
    """Return the test of a filter on a field with several values, such as tags.

    Raises: BadDataError: the operator is unknown, or there is no value.
    """
    operator, values = _split(name, sent, _SEVERAL_VALUES)
    match operator:
        case "INCLUDE" | "INCLUDE_ANY_OF":
            return lambda owned: not values.isdisjoint(owned)
        case "INCLUDE_ALL_OF":
            return lambda owned: values <= set(owned)
        case "EXCLUDE_ALL":
            return lambda owned: not values <= set(owned)
        case _:
            return lambda owned: values.isdisjoint(owned)


def time_test(name: str, sent: str) -> Callable[[datetime | None], bool]:
    """Return the test of a filter on a time. Objects without the time do not match.

    Raises: BadDataError: the operator is unknown, or the value is not a date.
    """
    operator, values = _split(name, sent, _DATES)
    try:
        (value,) = values
        time = datetime.fromisoformat(value)
    except ValueError:
        raise _invalid(name, "must contain a date, such as 2026-01-31", sent) from None
    limit = time if time.tzinfo else time.replace(tzinfo=UTC)
    if operator == "IS_BEFORE":
        return lambda owned: owned is not None and owned < limit
    return lambda owned: owned is not None and owned >= limit


def _split(name: str, sent: str, operators: Sequence[str]) -> tuple[str, frozenset[str]]:
    operator, colon, rest = sent.partition(":")
    values = frozenset(value.strip() for value in rest.split(","))
    if not colon or operator not in operators or "" in values:
        raise _invalid(name, f"must look like OPERATOR:value with {', '.join(operators)}", sent)
    if len(values) > MAX_ITEMS:
        raise _invalid(name, f"must have at most {MAX_ITEMS} values", f"{len(values)} values")
    return operator, values


def _invalid(name: str, rule: str, value: str) -> BadDataError:
    return BadDataError(
        Detail(f"The parameter '{name}' {rule}, not '{display(value)}'.", f"/query/{name}")
    )
