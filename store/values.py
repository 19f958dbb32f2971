"""Values without an identity.

JSON columns and REST bodies have the same field names. Values contain only strings, numbers and
other values, so they cannot be part of reference cycles. With `gc=False`, garbage collections
examine neither values nor tuples of values.
"""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, json

# The defaults for variants that omit the fields.
DEFAULT_WEIGHT_TYPE = "variable"
DEFAULT_STICKINESS = "default"


class Constraint(Struct, frozen=True, gc=False, rename="camel"):
    """A condition on one field of the context.

    If a REST client omitted a key, the field is UNSET, and responses also omit the key.
    """

    context_name: str
    operator: str
    values: tuple[str, ...] | UnsetType = UNSET
    value: str | UnsetType = UNSET
    inverted: bool | UnsetType = UNSET
    case_insensitive: bool | UnsetType = UNSET


class VariantPayload(Struct, frozen=True, gc=False, rename="camel"):
    """Data that SDKs return with a variant; the value is a string."""

    type: str
    value: str


class VariantOverride(Struct, frozen=True, gc=False, rename="camel"):
    """A rule that gives one variant to all users with certain values of a context field."""

    context_name: str
    values: tuple[str, ...] | UnsetType = UNSET


class Variant(Struct, frozen=True, gc=False, rename="camel"):
    """One variant of an enabled toggle.

    `weight` is in thousandths; REST clients may send a fraction. If `weight_type` or `stickiness`
    is UNSET, DEFAULT_WEIGHT_TYPE or DEFAULT_STICKINESS applies.
    """

    name: str
    weight: int | float
    weight_type: str | UnsetType = UNSET
    stickiness: str | UnsetType = UNSET
    payload: VariantPayload | UnsetType = UNSET
    overrides: tuple[VariantOverride, ...] | UnsetType = UNSET


class StrategyParameter(Struct, frozen=True, gc=False, rename="camel"):
    """A parameter of a strategy definition.

    `type` is string, number, percentage, boolean or list, or any other string that a REST client
    sent. REST clients may also omit `description` and `required`.
    """

    name: str
    type: str = "string"
    description: str | None | UnsetType = UNSET
    required: bool | UnsetType = UNSET


class LegalValue(Struct, frozen=True, gc=False, rename="camel"):
    """A value that a context field can have.

    `as_string` is true if a REST client sent the value as a string instead of an object. REST
    responses contain the value in the same form.
    """

    value: str
    description: str = ""
    as_string: bool | UnsetType = UNSET


class Tag(Struct, frozen=True, gc=False, order=True):
    """A typed label."""

    type: str
    value: str


class Dependency(Struct, frozen=True, gc=False, rename="camel"):
    """The required state of another toggle, given by name."""

    toggle: str
    enabled: bool = True
    variants: tuple[str, ...] = ()


def parameter_string(value: Any) -> str:
    """Return a parameter of a strategy as the string that SDKs get.

    REST clients may store any JSON value, but several SDKs reject the whole list of toggles if one
    parameter is not a string.
    """
    if isinstance(value, str):
        return value
    return "" if value is None else json.encode(value).decode()
