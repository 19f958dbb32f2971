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
from typing import Any, ClassVar, TypeAlias, cast

from msgspec import Struct, inspect
from msgspec.inspect import Type

from store.errors import Path, Problems
from store.operations.messages import duplicate, missing_key, too_long, too_short, wrong_type
from store.transfer.checking import MAX_ERRORS, EnoughError
from store.transfer.document import fields_of
from store.transfer.soundness import BEYOND

# A check reports the violations of a value that has the expected type.
Check: TypeAlias = Callable[[Any, Path, Problems], None]
# The function is called with the fields of each valid object and with its struct. The result
# replaces the fields.
Finish: TypeAlias = Callable[[dict[str, Any], type[Struct]], Any]
# The function is called with each object. Its arguments are the object, the fields of the struct,
# the struct, and the path.
OnObject: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any], type[Struct], Path], None]

_Sized: TypeAlias = inspect.StrType | inspect.VarTupleType
_Number: TypeAlias = inspect.IntType | inspect.FloatType

_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


class Coercion:
    """Converts values and reports violations.

    `on_object` is called with each object and may report unknown keys. `finish` may convert valid
    objects further.
    """

    def __init__(
        self,
        problems: Problems,
        on_object: OnObject | None = None,
        finish: Finish | None = None,
    ) -> None:
        self._problems = problems
        self._on_object = on_object
        self._finish = finish

    def read(self, value: Any, expected: Type, path: Path = ()) -> Any:
        """Return the converted value.

        If the function has reported violations, the result is meaningless.

        Raises: EnoughError: after MAX_ERRORS violations.
        """
        if len(self._problems.errors) >= MAX_ERRORS:
            raise EnoughError
        read = self._readers.get(type(expected))
        if read is None:
            raise TypeError(f"{expected} is not a type of 3.x documents")
        return read(self, value, expected, path)

    def _read_any(self, value: Any, _expected: Type, _path: Path) -> Any:
        return value

    def _read_union(self, value: Any, expected: inspect.UnionType, path: Path) -> Any:
        chosen: Type | None = None
        for member in expected.types:
            if not isinstance(member, inspect.NoneType):
                chosen = member
            elif value is None:
                return None
        assert chosen is not None
        return self.read(value, chosen, path)

    def _read_checked(self, value: Any, expected: inspect.Metadata, path: Path) -> Any:
        before = len(self._problems.errors)
        read = self.read(value, expected.type, path)
        if len(self._problems.errors) == before:
            extra: Mapping[str, Check] = cast("Any", expected).extra or {}
            check = extra.get("check")
            if check is not None:
                check(read, path, self._problems)
        return read

    def _read_object(self, value: Any, expected: inspect.StructType, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._note(value, "an object", "object.base", path)
        given = cast("dict[str, Any]", value)
        fields = fields_of(expected.cls)
        before = len(self._problems.errors)
        if self._on_object is not None:
            self._on_object(given, fields, expected.cls, path)
        plain: dict[str, Any] = {}
        for key, field in fields.items():
            if key in given:
                plain[key] = self.read(given[key], field.type, (*path, key))
            elif field.required:
                self._problems.invalid(missing_key(key), rule="any.required", path=(*path, key))
        if self._finish is None or len(self._problems.errors) > before:
            return plain
        return self._finish(plain, expected.cls)

    def _read_list(self, value: Any, expected: inspect.VarTupleType, path: Path) -> Any:
        if not isinstance(value, list):
            return self._note(value, "a list", "array.base", path)
        items = cast("list[Any]", value)
        if not self._has_size(items, expected, "array", "entries", path):
            return items
        return [
            self.read(item, expected.item_type, (*path, str(at))) for at, item in enumerate(items)
        ]

    def _read_string(self, value: Any, expected: inspect.StrType, path: Path) -> Any:
        if not isinstance(value, str):
            return self._note(value, "a string", "string.base", path)
        self._has_size(value, expected, "string", "characters", path)
        return value

    def _read_boolean(self, value: Any, _expected: Type, path: Path) -> Any:
        boolean = _BOOLEANS.get(value.lower()) if isinstance(value, str) else value
        if not isinstance(boolean, bool):
            return self._note(value, "true or false", "boolean.base", path)
        return boolean

    def _read_time(self, value: Any, _expected: Type, path: Path) -> Any:
        time = _time_of(value)
        if time is None:
            description = "a date and time such as 2030-01-31T12:00:00Z"
            return self._note(value, description, "date.base", path)
        return time

    def _read_literal(self, value: Any, expected: inspect.LiteralType, path: Path) -> Any:
        if value not in expected.values:
            choices = ", ".join(map(str, expected.values))
            return self._note(value, f"one of {choices}", "any.only", path)
        return value

    def _read_mapping(self, value: Any, _expected: Type, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._note(value, "an object", "object.base", path)
        return cast("dict[str, Any]", value)

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

    # The methods that read values, by the class of the expected type. Documents have so many values
    # that `match` would be too slow.
    _readers: ClassVar[Mapping[type[Type], Callable[[Any, Any, Any, Path], Any]]] = {
        inspect.Metadata: _read_checked,
        inspect.UnionType: _read_union,
        inspect.StructType: _read_object,
        inspect.VarTupleType: _read_list,
        inspect.AnyType: _read_any,
        inspect.StrType: _read_string,
        inspect.BoolType: _read_boolean,
        inspect.IntType: _read_number,
        inspect.FloatType: _read_number,
        inspect.DateTimeType: _read_time,
        inspect.LiteralType: _read_literal,
        inspect.DictType: _read_mapping,
    }


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
