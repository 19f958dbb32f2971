"""Variants as clients of today's admin API send them, and what is stored of them."""

from collections.abc import Sequence

from pydantic import Field

from rest_compat.admin.errors import flawed, refused
from rest_compat.admin_v3 import feature_bodies
from rest_compat.admin_v3.bodies import Body, Text, checked
from rest_compat.admin_v3.errors import FlawedBodyError
from rest_compat.wire import Request
from store.errors import Path, Problems, Refusal
from store.operations.limits import MOST_ITEMS
from store.operations.variants import VariantSpec, check_variants, distribute_weights
from store.values import Variant

# How 8.2 sorts the characters of names; capitals come after small letters where names are the same
# otherwise.
_ORDER = "_-!.'()*~0123456789abcdefghijklmnopqrstuvwxyz"


class VariantBody(feature_bodies.VariantBody):
    """A variant, whose name may be shorter than in 3.x."""

    name: Text

    def spec(self) -> VariantSpec:
        """The variant before its weight is known: variable ones get a share of what is left."""
        variant = self.variant()
        return VariantSpec(
            name=self.name,
            weight_type=self.weight_type,
            weight=round(self.weight),
            stickiness=self.stickiness,
            payload=variant.payload,
            overrides=variant.overrides,
        )


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
    variants = distribute_weights(specs, path=path, problems=problems)
    check_variants(variants, path=path, problems=problems, allow_unknown=True)
    if problems.errors:
        raise refused()(Refusal(*problems.errors))
    return tuple(sorted(variants, key=_by_name))


def _by_name(variant: Variant) -> tuple[list[int], str]:
    name = variant.name
    return [_ORDER.find(character) for character in name.lower()], name.swapcase()
