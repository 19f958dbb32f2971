"""Read JSON values with the conversions of 3.x, and report violations.

If a boolean or a number is expected, the string form of the value is also accepted. A time may be a
number of milliseconds since 1970. The types of msgspec describe the expected values.
`Annotated[..., Meta(extra={"check": …})]` adds a `Check` to a type. The names of rules are the
names in 3.x (rest-contract.md, "Error bodies, 3.x").
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

from msgspec import Struct, inspect
from msgspec.inspect import Type

from store.errors import Path, Problems
from store.operations.messages import duplicate, missing_key, too_long, too_short, wrong_type
from store.transfer.checking import BEYOND, MAX_ERRORS, EnoughError
from store.transfer.document import fields_of

# A check reports the violations of a value that has the expected type.
Check: TypeAlias = Callable[[Any, Path, Problems], None]
# The function is called with each object. Its arguments are the object, the fields of the struct,
# the struct, and the path.
OnObject: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any], type[Struct], Path], None]

_Sized: TypeAlias = inspect.StrType | inspect.VarTupleType
_Number: TypeAlias = inspect.IntType | inspect.FloatType

_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


class Coercion:
    """Converts values and reports violations.

    `on_object` is called with each object and may report unknown keys.
    """

    def __init__(self, problems: Problems, on_object: OnObject | None = None) -> None:
        self._problems = problems
        self._on_object = on_object

    def read(self, value: Any, expected: Type, path: Path = ()) -> Any:
        """Return the converted value.

        If the function has reported violations, the result is meaningless.

        Raises: EnoughError: after MAX_ERRORS violations.
        """
        if len(self._problems.errors) >= MAX_ERRORS:
            raise EnoughError
        match expected:
            case inspect.Metadata():
                return self._read_checked(value, expected, path)
            case inspect.UnionType():
                kinds = [
                    member for member in expected.types if not isinstance(member, inspect.NoneType)
                ]
                if value is None and len(kinds) < len(expected.types):
                    return None
                return self.read(value, kinds[-1], path)
            case inspect.StructType():
                return self._read_object(value, expected, path)
            case inspect.VarTupleType():
                return self._read_list(value, expected, path)
            case inspect.AnyType():
                return value
            case _:
                return self._read_scalar(value, expected, path)

    def _read_checked(self, value: Any, expected: inspect.Metadata, path: Path) -> Any:
        before = len(self._problems.errors)
        read = self.read(value, expected.type, path)
        if len(self._problems.errors) == before:
            extra: Mapping[str, Check] = cast("Any", expected).extra or {}
            check = extra.get("check")
            if check is not None:
                check(read, path, self._problems)
        return read

    def _read_object(
        self, value: Any, expected: inspect.StructType, path: Path
    ) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            return self._note(value, "an object", "object.base", path)
        given = cast("dict[str, Any]", value)
        fields = fields_of(expected.cls)
        if self._on_object is not None:
            self._on_object(given, fields, expected.cls, path)
        plain: dict[str, Any] = {}
        for key, field in fields.items():
            if key in given:
                plain[key] = self.read(given[key], field.type, (*path, key))
            elif field.required:
                self._problems.invalid(missing_key(key), rule="any.required", path=(*path, key))
        return plain

    def _read_list(self, value: Any, expected: inspect.VarTupleType, path: Path) -> Any:
        if not isinstance(value, list):
            return self._note(value, "a list", "array.base", path)
        items = cast("list[Any]", value)
        if not self._has_size(items, expected, "array", "entries", path):
            return items
        return [
            self.read(item, expected.item_type, (*path, str(at))) for at, item in enumerate(items)
        ]

    def _read_scalar(self, value: Any, expected: Type, path: Path) -> Any:
        match expected:
            case inspect.StrType():
                if not isinstance(value, str):
                    return self._note(value, "a string", "string.base", path)
                self._has_size(value, expected, "string", "characters", path)
                return value
            case inspect.BoolType():
                boolean = _BOOLEANS.get(value.lower()) if isinstance(value, str) else value
                if not isinstance(boolean, bool):
                    return self._note(value, "true or false", "boolean.base", path)
                return boolean
            case inspect.IntType() | inspect.FloatType():
                return self._read_number(value, expected, path)
            case inspect.DateTimeType():
                time = _time_of(value)
                if time is None:
                    description = "a date and time such as 2030-01-31T12:00:00Z"
                    return self._note(value, description, "date.base", path)
                return time
            case inspect.LiteralType():
                if value not in expected.values:
                    return self._note(
                        value, f"one of {', '.join(map(str, expected.values))}", "any.only", path
                    )
                return value
            case inspect.DictType():
                if not isinstance(value, dict):
                    return self._note(value, "an object", "object.base", path)
                return cast("dict[str, Any]", value)
            case _:
                raise TypeError(f"{expected} is not a type of 3.x documents")

    def _read_number(self, value: Any, expected: _Number, path: Path) -> Any:
        number = number_of(value)
        if number is not None:
            if expected.ge is not None and number < expected.ge:
                return self._note(value, f"at least {expected.ge:g}", "number.min", path)
            if expected.le is not None and number > expected.le:
                return self._note(value, f"at most {expected.le:g}", "number.max", path)
        is_read = (
            number is not None
            and is_stored(number)
            and (number % 1 == 0 or isinstance(expected, inspect.FloatType))
        )
        if not is_read:
            return self._note(value, "a 64-bit number", "number.base", path)
        return number

    def _has_size(
        self, value: str | Sequence[Any], expected: _Sized, kind: str, unit: str, path: Path
    ) -> bool:
        length = len(value)
        if expected.min_length is not None and length < expected.min_length:
            rule = "string.empty" if kind == "string" and length == 0 else f"{kind}.min"
            message = too_short(length, expected.min_length, unit)
            self._problems.invalid(message, rule=rule, path=path)
            return False
        if expected.max_length is not None and length > expected.max_length:
            message = too_long(length, expected.max_length, unit)
            self._problems.invalid(message, rule=f"{kind}.max", path=path)
            return False
        return True

    def _note(self, value: Any, description: str, rule: str, path: Path) -> None:
        self._problems.invalid(wrong_type(value, description), rule=rule, path=path)


def unique(key: str) -> Check:
    """Return a check that all objects in a list have different values for a key."""

    def check(items: Sequence[Mapping[str, Any]] | None, path: Path, problems: Problems) -> None:
        seen: set[Any] = set()
        for at, item in enumerate(items or ()):
            if item[key] in seen:
                problems.invalid(
                    duplicate(key, str(item[key])),
                    rule="array.unique",
                    path=(*path, str(at)),
                )
                return
            seen.add(item[key])

    return check


def number_of(value: Any) -> int | float | None:
    """Return the number in a JSON number or in a string; return None for other values."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return int(value) if value % 1 == 0 else value


def is_stored(number: float) -> bool:
    """Whether the database, with integers of 64 bits, can store a number."""
    return -BEYOND <= number < BEYOND


def _time_of(value: Any) -> datetime | None:
    with suppress(ValueError, OverflowError, OSError):
        number = number_of(value)
        if number is not None and is_stored(number):
            return datetime.fromtimestamp(number / 1000, UTC)
        if isinstance(value, str):
            time = datetime.fromisoformat(value)
            return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    return None
