"""Rollouts: strategies that match a percentage of all contexts."""

from collections.abc import Mapping

from msgspec import Struct

from store.constraints.building import Test, always, never
from store.evaluation.context import DEFAULT_STICKINESS, RANDOM, Context
from store.evaluation.hashing import ROLLOUT_BUCKETS, prefix_of, rollout_bucket
from store.evaluation.parameters import parameter, percentage
from store.model import ToggleStrategy

# For each rollout strategy, this mapping contains two items: the name of the parameter with the
# percentage, and the stickiness. If a parameter sets the stickiness, the second item is None.
_ROLLOUTS: Mapping[str, tuple[str, str | None]] = {
    "flexibleRollout": ("rollout", None),
    "gradualRolloutUserId": ("percentage", "userId"),
    "gradualRolloutSessionId": ("percentage", "sessionId"),
    "gradualRolloutRandom": ("percentage", RANDOM),
}


class RolloutPosition(Struct, frozen=True):
    """The bucket of a context in a rollout. If the bucket is random, `value` is None."""

    bucket: int
    value: str | None


class Rollout(Struct, frozen=True):
    """A rollout to the contexts whose bucket is at most `percentage`.

    The bucket is the hash of a value of the context. If the value is missing and `or_by_chance` is
    true, the bucket is random. If the value is missing and `or_by_chance` is false, the context is
    not in the rollout.
    """

    percentage: int
    group: str
    stickiness: str
    or_by_chance: bool

    def position(self, context: Context) -> RolloutPosition | None:
        """Return the bucket of a context, or None if the context has no bucket."""
        value = context.draws[self.stickiness]
        if value is not None:
            return RolloutPosition(rollout_bucket(prefix_of(self.group), value), value.decode())
        return RolloutPosition(random_bucket(context), None) if self.or_by_chance else None


class Draw(Struct, frozen=True):
    """The data to test whether a context is in a rollout of 1 % to 99 %.

    A context is in the rollout if its bucket is at most `share`. The bucket is the hash of `prefix`
    and the context's value for `stickiness`.
    """

    prefix: bytes
    stickiness: str
    share: int
    or_by_chance: bool


def is_rollout(strategy: ToggleStrategy) -> bool:
    """Whether the strategy is a rollout; the parameters may be invalid."""
    return strategy.name in _ROLLOUTS


def rollout_of(strategy: ToggleStrategy, toggle_name: str) -> Rollout | None:
    """Return the rollout of a strategy.

    If the strategy is not a rollout or its parameters are invalid, return None. The older
    strategies `gradualRolloutUserId` and `gradualRolloutSessionId` require a group. Without a
    group, `flexibleRollout` uses the toggle's name.
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


def draw_of(rollout: Rollout) -> Draw | None:
    """Return the data for the test of a rollout.

    Rollouts of 0 % and 100 % need no hash, so the function returns None.
    """
    if not 0 < rollout.percentage < ROLLOUT_BUCKETS:
        return None
    prefix = prefix_of(rollout.group)
    return Draw(prefix, rollout.stickiness, rollout.percentage, rollout.or_by_chance)


def compile_rollout(rollout: Rollout) -> Test:
    """Compile a test of whether a context is in a rollout."""
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
        return or_by_chance and random_bucket(context) <= share

    return test


def random_bucket(context: Context) -> int:
    """Return a random number from 1 to 100."""
    return int(context.chance() * ROLLOUT_BUCKETS) + 1
