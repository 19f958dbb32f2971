"""Validate, build and store a toggle's configuration in one environment."""

from collections.abc import Sequence
from itertools import chain

from msgspec import structs

from store.constraints.checking import compile_patterns
from store.errors import Problems
from store.events import EventType
from store.model import Toggle, ToggleEnvironment, ToggleStrategy
from store.operations.activation import build_strategy, check_strategies, reuse_unchanged
from store.operations.existing import check_known
from store.operations.inputs import StrategySpec
from store.operations.variants import check_variants
from store.unit_of_work import UnitOfWork
from store.values import Variant


async def check_configuration(
    work: UnitOfWork,
    environment: str,
    strategies: Sequence[StrategySpec],
    variants: Sequence[Variant],
    problems: Problems,
    *,
    allow_unknown: bool,
) -> None:
    """Check a new configuration in an environment."""
    check_known(
        work.snapshot.environments,
        environment,
        kind="environment",
        path=("environment",),
        problems=problems,
    )
    if strategies:
        await compile_patterns(
            chain.from_iterable(strategy.constraints or () for strategy in strategies)
        )
        check_strategies(
            work.snapshot,
            strategies,
            path=("strategies",),
            problems=problems,
            allow_unknown=allow_unknown,
        )
    if variants:
        check_variants(variants, path=("variants",), problems=problems, allow_unknown=allow_unknown)


def check_position(position: int | None, last: int, problems: Problems) -> None:
    """Check that a position is between 0 and `last`."""
    if position is not None and not 0 <= position <= last:
        problems.invalid(
            f"The position {position} is not between 0 and {last}.",
            rule="position-range",
            path=("position",),
        )


def replace_strategies(
    work: UnitOfWork,
    before: ToggleEnvironment,
    specs: Sequence[StrategySpec],
    *,
    allow_unknown: bool,
) -> tuple[ToggleStrategy, ...]:
    """Build the new strategies of a configuration.

    If a new strategy and the old strategy at the same position have the same name, the new strategy
    gets the id of the old strategy.
    """
    replaced: list[ToggleStrategy] = []
    for index, spec in enumerate(specs):
        old = before.strategies[index] if index < len(before.strategies) else None
        same = old if old is not None and old.name == spec.name else None
        built = build_strategy(
            spec,
            id=same.id if same else work.new_id(),
            toggle_id=before.toggle_id,
            environment=before.environment,
            sort_order=index,
            allow_unknown=allow_unknown,
        )
        replaced.append(
            reuse_unchanged(same, built, allow_unknown=allow_unknown) if same else built
        )
    return tuple(replaced)


def renumber(strategies: Sequence[ToggleStrategy]) -> tuple[ToggleStrategy, ...]:
    """Set the sort order of each strategy to its index."""
    return tuple(
        strategy if strategy.sort_order == index else structs.replace(strategy, sort_order=index)
        for index, strategy in enumerate(strategies)
    )


def fields_changed(before: ToggleEnvironment, after: ToggleEnvironment) -> set[str]:
    """Return which of the fields `enabled`, `strategies` and `variants` differ."""
    # Unchanged fields are the same objects, so comparing identities is enough.
    changed: set[str] = set()
    if before.enabled != after.enabled:
        changed.add("enabled")
    if [*map(id, before.strategies)] != [*map(id, after.strategies)]:
        changed.add("strategies")
    if before.variants is not after.variants:
        changed.add("variants")
    return changed


def describe_change(
    toggle: Toggle, after: ToggleEnvironment, fields: set[str]
) -> tuple[EventType, str]:
    """Return the event type and the summary of a change of `fields`."""
    where = f"in {after.environment}"
    if fields == {"enabled"}:
        state = "on" if after.enabled else "off"
        event_type = EventType.TOGGLE_ENABLED if after.enabled else EventType.TOGGLE_DISABLED
        return event_type, f"Switched toggle '{toggle.name}' {state} {where}."
    if fields == {"variants"}:
        return (
            EventType.TOGGLE_VARIANTS_UPDATED,
            f"Changed the variants of toggle '{toggle.name}' {where}.",
        )
    return EventType.TOGGLE_CONFIGURED, f"Configured toggle '{toggle.name}' {where}."


def put_configuration(work: UnitOfWork, toggle: Toggle, configured: ToggleEnvironment) -> Toggle:
    """Store a configuration; set the revision and the time of the configuration and its toggle."""
    stamped = structs.replace(configured, revision=work.revision, updated_at=work.now)
    after = structs.replace(
        toggle,
        environments={**toggle.environments, configured.environment: stamped},
        revision=work.revision,
        updated_at=work.now,
    )
    work.put(after)
    return after


def record_configuration(
    work: UnitOfWork,
    event_type: EventType,
    before: Toggle,
    after: Toggle,
    environment: str,
    summary: str,
) -> None:
    """Record the event of a change in one environment."""
    work.record(
        event_type,
        subject=after,
        before=before,
        after=after,
        environment=environment,
        summary=summary,
    )
