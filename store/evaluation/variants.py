"""Which variant a context is handed: by override, or by its place among the weights."""

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

# Where in a list the variant stands that a context is handed; None if it is handed none.
Choose: TypeAlias = Callable[[Context], int | None]


class Picked(Struct, frozen=True):
    """A variant, and the value by which it was drawn; None where an override or chance decided."""

    variant: Variant
    stickiness_value: str | None = None


class Picker(Struct, frozen=True):
    """What hands out one of the variants: `override` goes first, `draw` decides for the others."""

    variants: Sequence[Variant]
    stickiness: str
    override: Choose | None
    draw: Choose

    @property
    def choose(self) -> Choose:
        """Both as one function."""
        override, draw = self.override, self.draw
        if override is None:
            return draw

        def choose(context: Context) -> int | None:
            at = override(context)
            return draw(context) if at is None else at

        return choose

    def pick(self, context: Context) -> Picked | None:
        """The variant, and how it came to it."""
        at = self.override(context) if self.override else None
        if at is not None:
            return Picked(self.variants[at])
        at = self.draw(context)
        if at is None:
            return None
        value = context.draws[self.stickiness]
        return Picked(self.variants[at], None if value is None else value.decode())


def toggle_picker(variants: Sequence[Variant], toggle_name: str) -> Picker | None:
    """What picks among the variants of a toggle; the first one's stickiness counts for all."""
    if not variants:
        return None
    stickiness = variants[0].stickiness or DEFAULT_STICKINESS
    return Picker(
        variants, stickiness, _override(variants), _draw(variants, toggle_name, stickiness)
    )


def strategy_picker(strategy: ToggleStrategy, toggle_name: str) -> Picker | None:
    """What picks among the variants of a strategy, by the group and stickiness of its rollout.

    SDKs know overrides on variants of toggles only.
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


def _override(variants: Sequence[Variant]) -> Choose | None:
    overrides = [
        (override.context_name, frozenset(override.values or ()), at)
        for at, variant in enumerate(variants)
        for override in variant.overrides or ()
    ]
    if not overrides:
        return None

    def choose(context: Context) -> int | None:
        for name, values, at in overrides:
            if context.values[name] in values:
                return at
        return None

    return choose


def _draw(variants: Sequence[Variant], group: str, stickiness: str) -> Choose:
    # Up to which place each one reaches. Those without weight stay out: chance may fall on 0.
    reaching = [(at, it) for at, it in enumerate(whole_weights(variants)) if it > 0]
    positions = [at for at, _ in reaching]
    ends = list(accumulate(weight for _, weight in reaching))
    if not ends:
        return lambda _: None
    total, prefix = ends[-1], prefix_of(group)

    def choose(context: Context) -> int | None:
        value = context.draws[stickiness]
        place = (
            variant_position(prefix, value, total)
            if value is not None
            else context.chance() * total
        )
        return positions[bisect_left(ends, place)]

    return choose
