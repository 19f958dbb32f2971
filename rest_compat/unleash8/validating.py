"""The base class of bodies, common types of fields, and the validation of bodies."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from rest_compat.http.errors import InvalidBodyError, Violation
from rest_compat.http.request import Request
from store.operations.fields import FieldsT
from store.operations.limits import MAX_TAG_VALUE_LENGTH
from store.operations.messages import (
    missing_key,
    too_long,
    too_short,
    unknown_key,
    wrong_type,
)

BodyT = TypeVar("BodyT", bound="Body")

_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)


class Body(BaseModel):
    """A body or a part of a body. Keys are in camelCase. Unknown keys are ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="ignore", frozen=True, strict=True, validate_by_name=False
    )

    @property
    def sent(self) -> frozenset[str]:
        """The Python names of the fields that the client sent."""
        return frozenset(self.model_fields_set)

    def store_fields(self, kind: type[FieldsT], *, resets: bool = False, **others: Any) -> FieldsT:
        """Create a struct for operations from the fields with the same names.

        If a field is missing and its default is None, the stored value is unchanged. If `resets` is
        true, such a value becomes None instead. `others` override the values of the body.
        """
        fields = type(self).model_fields
        values = {
            name: getattr(self, name)
            for name in kind.__struct_fields__
            if name in fields and (resets or name in self.sent or fields[name].default is not None)
        }
        return kind(**(values | others))


def _to_boolean(value: Any) -> Any:
    """Convert the strings `true` and `false` to booleans (rest-contract.md). Ignore the case."""
    return {"true": True, "false": False}.get(value.lower(), value) if _is_string(value) else value


def _to_number(value: Any) -> Any:
    """Convert a numeric string to a number. Other values are returned unchanged."""
    return float(value) if _is_string(value) and _NUMBER.fullmatch(value) else value


def _to_int(number: float) -> int | float:
    """Convert whole numbers to int."""
    return int(number) if number.is_integer() else number


def _to_time(value: Any) -> Any:
    """Convert an ISO 8601 string or milliseconds since 1970 to a time.

    Milliseconds may be a number or a string.
    """
    value = _to_number(value)
    try:
        if _is_string(value):
            time = datetime.fromisoformat(value)
            return time if time.tzinfo else time.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return value


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


TagValue = Annotated[str, Field(min_length=2, max_length=MAX_TAG_VALUE_LENGTH)]
NonEmptyString = Annotated[str, Field(min_length=1)]
Bool = Annotated[bool, BeforeValidator(_to_boolean)]
Number = Annotated[
    float, BeforeValidator(_to_number), Field(allow_inf_nan=False), AfterValidator(_to_int)
]
Time = Annotated[AwareDatetime, BeforeValidator(_to_time)]


async def read_body(request: Request, kind: type[BodyT]) -> BodyT:
    """Read and validate a body.

    As in Unleash 3.17.6, a JSON value that is not an object is read as `{}`.

    Raises: InvalidBodyError: the error lists all violations; the errors of `Request.json`.
    """
    return validate(await request.json_object(), kind)


def validate(document: Any, kind: type[BodyT]) -> BodyT:
    """Validate a decoded body.

    Raises: InvalidBodyError: the error lists all violations.
    """
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise InvalidBodyError(violations_of(error)) from None


def violations_of(error: ValidationError) -> list[Violation]:
    """Convert the errors of Pydantic to violations. The names of rules are the names in 3.x."""
    return [_violation(details) for details in error.errors(include_url=False)]


# Maps error types of Pydantic to the rule in 3.x and a description of the required type.
_TYPES: Mapping[str, tuple[str, str]] = {
    "string_type": ("string.base", "a string"),
    "bool_type": ("boolean.base", "true or false"),
    "list_type": ("array.base", "a list"),
    "dict_type": ("object.base", "an object"),
    "model_type": ("object.base", "an object"),
    "model_attributes_type": ("object.base", "an object"),
    "int_type": ("number.base", "a number"),
    "float_type": ("number.base", "a number"),
    "finite_number": ("number.base", "a number"),
    "datetime_type": ("date.base", "a date and time such as 2030-01-31T12:00:00Z"),
    "greater_than_equal": ("number.min", "at least {ge:g}"),
    "less_than_equal": ("number.max", "at most {le:g}"),
    "literal_error": ("any.only", "one of {expected}"),
}


def _violation(error: ErrorDetails) -> Violation:
    path, value = error["loc"], error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Violation(missing_key(str(path[-1])), path, "any.required")
        case "extra_forbidden":
            return Violation(unknown_key(str(path[-1])), path, "object.unknown")
        case "string_too_short":
            message = too_short(len(value), context["min_length"], "characters")
            return Violation(message, path, "string.min" if value else "string.empty")
        case "string_too_long":
            message = too_long(len(value), context["max_length"], "characters")
            return Violation(message, path, "string.max")
        case "too_short":
            message = too_short(context["actual_length"], context["min_length"], "entries")
            return Violation(message, path, "array.min")
        case "too_long":
            message = too_long(len(value), context["max_length"], "entries")
            return Violation(message, path, "array.max")
        case type if type in _TYPES:
            rule, expected = _TYPES[type]
            if type == "literal_error":
                context = {"expected": context["expected"].replace("'", "").replace(" or ", ", ")}
            return Violation(wrong_type(value, expected.format_map(context)), path, rule)
        case type:
            return Violation(error["msg"], path, type)
