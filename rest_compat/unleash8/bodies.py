"""Read request bodies of the admin API of Unleash 8, and convert the bodies to store values."""

import re
from typing import Annotated, Any, TypeVar, cast

from msgspec import UNSET
from pydantic import BeforeValidator, ConfigDict, Field

from rest_compat.http.errors import BadDataError, Detail, InvalidBodyError
from rest_compat.http.request import Request
from rest_compat.unleash8 import validating
from rest_compat.unleash8.errors import bad_data_of
from rest_compat.unleash8.rules import check_activation, fill_parameters
from rest_compat.unleash8.validating import Body, Bool, NonEmptyString, Number
from rest_compat.unleash8.variant_bodies import StrategyVariantBody, stored_variants
from store import Snapshot
from store.operations.inputs import StrategySpec
from store.operations.limits import MAX_CONSTRAINT_VALUES, MAX_ITEMS
from store.operations.messages import wrong_type
from store.values import Constraint

BodyT = TypeVar("BodyT", bound=Body)

_DIGITS = re.compile(r"-?\d{1,18}", re.ASCII)


async def read_object(request: Request) -> dict[str, Any]:
    """Read a body that is a JSON object.

    Raises: BadDataError: the body is another value; the errors of `Request.json`.
    """
    document = await request.json()
    if not isinstance(document, dict):
        raise BadDataError(Detail(wrong_type(document, "an object"), "/body"))
    return cast("dict[str, Any]", document)


async def read_body(request: Request, kind: type[BodyT]) -> BodyT:
    """Read and validate the body of a request.

    Raises: BadDataError: the error lists all violations; the errors of `read_object`.
    """
    return checked_body(await read_object(request), kind)


def checked_body(document: Any, kind: type[BodyT], *, dropped: int = 0) -> BodyT:
    """Validate a decoded body. Omit the first `dropped` steps of each path.

    Raises: BadDataError: the error lists all violations.
    """
    try:
        return validating.validate(document, kind)
    except InvalidBodyError as error:
        raise bad_data_of(error, dropped=dropped) from None


def _to_string(value: Any) -> Any:
    """Convert numbers and booleans to strings in the notation of JSON."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case _:
            return value


def _to_value(value: Any) -> Any:
    """Convert like `_to_string`, but convert null to an empty string."""
    return "" if value is None else _to_string(value)


def _to_string_or_none(value: Any) -> Any:
    """Convert like `_to_string`, but convert an empty string to null."""
    return None if value == "" else _to_string(value)


def _to_boolean_or_none(value: Any) -> Any:
    """Convert like `_to_boolean`, but convert null and an empty string to null."""
    return None if value in ("", None) else _to_boolean(value)


def _to_boolean(value: Any) -> Any:
    """Convert null and 0 to false, and 1 to true."""
    return {None: False, 0: False, 1: True}[value] if value in (None, 0, 1) else value


def _to_integer(value: Any) -> Any:
    """Convert a string of digits to a number."""
    is_digits = isinstance(value, str) and _DIGITS.fullmatch(value)
    return int(value) if is_digits else value


LooseString = Annotated[str, BeforeValidator(_to_string)]
Value = Annotated[str, BeforeValidator(_to_value)]
Description = Annotated[str | None, BeforeValidator(_to_string_or_none)]
LooseBool = Annotated[Bool, BeforeValidator(_to_boolean)]
BoolOrNone = Annotated[Bool | None, BeforeValidator(_to_boolean_or_none)]
Integer = Annotated[int, BeforeValidator(_to_integer)]


class ConstraintBody(Body):
    """A constraint. The operator uses either `value` or `values`. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")

    context_name: Annotated[LooseString, Field(min_length=1)]
    operator: NonEmptyString
    values: list[Value] = Field(default=[], max_length=MAX_CONSTRAINT_VALUES)
    value: Annotated[Value, Field(min_length=1)] = ""
    inverted: LooseBool = False
    case_insensitive: LooseBool = False

    def constraint(self) -> Constraint:
        """Return the constraint to store, including sent values that equal the defaults."""
        sent = self.sent
        return Constraint(
            context_name=self.context_name,
            operator=self.operator,
            values=tuple(self.values),
            value=self.value if "value" in sent else UNSET,
            inverted=self.inverted if "inverted" in sent else UNSET,
            case_insensitive=self.case_insensitive if "case_insensitive" in sent else UNSET,
        )


class SettingsBody(Body):
    """The settings of a strategy of a toggle."""

    title: LooseString | None = None
    disabled: BoolOrNone = None
    sort_order: Number | None = None
    parameters: dict[str, Value] = Field(default={})
    constraints: list[ConstraintBody] = Field(default=[], max_length=MAX_ITEMS)
    segments: list[Integer] = Field(default=[], max_length=MAX_ITEMS)
    variants: list[StrategyVariantBody] = Field(default=[], max_length=MAX_ITEMS)

    def stored_constraints(self) -> tuple[Constraint, ...]:
        """Return the constraints to store."""
        return tuple(constraint.constraint() for constraint in self.constraints)

    def settings(self, snapshot: Snapshot, toggle: str, name: str | None) -> dict[str, Any]:
        """Return the arguments by name for operations on a strategy of a toggle.

        As in Unleash 8.2, an omitted title, `disabled` or list of segments is unchanged. Omitted
        parameters, constraints and variants are removed.

        Raises: BadDataError: the variants are invalid; the errors of `check_activation`.
        """
        constraints = self.stored_constraints()
        check_activation(snapshot, name, constraints, self.segments)
        settings: dict[str, Any] = {
            "title": self.title,
            "disabled": self.disabled,
            "segments": tuple(self.segments) if "segments" in self.sent else None,
        }
        return {field: value for field, value in settings.items() if value is not None} | {
            "parameters": fill_parameters(toggle, name, self.parameters),
            "constraints": constraints,
            "variants": stored_variants(self.variants, path=("variants",)),
        }

    def position_up_to(self, last: int) -> int | None:
        """Return the requested position, or None if the body has no position.

        The position is at most `last`.
        """
        return None if self.sort_order is None else int(min(max(self.sort_order, 0), last))


class StrategyBody(SettingsBody):
    """A strategy to add to a toggle."""

    name: LooseString

    def spec(self, snapshot: Snapshot, toggle: str) -> StrategySpec:
        """Return the strategy as input of store operations.

        Raises: the errors of `settings`.
        """
        return StrategySpec(name=self.name, **self.settings(snapshot, toggle, self.name))


class ChangedStrategyBody(SettingsBody):
    """New settings of a strategy. The name is optional."""

    name: Value = ""

    @property
    def new_name(self) -> str | None:
        """The name, or None if the body has no name."""
        return self.name if "name" in self.sent else None
