"""Activation strategies made into functions: the rule of each kind, its constraints and its
segments."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from store.evaluation.constraints import (
    Test,
    address_blocks,
    compile_constraint,
    is_in_blocks,
    never,
)
from store.evaluation.context import (
    DEFAULT_STICKINESS,
    RANDOM,
    Context,
    Getter,
    getter,
    sticky_getter,
)
from store.evaluation.hashing import ROLLOUT_BUCKETS, rollout_bucket
from store.evaluation.variants import Picker, strategy_picker
from store.model import Segment, ToggleStrategy
from store.values import Constraint, parameter_text


class Place(Struct, frozen=True):
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
    value_of: Getter
    or_by_chance: bool

    def place(self, context: Context) -> Place | None:
        """Where the context falls; None if it lacks the value to draw from."""
        value = self.value_of(context)
        if value is not None:
            return Place(rollout_bucket(self.group, value), value)
        if self.or_by_chance:
            return Place(int(context.chance() * ROLLOUT_BUCKETS) + 1, None)
        return None

    def holds(self, context: Context) -> bool:
        """Whether the context is within the share."""
        place = self.place(context)
        return place is not None and place.bucket <= self.percentage


class CompiledConstraint(Struct, frozen=True):
    """A constraint, what reads its field, and whether it holds."""

    source: Constraint
    read: Getter
    holds: Test


class CompiledSegment(Struct, frozen=True):
    """The constraints of a segment; `source` is None where no segment has the id."""

    id: int
    source: Segment | None
    constraints: Sequence[CompiledConstraint] = ()


class CompiledStrategy(Struct, frozen=True):
    """An activation strategy in parts, and all of them as one function.

    `rule` is None where only an SDK can tell, as with custom strategies and with host names; such
    a strategy never matches here.
    `conditions` are its constraints and segments alone.
    """

    source: ToggleStrategy
    rule: Test | None
    rollout: Rollout | None
    constraints: Sequence[CompiledConstraint]
    segments: Sequence[CompiledSegment]
    picker: Picker | None
    matches: Test
    conditions: Test

    def undecided(self, context: Context) -> bool:
        """Whether it is up to the SDK: all that can be told here holds, its own rule cannot."""
        return self.rule is None and self.conditions(context)


def compile_strategy(
    strategy: ToggleStrategy, toggle_name: str, segments: Mapping[int, Segment]
) -> CompiledStrategy:
    """The strategy as functions; one that is disabled never matches, nor does one with a segment
    that is not there."""
    rollout = _rollout(strategy, toggle_name)
    rule = rollout.holds if rollout else _rule(strategy)
    constraints = _compiled(strategy.constraints or ())
    used = [_segment(number, segments.get(number)) for number in strategy.segments]
    tests = [it.holds for it in constraints]
    for segment in used:
        tests += [it.holds for it in segment.constraints] if segment.source else [never]
    conditions = never if strategy.disabled or never in tests else _all(tests)
    return CompiledStrategy(
        strategy,
        rule,
        rollout,
        constraints,
        used,
        strategy_picker(strategy, toggle_name),
        never if rule is None or conditions is never else _all([*tests, rule]),
        conditions,
    )


def _compiled(constraints: Sequence[Constraint]) -> list[CompiledConstraint]:
    return [
        CompiledConstraint(it, getter(it.context_name), compile_constraint(it))
        for it in constraints
    ]


def _segment(number: int, segment: Segment | None) -> CompiledSegment:
    if segment is None:
        return CompiledSegment(number, None)
    return CompiledSegment(number, segment, _compiled(segment.constraints))


def _all(tests: Sequence[Test]) -> Test:
    tests = [it for it in tests if it is not always] or [always]
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda context: first(context) and second(context)

    def test(context: Context) -> bool:
        for part in tests:  # noqa: SIM110 (a generator would cost more than the tests)
            if not part(context):
                return False
        return True

    return test


def always(_: Context) -> bool:
    """What every context meets."""
    return True


def parameter(strategy: ToggleStrategy, name: str) -> str | None:
    """A parameter as SDKs read it, as text; None where it was left out."""
    parameters = strategy.parameters or {}
    return parameter_text(parameters[name]) if name in parameters else None


_Rule: TypeAlias = Callable[[ToggleStrategy], Test]


def _with_ids(strategy: ToggleStrategy) -> Test:
    ids = frozenset(_listed(parameter(strategy, "userIds")))
    return lambda context: context.user_id in ids


def _with_addresses(strategy: ToggleStrategy) -> Test:
    blocks = address_blocks(_listed(parameter(strategy, "IPs")))

    def test(context: Context) -> bool:
        address = context.remote_address
        return address is not None and is_in_blocks(address, blocks)

    return test


_RULES: Mapping[str, _Rule] = {
    "default": lambda _: always,
    "userWithId": _with_ids,
    "remoteAddress": _with_addresses,
}
# The parameter with the percentage, and where the value comes from if no parameter says so.
_ROLLOUTS: Mapping[str, tuple[str, str | None]] = {
    "flexibleRollout": ("rollout", None),
    "gradualRolloutUserId": ("percentage", "userId"),
    "gradualRolloutSessionId": ("percentage", "sessionId"),
    "gradualRolloutRandom": ("percentage", RANDOM),
}


def _rule(strategy: ToggleStrategy) -> Test | None:
    if strategy.name in _ROLLOUTS:
        return never  # its percentage cannot be read
    rule = _RULES.get(strategy.name)
    return rule(strategy) if rule else None


def _rollout(strategy: ToggleStrategy, toggle_name: str) -> Rollout | None:
    """The rollout of a strategy that has one; None if its parameters make none.

    The older two gradual strategies need a group, the flexible one falls back on the toggle's name.
    """
    if strategy.name not in _ROLLOUTS:
        return None
    name, fixed = _ROLLOUTS[strategy.name]
    percentage = _percentage(parameter(strategy, name))
    group = parameter(strategy, "groupId")
    if percentage is None or (group is None and fixed not in (None, RANDOM)):
        return None
    stickiness = fixed or parameter(strategy, "stickiness") or DEFAULT_STICKINESS
    return Rollout(
        percentage,
        toggle_name if group is None else group,
        stickiness,
        sticky_getter(stickiness),
        or_by_chance=stickiness in (DEFAULT_STICKINESS, RANDOM),
    )


def _percentage(text: str | None) -> int | None:
    text = (text or "").removeprefix("+")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else None


def _listed(text: str | None) -> list[str]:
    return [it.strip() for it in text.split(",")] if text is not None else []
