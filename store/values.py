"""Values without identity: what JSON columns hold and what REST bodies carry, under the same
names."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, json

# Of variants that do not say.
DEFAULT_WEIGHT_TYPE = "variable"
DEFAULT_STICKINESS = "default"


class Constraint(Struct, frozen=True, rename="camel"):
    """A test on one field of the context.

    Keys that a writer left out are `UNSET` and stay out of every answer.
    """

    context_name: str
    operator: str
    values: tuple[str, ...] | UnsetType = UNSET
    value: str | UnsetType = UNSET
    inverted: bool | UnsetType = UNSET
    case_insensitive: bool | UnsetType = UNSET


class VariantPayload(Struct, frozen=True, rename="camel"):
    """Data handed out with a variant, its value as text."""

    type: str
    value: str


class VariantOverride(Struct, frozen=True, rename="camel"):
    """Context values that always get one variant."""

    context_name: str
    values: tuple[str, ...] | UnsetType = UNSET


class Variant(Struct, frozen=True, rename="camel"):
    """One answer of an enabled toggle; `weight` is in thousandths, and over REST may be a fraction.

    Imports may leave out `weight_type` and `stickiness`, which then mean DEFAULT_WEIGHT_TYPE and
    DEFAULT_STICKINESS.
    """

    name: str
    weight: int | float
    weight_type: str | UnsetType = UNSET
    stickiness: str | UnsetType = UNSET
    payload: VariantPayload | UnsetType = UNSET
    overrides: tuple[VariantOverride, ...] | UnsetType = UNSET


class StrategyParameter(Struct, frozen=True, rename="camel"):
    """A parameter that a strategy takes; `type` is string, number, percentage, boolean or list, or
    whatever else came in over REST, where `description` and `required` may be missing, too."""

    name: str
    type: str = "string"
    description: str | None | UnsetType = UNSET
    required: bool | UnsetType = UNSET


class LegalValue(Struct, frozen=True, rename="camel"):
    """A value that a context field can take."""

    value: str
    description: str = ""


class Tag(Struct, frozen=True, order=True):
    """A typed label."""

    type: str
    value: str


class Dependency(Struct, frozen=True, rename="camel"):
    """A state of another toggle, given by name, that must hold first."""

    toggle: str
    enabled: bool = True
    variants: tuple[str, ...] = ()


def parameter_string(value: Any) -> str:
    """A parameter of a strategy as SDKs read it, whatever a REST writer stored.

    They take text only: one other value would keep several of them from reading the whole list.
    """
    if isinstance(value, str):
        return value
    return "" if value is None else json.encode(value).decode()
