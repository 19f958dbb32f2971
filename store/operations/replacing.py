"""Replace a toggle's fields together with its configuration in one environment."""

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
    """Replace a toggle's fields, and its configuration in one environment, as one change.

    UNSET fields are unchanged, but UNSET variants are removed. Settings that 3.x clients do not
    support are also unchanged. These settings are other environments, tags, dependencies, and newer
    settings of a strategy whose name is unchanged.

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
    specs = _fill_in_defaults(strategies, before.strategies)
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


def _fill_in_defaults(
    specs: Sequence[StrategySpec], before: Sequence[ToggleStrategy]
) -> list[StrategySpec]:
    """Return the specifications, completed with settings of the old strategies.

    If a setting has its default value in a specification, the setting is copied from the matching
    old strategy. Without the copy, a strategy would, for example, lose its segments and turn the
    toggle on for more users.
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
        for spec, old in zip(specs, _match_strategies(specs, before), strict=True)
    ]


def _match_strategies(
    specs: Sequence[StrategySpec], before: Sequence[ToggleStrategy]
) -> list[ToggleStrategy | None]:
    """Match each specification with an old strategy that is equal or has the same name.

    Equal strategies are matched first. Each old strategy matches at most one specification.
    """
    left = list(before)
    found: list[ToggleStrategy | None] = [None] * len(specs)
    for matches in (_is_equal, _has_same_name):
        for index, spec in enumerate(specs):
            if found[index] is None:
                found[index] = next((old for old in left if matches(spec, old)), None)
                left = [old for old in left if old is not found[index]]
    return found


def _is_equal(spec: StrategySpec, strategy: ToggleStrategy) -> bool:
    same = (spec.parameters or {}) == (strategy.parameters or {})
    return (
        same
        and spec.name == strategy.name
        and [*map(plain_constraint, spec.constraints or ())]
        == [*map(plain_constraint, strategy.constraints or ())]
    )


def _has_same_name(spec: StrategySpec, strategy: ToggleStrategy) -> bool:
    return spec.name == strategy.name
