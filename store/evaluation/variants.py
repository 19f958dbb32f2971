"""Choose the variant for a context.

An override, or a hash together with the weights, determines the variant.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct

from store.evaluation.context import DEFAULT_STICKINESS, Context
from store.evaluation.hashing import prefix_of, variant_position
from store.evaluation.parameters import parameter
from store.model import ToggleStrategy
from store.values import Variant

# A function that returns the index of the variant for a context, or None if no variant applies.
Choose: TypeAlias = Callable[[Context], int | None]


class Picked(Struct, frozen=True):
    """A chosen variant.

    `stickiness_value` is the hashed value. If an override or a random number determined the
    variant, `stickiness_value` is None.
    """

    variant: Variant
    stickiness_value: str | None = None


class Picker(Struct, frozen=True):
    """Chooses one of several variants.

    If no override in `override` applies, `draw` chooses the variant.
    """

    variants: Sequence[Variant]
    stickiness: str
    override: Choose | None
    draw: Choose

    @property
    def choose(self) -> Choose:
        """The function that combines `override` and `draw`."""
        override, draw = self.override, self.draw
        if override is None:
            return draw

        def choose(context: Context) -> int | None:
            index = override(context)
            return draw(context) if index is None else index

        return choose

    def pick(self, context: Context) -> Picked | None:
        """Choose a variant; return the variant and the hashed value."""
        index = self.override(context) if self.override else None
        if index is not None:
            return Picked(self.variants[index])
        index = self.draw(context)
        if index is None:
            return None
        value = context.draws[self.stickiness]
        return Picked(self.variants[index], None if value is None else value.decode())


def toggle_picker(variants: Sequence[Variant], toggle_name: str) -> Picker | None:
    """Return the picker for a toggle's variants, with the stickiness of the first variant."""
    if not variants:
        return None
    stickiness = variants[0].stickiness or DEFAULT_STICKINESS
    return Picker(
        variants, stickiness, _override(variants), _draw(variants, toggle_name, stickiness)
    )


def strategy_picker(strategy: ToggleStrategy, toggle_name: str) -> Picker | None:
    """Return the picker for a strategy's variants, with the strategy's group and stickiness.

    SDKs support overrides only on variants of toggles.
    """
    variants = strategy.variants
    if not variants:
        return None
    group = parameter(strategy, "groupId")
    stickiness = parameter(strategy, "stickiness")
    if stickiness is None:
        stickiness = DEFAULT_STICKINESS
    draw = _draw(variants, toggle_name if group is None else group, stickiness)
    return Picker(variants, stickiness, None, draw)


def whole_weights(variants: Sequence[Variant]) -> list[int]:
    """Return the weights as whole numbers, as SDKs receive the weights.

    If one weight is a fraction, the official engine rejects all toggles. Each variant has a range
    of positions. The function rounds the end of each range down. Positions are whole numbers, so
    rounding never changes the variant of a context.
    """
    weights: list[int] = []
    exact_end, end = 0.0, 0
    for variant in variants:
        exact_end += variant.weight
        # Sums of floats are not exact.
        rounded_end = math.floor(round(exact_end, 6))
        weights.append(rounded_end - end)
        end = rounded_end
    return weights


def _override(variants: Sequence[Variant]) -> Choose | None:
    overrides = [
        (override.context_name, frozenset(override.values or ()), index)
        for index, variant in enumerate(variants)
        for override in variant.overrides or ()
    ]
    if not overrides:
        return None

    def choose(context: Context) -> int | None:
        for name, values, index in overrides:
            if context.values[name] in values:
                return index
        return None

    return choose


def _draw(variants: Sequence[Variant], group: str, stickiness: str) -> Choose:
    # Omit variants of weight 0, because a random position may be 0.
    weighted = [(i, weight) for i, weight in enumerate(whole_weights(variants)) if weight > 0]
    indexes = [index for index, _ in weighted]
    ends = list(accumulate(weight for _, weight in weighted))
    if not ends:
        return lambda _: None
    total, prefix = ends[-1], prefix_of(group)

    def choose(context: Context) -> int | None:
        value = context.draws[stickiness]
        if value is not None:
            position = variant_position(prefix, value, total)
        else:
            position = context.chance() * total
        return indexes[bisect_left(ends, position)]

    return choose
