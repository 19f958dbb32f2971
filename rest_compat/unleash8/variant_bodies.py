"""Convert variants in request bodies to the variants to store."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import UNSET
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from rest_compat.http.errors import InvalidBodyError
from rest_compat.unleash8.errors import bad_data_of
from rest_compat.unleash8.rules import check_variants_sent, raise_problems
from rest_compat.unleash8.validating import Body, NonEmptyString, Number, validate
from store.errors import Path, Problems
from store.operations.limits import MAX_CONSTRAINT_VALUES, MAX_ITEMS
from store.operations.messages import wrong_type
from store.operations.variants import (
    WHOLE_WEIGHT,
    VariantSpec,
    check_variants,
    distribute_weights,
)
from store.values import DEFAULT_STICKINESS, Variant, VariantOverride, VariantPayload

# The order in which 8.2 sorts the characters of names. Of two names that differ only in case, the
# name in lower case comes first.
_ORDER = "_-!.'()*~0123456789abcdefghijklmnopqrstuvwxyz"


def _check_whole(weight: float) -> float:
    # The unit of weights is a thousandth, so percentages have at most one decimal.
    if not float(weight).is_integer():
        raise PydanticCustomError(
            "number.integer", "{message}", {"message": wrong_type(weight, "an integer")}
        )
    return weight


class PayloadBody(Body):
    """The payload of a variant. Its type must be known in 8.2."""

    type: Literal["string", "number", "json", "csv"]
    value: NonEmptyString

    def payload(self) -> VariantPayload:
        """Return the value to store."""
        return VariantPayload(self.type, self.value)


class OverrideBody(Body):
    """A context field with values. Users with one of the values always get the variant."""

    context_name: NonEmptyString
    values: list[str] = Field(max_length=MAX_CONSTRAINT_VALUES)

    def override(self) -> VariantOverride:
        """Return the value to store."""
        return VariantOverride(self.context_name, tuple(self.values))


class VariantBody(Body):
    """A variant. Variants with the type `variable` share the weight that fixed variants leave."""

    name: NonEmptyString
    weight: Annotated[Number, Field(ge=0, le=WHOLE_WEIGHT), AfterValidator(_check_whole)]
    weight_type: Literal["variable", "fix"] = "variable"
    # The payload may be omitted, but must not be null.
    payload: PayloadBody = Field(default_factory=PayloadBody.model_construct)
    stickiness: NonEmptyString = DEFAULT_STICKINESS
    overrides: list[OverrideBody] = Field(default=[], max_length=MAX_ITEMS)

    def spec(self) -> VariantSpec:
        """Return the variant with the weight that the client sent."""
        return VariantSpec(
            name=self.name,
            weight_type=self.weight_type,
            weight=int(self.weight),
            stickiness=self.stickiness,
            payload=self.payload.payload() if "payload" in self.sent else UNSET,
            overrides=tuple(override.override() for override in self.overrides) or UNSET,
        )


class StrategyVariantBody(VariantBody):
    """A variant of a strategy. All fields except the payload and overrides are required."""

    # Type checkers reject these lines, because the fields are optional in the base class.
    weight_type: Literal["variable", "fix"]  # pyright: ignore[reportGeneralTypeIssues]
    stickiness: NonEmptyString  # pyright: ignore[reportGeneralTypeIssues]


class VariantsBody(Body):
    """A body that is a list of variants."""

    variants: list[VariantBody] = Field(max_length=MAX_ITEMS)


def checked_variants(document: Any) -> tuple[Variant, ...]:
    """Return the variants to store for a decoded list of variants.

    Raises: BadDataError: the error lists all violations.
    """
    try:
        body = validate({"variants": document}, VariantsBody)
    except InvalidBodyError as error:
        raise bad_data_of(error, dropped=1) from None
    return stored_variants(body.variants)


def stored_variants(bodies: Sequence[VariantBody], *, path: Path = ()) -> tuple[Variant, ...]:
    """Return the variants to store, sorted by name. The sum of the weights is 1,000.

    Variable variants share the weight that fixed variants leave. Some clients rely on this
    computation, and send variable variants with the weight 0. The order determines which users get
    which variant (contract: "frontend-variants").

    Raises: BadDataError: the error lists all violations; `path` is the path of the variants.
    """
    problems = Problems()
    specs = [body.spec() for body in bodies]
    check_variants_sent(specs, path=path, problems=problems)
    raise_problems(problems)
    variants = distribute_weights(specs, path=path, problems=problems)
    check_variants(variants, path=path, problems=problems, allow_unknown=True)
    raise_problems(problems)
    return tuple(sorted(variants, key=_by_name))


def _by_name(variant: Variant) -> tuple[list[int], str]:
    name = variant.name
    return [_ORDER.find(character) for character in name.lower()], name.swapcase()
