"""Which variant a context is handed: by override, or by its place among the weights."""

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from store.evaluation.context import DEFAULT_STICKINESS, Context, getter, sticky_getter
from store.evaluation.hashing import variant_place
from store.model import ToggleStrategy
from store.values import Variant, parameter_text


class Picked(Struct, frozen=True):
    """A variant, and the value by which it was drawn; None where an override or chance decided."""

    variant: Variant
    stickiness_value: str | None = None


Picker = Callable[[Context], Picked | None]


def toggle_picker(variants: Sequence[Variant], toggle_name: str) -> Picker | None:
    """What picks among the variants of a toggle; the first one's stickiness counts for all."""
    if not variants:
        return None
    return _picker(variants, toggle_name, variants[0].stickiness or DEFAULT_STICKINESS)


def strategy_picker(strategy: ToggleStrategy, toggle_name: str) -> Picker | None:
    """What picks among the variants of a strategy, by the group and stickiness of its rollout."""
    if not strategy.variants:
        return None
    parameters = strategy.parameters or {}
    group = parameter_text(parameters.get("groupId", toggle_name))
    stickiness = parameter_text(parameters.get("stickiness", DEFAULT_STICKINESS))
    # SDKs know overrides on variants of toggles only.
    plain = [Variant(it.name, it.weight, payload=it.payload) for it in strategy.variants]
    return _picker(plain, group, stickiness)


def whole_weights(variants: Sequence[Variant]) -> list[int]:
    """The weights as SDKs get them: the official engine reads no toggle at all of a list where one
    weight is a fraction.

    Places are whole numbers, so rounding down where each variant's share of them ends leaves
    everybody the variant that the fractions give.
    """
    weights: list[int] = []
    end, taken = 0.0, 0
    for variant in variants:
        end += variant.weight
        # Sums of floats miss whole numbers by a little.
        reached = math.floor(round(end, 6))
        weights.append(reached - taken)
        taken = reached
    return weights


def _picker(variants: Sequence[Variant], group: str, stickiness: str) -> Picker:
    weights = whole_weights(variants)
    total = sum(weights)
    read = sticky_getter(stickiness)
    overrides = [
        (getter(override.context_name), frozenset(override.values or ()), Picked(variant))
        for variant in variants
        for override in variant.overrides or ()
    ]

    def pick(context: Context) -> Picked | None:
        for read_override, values, picked in overrides:
            if read_override(context) in values:
                return picked
        if total <= 0:
            return None
        value = read(context)
        place = (
            variant_place(group, value, total) if value is not None else context.chance() * total
        )
        for variant, weight in zip(variants, weights, strict=True):
            place -= weight
            if place <= 0 and weight > 0:
                return Picked(variant, value)
        return None

    return pick
