"""Copy a toggle's configuration from one environment to another."""

from msgspec import structs

from store.errors import Problems
from store.events import EventType
from store.model import Toggle, ToggleEnvironment
from store.operations.existing import check_known, check_revision, find, find_live_toggle
from store.operations.inputs import StrategySpec
from store.operations.toggle_configuration import (
    fields_changed,
    put_configuration,
    record_configuration,
    replace_strategies,
)
from store.unit_of_work import UnitOfWork


async def copy_configuration(
    work: UnitOfWork,
    name: str,
    *,
    source: str,
    target: str,
    to_toggle: str | None = None,
    enabled: bool = False,
    expected_revision: int | None = None,
) -> Toggle:
    """Copy strategies and variants from environment `source` to `target`.

    `to_toggle` names the toggle that gets the configuration. By default, the configuration is
    copied within one toggle. Return the changed toggle. With `enabled`, also copy whether the
    toggle is on. Copied strategies get new ids. An archived toggle can be the source but not the
    target.

    Raises: Refusal.
    """
    if to_toggle is None:
        origin = destination = find_live_toggle(work, name)
    else:
        origin = find(work.snapshot.toggles, name, kind="toggle")
        destination = find_live_toggle(work, to_toggle, path=("toToggle",))
    before = destination.in_environment(target)
    problems = Problems()
    for field, environment in (("from", source), ("to", target)):
        check_known(
            work.snapshot.environments,
            environment,
            kind="environment",
            path=(field,),
            problems=problems,
        )
    if destination is origin and source == target:
        problems.invalid(
            "A configuration cannot be copied onto itself.",
            rule="copy-target",
            path=("to",),
        )
    check_revision(work, before, expected_revision, problems=problems)
    problems.raise_any()

    copied = copy_of(work, origin.in_environment(source), before)
    after = copied if enabled else structs.replace(copied, enabled=before.enabled)
    if not fields_changed(before, after):
        return destination
    changed = put_configuration(work, destination, after)
    toggles = f"toggle '{name}'" if origin is destination else f"'{name}' to toggle '{to_toggle}'"
    record_configuration(
        work,
        EventType.TOGGLE_CONFIGURED,
        destination,
        changed,
        target,
        f"Copied the configuration of {toggles} from {source} to {target}.",
    )
    return changed


def copy_of(
    work: UnitOfWork, source: ToggleEnvironment, target: ToggleEnvironment
) -> ToggleEnvironment:
    """Return the configuration `target` with the settings of the configuration `source`.

    If a strategy of the source and the target's strategy at the same position have the same name,
    the copy keeps the id of the target's strategy.
    """
    specs = specs_of(source)
    return structs.replace(
        target,
        enabled=source.enabled,
        strategies=replace_strategies(work, target, specs, allow_unknown=True),
        variants=target.variants if target.variants == source.variants else source.variants,
    )


def specs_of(configured: ToggleEnvironment) -> list[StrategySpec]:
    """Return the strategies of a configuration as inputs of operations."""
    return [
        StrategySpec(
            name=strategy.name,
            title=strategy.title,
            disabled=strategy.disabled,
            parameters=strategy.parameters,
            constraints=strategy.constraints,
            segments=strategy.segments,
            variants=strategy.variants,
        )
        for strategy in configured.strategies
    ]
