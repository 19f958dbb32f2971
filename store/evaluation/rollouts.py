"""Rollouts: a strategy that is on for a share of all contexts."""

from collections.abc import Mapping

from msgspec import Struct

from store.constraints.building import Test, always, never
from store.evaluation.context import DEFAULT_STICKINESS, RANDOM, Context
from store.evaluation.hashing import ROLLOUT_BUCKETS, prefix_of, rollout_bucket
from store.evaluation.parameters import parameter, percentage
from store.model import ToggleStrategy

# The parameter with the percentage, and where the value comes from if no parameter says so.
_ROLLOUTS: Mapping[str, tuple[str, str | None]] = {
    "flexibleRollout": ("rollout", None),
    "gradualRolloutUserId": ("percentage", "userId"),
    "gradualRolloutSessionId": ("percentage", "sessionId"),
    "gradualRolloutRandom": ("percentage", RANDOM),
}


class RolloutPosition(Struct, frozen=True):
    """Where a context falls in a rollout; `value` is None where chance decides."""

    bucket: int
    value: str | None


class Rollout(Struct, frozen=True):
    """A share of contexts: those whose bucket, drawn from a value of theirs, is within it.

    Without a value chance decides, or, if not `or_by_chance`, the context is outside.
    """

    percentage: int
    group: str
    stickiness: str
    or_by_chance: bool

    def place(self, context: Context) -> RolloutPosition | None:
        """Where the context falls; None if it lacks the value to draw from."""
        value = context.draws[self.stickiness]
        if value is not None:
            return RolloutPosition(rollout_bucket(prefix_of(self.group), value), value.decode())
        return RolloutPosition(_by_chance(context), None) if self.or_by_chance else None


def is_rollout(strategy: ToggleStrategy) -> bool:
    """Whether the strategy is of a kind that has a share, be it readable or not."""
    return strategy.name in _ROLLOUTS


def rollout_of(strategy: ToggleStrategy, toggle_name: str) -> Rollout | None:
    """The rollout of a strategy that has one; None if its parameters make none.

    The older two gradual strategies need a group, the flexible one falls back on the toggle's name.
    """
    if not is_rollout(strategy):
        return None
    name, fixed = _ROLLOUTS[strategy.name]
    share = percentage(strategy, name)
    group = parameter(strategy, "groupId")
    if share is None or (group is None and fixed not in (None, RANDOM)):
        return None
    stickiness = fixed or parameter(strategy, "stickiness") or DEFAULT_STICKINESS
    return Rollout(
        share,
        toggle_name if group is None else group,
        stickiness,
        or_by_chance=stickiness in (DEFAULT_STICKINESS, RANDOM),
    )


def compile_rollout(rollout: Rollout) -> Test:
    """What tells whether a context is within the share; nothing is drawn for all or nobody."""
    stickiness, share = rollout.stickiness, rollout.percentage
    if share <= 0:
        return never
    if share >= ROLLOUT_BUCKETS:
        if rollout.or_by_chance:
            return always
        return lambda context: context.draws[stickiness] is not None
    prefix, or_by_chance = prefix_of(rollout.group), rollout.or_by_chance

    def test(context: Context) -> bool:
        value = context.draws[stickiness]
        if value is not None:
            return rollout_bucket(prefix, value) <= share
        return or_by_chance and _by_chance(context) <= share

    return test


def _by_chance(context: Context) -> int:
    return int(context.chance() * ROLLOUT_BUCKETS) + 1
