"""Replacing what a toggle says of itself together with its configuration in one environment."""

from collections.abc import Sequence

from msgspec import UnsetType, structs

from store.constraints.checking import plain_constraint
from store.errors import Problems
from store.events import EventType
from store.model import DEFAULT_ENVIRONMENT, Toggle, ToggleStrategy
from store.operations.changing import changed_fields
from store.operations.existing import find_live_toggle
from store.operations.fields import ToggleFields, given_fields
from store.operations.inputs import StrategySpec
from store.operations.toggle_configuration import (
    check_configuration,
    fields_changed,
    put_configuration,
    replace_strategies,
)
from store.operations.toggle_fields import check_fields, with_fields
from store.operations.variants import reuse_unchanged_variants
from store.unit_of_work import UnitOfWork
from store.values import Variant


async def replace_toggle(
    work: UnitOfWork,
    name: str,
    fields: ToggleFields,
    *,
    stale: bool,
    environment: str = DEFAULT_ENVIRONMENT,
    enabled: bool,
    strategies: Sequence[StrategySpec],
    variants: Sequence[Variant] | None | UnsetType,
    allow_unknown: bool = False,
    record_always: bool = False,
) -> Toggle:
    """The toggle with other fields and another configuration in one environment, as one change.

    Fields that are UNSET stay, and so does all that a writer of a whole toggle may not know of:
    other environments, tags, dependencies, and what a strategy that keeps its name has besides
    parameters and constraints. Variants that are UNSET are removed.

    Raises: Refusal.
    """
    toggle = find_live_toggle(work, name)
    problems = Problems()
    check_fields(work, fields, problems, allow_unknown=allow_unknown)
    await check_configuration(
        work, environment, strategies, variants or (), problems, allow_unknown=allow_unknown
    )
    problems.raise_any()

    given = given_fields(ToggleFields, fields) | {"stale": stale}
    changed = changed_fields(toggle, given, exact=allow_unknown)
    before = toggle.in_environment(environment)
    specs = _completed(strategies, before.strategies)
    configured = structs.replace(
        before,
        enabled=enabled,
        strategies=replace_strategies(work, before, specs, allow_unknown=allow_unknown),
        variants=reuse_unchanged_variants(before.variants, variants, allow_unknown=allow_unknown),
    )
    reconfigured = fields_changed(before, configured)
    if not changed and not reconfigured and not record_always:
        return toggle
    after = toggle
    if changed:
        after = with_fields(work, after, changed)
        work.put(after)
    if reconfigured:
        after = put_configuration(work, after, configured)
    work.record(
        EventType.TOGGLE_UPDATED,
        subject=after,
        before=toggle,
        after=after,
        environment=environment,
        summary=f"Replaced the settings of toggle '{name}' and its configuration in {environment}.",
    )
    return after


def _completed(
    specs: Sequence[StrategySpec], before: Sequence[ToggleStrategy]
) -> list[StrategySpec]:
    """The specifications, with what they leave at its default taken over from their counterparts.

    Segments that got lost would open a toggle to everybody.
    """
    return [
        spec
        if old is None
        else structs.replace(
            spec,
            title=spec.title or old.title,
            disabled=spec.disabled or old.disabled,
            segments=spec.segments or old.segments,
            variants=spec.variants or old.variants,
        )
        for spec, old in zip(specs, _counterparts(specs, before), strict=True)
    ]


def _counterparts(
    specs: Sequence[StrategySpec], before: Sequence[ToggleStrategy]
) -> list[ToggleStrategy | None]:
    """For each specification the strategy before that it goes on from: one that says the same, else
    the first of its name that nothing else goes on from."""
    left = list(before)
    found: list[ToggleStrategy | None] = [None] * len(specs)
    for matches in (_says_the_same, _has_the_name):
        for at, spec in enumerate(specs):
            if found[at] is None:
                found[at] = next((it for it in left if matches(spec, it)), None)
                left = [it for it in left if it is not found[at]]
    return found


def _says_the_same(spec: StrategySpec, strategy: ToggleStrategy) -> bool:
    same = (spec.parameters or {}) == (strategy.parameters or {})
    return (
        same
        and spec.name == strategy.name
        and [*map(plain_constraint, spec.constraints or ())]
        == [*map(plain_constraint, strategy.constraints or ())]
    )


def _has_the_name(spec: StrategySpec, strategy: ToggleStrategy) -> bool:
    return spec.name == strategy.name
