"""Variants as clients of today's admin API send them, and what is stored of them."""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import UNSET
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from rest_compat.http.bodies import Body, Number, Text, checked
from rest_compat.http.request import Request
from rest_compat.unleash3.errors import FlawedBodyError
from rest_compat.unleash8.errors import flawed
from rest_compat.unleash8.rules import check_variants_sent, refuse_flaws
from store.errors import Path, Problems
from store.operations.limits import MOST_CONSTRAINT_VALUES, MOST_ITEMS
from store.operations.variants import (
    WHOLE_WEIGHT,
    VariantSpec,
    check_variants,
    distribute_weights,
)
from store.values import STICKINESS, Variant, VariantOverride, VariantPayload

# How 8.2 sorts the characters of names; capitals come after small letters where names are the same
# otherwise.
_ORDER = "_-!.'()*~0123456789abcdefghijklmnopqrstuvwxyz"


def _check_whole(weight: float) -> float:
    # Thousandths are the unit, so that percentages have one decimal.
    if not float(weight).is_integer():
        raise PydanticCustomError("number.integer", "must be an integer")
    return weight


class PayloadBody(Body):
    """Data handed out with a variant, of a type that 8.2 knows."""

    type: Literal["string", "number", "json", "csv"]
    value: Text

    def payload(self) -> VariantPayload:
        """What is stored of it."""
        return VariantPayload(self.type, self.value)


class OverrideBody(Body):
    """Context values that always get one variant."""

    context_name: Text
    values: list[str] = Field(max_length=MOST_CONSTRAINT_VALUES)

    def override(self) -> VariantOverride:
        """What is stored of it."""
        return VariantOverride(self.context_name, tuple(self.values))


class VariantBody(Body):
    """A variant; variable ones get a share of the weight that is left, whatever theirs is."""

    name: Text
    weight: Annotated[Number, Field(ge=0, le=WHOLE_WEIGHT), AfterValidator(_check_whole)]
    weight_type: Literal["variable", "fix"] = "variable"
    # May be left out, but not be null.
    payload: PayloadBody = Field(default_factory=PayloadBody.model_construct)
    stickiness: Text = STICKINESS
    overrides: list[OverrideBody] = Field(default=[], max_length=MOST_ITEMS)

    def spec(self) -> VariantSpec:
        """The variant before its weight is known."""
        return VariantSpec(
            name=self.name,
            weight_type=self.weight_type,
            weight=int(self.weight),
            stickiness=self.stickiness,
            payload=self.payload.payload() if "payload" in self.sent else UNSET,
            overrides=tuple(it.override() for it in self.overrides) or UNSET,
        )


class StrategyVariantBody(VariantBody):
    """A variant of a strategy, which leaves nothing to defaults."""

    # Required here, which type checkers know of dataclasses only to be impossible.
    weight_type: Literal["variable", "fix"]  # pyright: ignore[reportGeneralTypeIssues]
    stickiness: Text  # pyright: ignore[reportGeneralTypeIssues]


class VariantsBody(Body):
    """A body that is a list of variants."""

    variants: list[VariantBody] = Field(max_length=MOST_ITEMS)


async def read_variants(request: Request) -> tuple[Variant, ...]:
    """The body of a request that is a list of variants, as it is stored.

    Raises: BadDataError: with all flaws; what `Request.json` raises.
    """
    document = await request.json()
    try:
        body = checked({"variants": document}, VariantsBody)
    except FlawedBodyError as error:
        raise flawed(error, dropped=1) from None
    return stored_variants(body.variants)


def stored_variants(bodies: Sequence[VariantBody], *, path: Path = ()) -> tuple[Variant, ...]:
    """What is stored of variants: not what was sent, as on the routes of 3.x, but what 8.2 makes of
    it.

    The variable ones share the weight that fixed ones leave, whatever weight they were sent with:
    clients that leave this to the server send 0. All are sorted by name, for SDKs walk over them in
    order, so that the order decides who is handed which (contract: "frontend-variants").

    Raises: BadDataError: with all flaws; `path` is where the variants are in the body.
    """
    problems = Problems()
    specs = [it.spec() for it in bodies]
    check_variants_sent(specs, path=path, problems=problems)
    refuse_flaws(problems)
    variants = distribute_weights(specs, path=path, problems=problems)
    check_variants(variants, path=path, problems=problems, allow_unknown=True)
    refuse_flaws(problems)
    return tuple(sorted(variants, key=_by_name))


def _by_name(variant: Variant) -> tuple[list[int], str]:
    name = variant.name
    return [_ORDER.find(character) for character in name.lower()], name.swapcase()
