"""Change the configuration of a toggle in one environment."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType, structs

from store.constraints.checking import compile_patterns
from store.errors import Path, Problems, refuse
from store.events import EventType
from store.model import DEFAULT_ENVIRONMENT, Toggle, ToggleEnvironment, ToggleStrategy
from store.operations.activation import (
    build_strategy,
    check_settings,
    check_strategy,
    reuse_unchanged,
)
from store.operations.existing import (
    check_known,
    check_revision,
    find_live_toggle,
    not_found,
    require_live,
)
from store.operations.inputs import StrategySpec
from store.operations.limits import check_count
from store.operations.strategy_titles import quote_title
from store.operations.toggle_configuration import (
    check_configuration,
    check_position,
    describe_change,
    fields_changed,
    put_configuration,
    record_configuration,
    renumber,
    replace_strategies,
)
from store.operations.variants import reuse_unchanged_variants
from store.unit_of_work import UnitOfWork
from store.values import Constraint, Variant


async def set_enabled(
    work: UnitOfWork,
    name: str,
    *,
    environment: str = DEFAULT_ENVIRONMENT,
    enabled: bool,
    expected_revision: int | None = None,
    record_always: bool = False,
) -> Toggle:
    """Switch a toggle on or off in one environment.

    Raises: Refusal.
    """
    return await configure_toggle(
        work,
        name,
        environment=environment,
        enabled=enabled,
        expected_revision=expected_revision,
        record_always=record_always,
    )


async def configure_toggle(
    work: UnitOfWork,
    name: str,
    *,
    environment: str = DEFAULT_ENVIRONMENT,
    enabled: bool | UnsetType = UNSET,
    strategies: Sequence[StrategySpec] | UnsetType = UNSET,
    variants: Sequence[Variant] | None | UnsetType = UNSET,
    expected_revision: int | None = None,
    allow_unknown: bool = False,
    record_always: bool = False,
) -> Toggle:
    """Update the given fields of a toggle's configuration in one environment.

    If a new strategy and the old strategy at the same position have the same name, the new strategy
    gets the id of the old strategy.

    Raises: Refusal.
    """
    toggle = find_live_toggle(work, name)
    before = toggle.in_environment(environment)
    problems = Problems()
    check_revision(work, before, expected_revision, problems=problems)
    await check_configuration(
        work, environment, strategies or (), variants or (), problems, allow_unknown=allow_unknown
    )
    problems.raise_any()

    after = before
    if enabled is not UNSET:
        after = structs.replace(after, enabled=enabled)
    if strategies is not UNSET:
        built = replace_strategies(work, before, strategies, allow_unknown=allow_unknown)
        after = structs.replace(after, strategies=built)
    if variants is not UNSET:
        stored = reuse_unchanged_variants(before.variants, variants, allow_unknown=allow_unknown)
        after = structs.replace(after, variants=stored)
    changed = fields_changed(before, after)
    if not changed and not record_always:
        return toggle
    given = {"enabled": enabled, "strategies": strategies, "variants": variants}
    fields = changed or {field for field, value in given.items() if value is not UNSET}
    event_type, summary = describe_change(toggle, after, fields)
    result = put_configuration(work, toggle, after) if changed else toggle
    record_configuration(work, event_type, toggle, result, environment, summary)
    return result


async def add_toggle_strategy(
    work: UnitOfWork,
    name: str,
    *,
    environment: str = DEFAULT_ENVIRONMENT,
    strategy: StrategySpec,
    position: int | None = None,
    expected_revision: int | None = None,
    allow_unknown: bool = False,
) -> tuple[Toggle, ToggleStrategy]:
    """Add a strategy to a toggle in an environment.

    Without a position, the strategy becomes the last one.

    Raises: Refusal.
    """
    toggle = find_live_toggle(work, name, path=("toggle",))
    before = toggle.in_environment(environment)
    problems = Problems()
    await compile_patterns(strategy.constraints or ())
    check_known(
        work.snapshot.environments,
        environment,
        kind="environment",
        path=("environment",),
        problems=problems,
    )
    check_revision(work, before, expected_revision, problems=problems)
    check_strategy(
        work.snapshot,
        strategy,
        path=("strategy",),
        problems=problems,
        allow_unknown=allow_unknown,
    )
    siblings = list(before.strategies)
    check_position(position, len(siblings), problems)
    check_count((*siblings, strategy), what="strategies", path=("strategy",), problems=problems)
    problems.raise_any()

    index = len(siblings) if position is None else position
    added = build_strategy(
        strategy,
        id=work.new_id(),
        toggle_id=toggle.id,
        environment=environment,
        sort_order=index,
        allow_unknown=allow_unknown,
    )
    siblings.insert(index, added)
    after = structs.replace(before, strategies=renumber(siblings))
    changed = put_configuration(work, toggle, after)
    record_configuration(
        work,
        EventType.TOGGLE_STRATEGY_ADDED,
        toggle,
        changed,
        environment,
        f"Added strategy {quote_title(work.snapshot, added)} to toggle '{name}' in {environment}.",
    )
    return changed, after.strategies[index]


async def update_toggle_strategy(
    work: UnitOfWork,
    *,
    toggle_id: str,
    environment: str,
    strategy_id: str,
    name: str | UnsetType = UNSET,
    title: str | UnsetType = UNSET,
    disabled: bool | UnsetType = UNSET,
    parameters: dict[str, Any] | UnsetType = UNSET,
    constraints: tuple[Constraint, ...] | None | UnsetType = UNSET,
    segments: tuple[int, ...] | UnsetType = UNSET,
    variants: tuple[Variant, ...] | UnsetType = UNSET,
    position: int | None = None,
    expected_revision: int | None = None,
    allow_unknown: bool = False,
) -> tuple[Toggle, ToggleStrategy]:
    """Update the given fields of a toggle's strategy.

    If `position` is given, the strategy is moved to this position. With another `name`, the
    strategy gets another definition, but keeps its id.

    Raises: Refusal.
    """
    toggle, before, strategy = find_strategy(work, toggle_id, environment, strategy_id)
    settings: dict[str, Any] = {
        "name": name,
        "title": title,
        "disabled": disabled,
        "parameters": parameters,
        "constraints": constraints,
        "segments": segments,
        "variants": variants,
    }
    given = {field: value for field, value in settings.items() if value is not UNSET}
    # Check only the given fields, because REST clients may have stored values that this check
    # refuses.
    values: dict[str, Any] = {"name": strategy.name, **given}
    spec = StrategySpec(**values)
    siblings = list(before.strategies)
    problems = Problems()
    check_revision(work, before, expected_revision, problems=problems)
    await compile_patterns(constraints or ())
    check = check_settings if name is UNSET else check_strategy
    check(work.snapshot, spec, path=(), problems=problems, allow_unknown=allow_unknown)
    check_position(position, len(siblings) - 1, problems)
    problems.raise_any()

    old_index = siblings.index(strategy)
    index = old_index if position is None else position
    built = build_strategy(
        spec,
        id=strategy.id,
        toggle_id=toggle.id,
        environment=environment,
        sort_order=old_index,
        allow_unknown=allow_unknown,
    )
    updated = reuse_unchanged(
        strategy,
        structs.replace(strategy, **{field: getattr(built, field) for field in given}),
        allow_unknown=allow_unknown,
    )
    if updated is strategy and index == old_index:
        return toggle, strategy
    siblings.pop(old_index)
    siblings.insert(index, updated)
    after = structs.replace(before, strategies=renumber(siblings))
    changed = put_configuration(work, toggle, after)
    moved_only = updated is strategy
    verb = "Moved" if moved_only else "Changed"
    record_configuration(
        work,
        EventType.TOGGLE_STRATEGIES_REORDERED if moved_only else EventType.TOGGLE_STRATEGY_UPDATED,
        toggle,
        changed,
        environment,
        f"{verb} strategy {quote_title(work.snapshot, strategy)} "
        f"on toggle '{toggle.name}' in {environment}.",
    )
    return changed, after.strategies[index]


async def remove_toggle_strategy(
    work: UnitOfWork,
    *,
    toggle_id: str,
    environment: str,
    strategy_id: str,
    expected_revision: int | None = None,
) -> Toggle:
    """Remove a strategy from a toggle in an environment.

    Raises: Refusal.
    """
    toggle, before, strategy = find_strategy(work, toggle_id, environment, strategy_id)
    problems = Problems()
    check_revision(work, before, expected_revision, problems=problems)
    problems.raise_any()

    siblings = [sibling for sibling in before.strategies if sibling is not strategy]
    changed = put_configuration(
        work, toggle, structs.replace(before, strategies=renumber(siblings))
    )
    record_configuration(
        work,
        EventType.TOGGLE_STRATEGY_REMOVED,
        toggle,
        changed,
        environment,
        f"Removed strategy {quote_title(work.snapshot, strategy)} "
        f"from toggle '{toggle.name}' in {environment}.",
    )
    return changed


def find_strategy(
    work: UnitOfWork,
    toggle_id: str,
    environment: str,
    strategy_id: str,
    *,
    path: Path = ("id",),
) -> tuple[Toggle, ToggleEnvironment, ToggleStrategy]:
    """Return a strategy of a live toggle, with the toggle and its configuration.

    Raises: Refusal: the strategy does not exist, or the toggle is archived.
    """
    toggle = work.snapshot.toggles_by_id.get(toggle_id)
    if toggle is None:
        refuse(not_found("toggle strategy", strategy_id, path=path))
    require_live(toggle, path=path)
    configured = toggle.in_environment(environment)
    matching = (strategy for strategy in configured.strategies if strategy.id == strategy_id)
    strategy = next(matching, None)
    if strategy is None:
        refuse(not_found("toggle strategy", strategy_id, path=path))
    return toggle, configured, strategy
