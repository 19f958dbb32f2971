"""Validate and convert the configurations of the toggles in a document."""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType, structs

from store.errors import Problems
from store.model import Toggle, ToggleEnvironment
from store.operations.activation import check_strategies
from store.operations.existing import check_known, not_found
from store.operations.inputs import StrategySpec
from store.operations.strings import display
from store.operations.toggle_configuration import fields_changed, replace_strategies
from store.operations.variants import check_variants, reuse_unchanged_variants
from store.transfer.context import ImportContext, ImportMode
from store.transfer.document import ActivationEntry, ConfigurationEntry, ToggleEntry
from store.values import Variant


def check_configurations(
    context: ImportContext, entry: ToggleEntry, segments: Mapping[str, int], problems: Problems
) -> None:
    """Report invalid configurations of a toggle.

    Paths of errors begin at the toggle's entry.
    """
    seen: set[str] = set()
    for at, configuration in enumerate(entry.environments or ()):
        path = ("environments", str(at))
        name = _environment_of(context, configuration)
        if name in seen:
            problems.invalid(
                f"The toggle has more than one configuration in the environment '{display(name)}'.",
                rule="environments-unique",
                path=path,
            )
        elif configuration.environment is not UNSET:
            check_known(
                context.work.snapshot.environments,
                name,
                kind="environment",
                path=(*path, "environment"),
                problems=problems,
            )
        seen.add(name)
        strategies = configuration.strategies or ()
        for number, strategy in enumerate(strategies):
            for position, segment in enumerate(strategy.segments):
                if segment not in segments:
                    steps = ("strategies", str(number), "segments", str(position))
                    problems.add(not_found("segment", segment, path=(*path, *steps)))
        check_strategies(
            context.work.snapshot,
            [_spec(strategy, segments) for strategy in strategies],
            path=(*path, "strategies"),
            problems=problems,
            allow_unknown=True,
        )
        check_variants(
            configuration.variants or (),
            path=(*path, "variants"),
            problems=problems,
            allow_unknown=True,
        )


def build_configurations(
    context: ImportContext, entry: ToggleEntry, toggle: Toggle, segments: Mapping[str, int]
) -> dict[str, ToggleEnvironment]:
    """Return the configurations of the toggle after the import.

    Unchanged configurations remain the same objects. If an existing toggle has no configuration in
    an environment, the import creates the configuration only if its settings differ from the
    defaults.
    """
    if entry.environments is UNSET and context.mode is not ImportMode.REPLACE_ALL:
        return toggle.environments
    created = toggle.name not in context.work.snapshot.toggles
    built: dict[str, ToggleEnvironment] = {}
    for configuration in entry.environments or ():
        name = _environment_of(context, configuration)
        before = toggle.in_environment(name)
        after = _configured(context, configuration, before, segments)
        if created or name in toggle.environments or fields_changed(before, after):
            built[name] = after
    if context.mode is ImportMode.REPLACE_ALL:
        return built
    return {**toggle.environments, **built}


def _environment_of(context: ImportContext, entry: ConfigurationEntry) -> str:
    return context.environment if entry.environment is UNSET else entry.environment


def _configured(
    context: ImportContext,
    entry: ConfigurationEntry,
    before: ToggleEnvironment,
    segments: Mapping[str, int],
) -> ToggleEnvironment:
    work = context.work
    after = before
    if context.mode is ImportMode.REPLACE_ALL:
        after = structs.replace(before, enabled=False, strategies=(), variants=_never_set(before))
    if entry.enabled is not UNSET:
        after = structs.replace(after, enabled=entry.enabled)
    if entry.strategies is not UNSET:
        specs = [_spec(strategy, segments) for strategy in entry.strategies]
        replaced = replace_strategies(work, before, specs, allow_unknown=True)
        after = structs.replace(after, strategies=replaced)
    if entry.variants is None:
        after = structs.replace(after, variants=_never_set(before))
    elif entry.variants is not UNSET:
        reused = reuse_unchanged_variants(before.variants, entry.variants, allow_unknown=True)
        after = structs.replace(after, variants=reused)
    if before.revision and not fields_changed(before, after):
        return before
    return structs.replace(after, revision=work.revision, updated_at=work.now)


def _never_set(before: ToggleEnvironment) -> tuple[Variant, ...] | None | UnsetType:
    return UNSET if isinstance(before.variants, tuple) else before.variants


def _spec(entry: ActivationEntry, segments: Mapping[str, int]) -> StrategySpec:
    """Return the strategy as an input of operations, without unknown and refused segments."""
    return StrategySpec(
        name=entry.name,
        title=entry.title,
        disabled=entry.disabled,
        parameters=entry.parameters,
        constraints=entry.constraints,
        segments=tuple(segments[name] for name in entry.segments if segments.get(name)),
        variants=entry.variants,
    )
