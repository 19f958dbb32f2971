"""Validate activation strategies and build their stored form."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType, structs

from store.constraints.checking import check_constraint, normalise_constraint, plain_constraint
from store.errors import Path, Problems
from store.model import ToggleStrategy
from store.operations.existing import check_known
from store.operations.inputs import StrategySpec
from store.operations.limits import MAX_TITLE_LENGTH, check_count
from store.operations.names import check_name
from store.operations.parameters import check_json, check_parameters
from store.operations.strings import check_line
from store.operations.variants import check_variants, displayed_variants, plain_variants
from store.snapshot import Snapshot
from store.values import Constraint


def check_strategies(
    snapshot: Snapshot,
    specs: Sequence[StrategySpec],
    *,
    path: Path,
    problems: Problems,
    allow_unknown: bool,
) -> None:
    """Check all strategies of one environment."""
    check_count(specs, what="strategies", path=path, problems=problems)
    for index, spec in enumerate(specs):
        check_strategy(
            snapshot, spec, path=(*path, str(index)), problems=problems, allow_unknown=allow_unknown
        )


def check_strategy(
    snapshot: Snapshot,
    spec: StrategySpec,
    *,
    path: Path,
    problems: Problems,
    allow_unknown: bool,
) -> None:
    """Check a strategy to add to a toggle.

    If `allow_unknown` is false, the definition of the strategy must exist.
    """
    if allow_unknown:
        check_name(spec.name, kind="strategy", path=(*path, "name"), problems=problems)
    else:
        check_known(
            snapshot.strategies, spec.name, kind="strategy", path=(*path, "name"), problems=problems
        )
    check_settings(snapshot, spec, path=path, problems=problems, allow_unknown=allow_unknown)


def check_settings(
    snapshot: Snapshot,
    spec: StrategySpec,
    *,
    path: Path,
    problems: Problems,
    allow_unknown: bool,
) -> None:
    """Check everything about a strategy except its name."""
    check_line(
        spec.title,
        what="The title",
        path=(*path, "title"),
        problems=problems,
        max_length=MAX_TITLE_LENGTH,
    )
    if allow_unknown:
        check_json(spec.parameters or {}, path=(*path, "parameters"), problems=problems)
    else:
        check_parameters(
            spec.parameters or {},
            snapshot.strategies.get(spec.name),
            path=(*path, "parameters"),
            problems=problems,
        )
    constraints = spec.constraints or ()
    check_count(constraints, what="constraints", path=(*path, "constraints"), problems=problems)
    for index, constraint in enumerate(constraints):
        check_constraint(
            constraint,
            path=(*path, "constraints", str(index)),
            problems=problems,
            allow_unknown=allow_unknown,
        )
    check_count(spec.segments, what="segments", path=(*path, "segments"), problems=problems)
    for index, segment in enumerate(spec.segments):
        check_known(
            snapshot.segments,
            segment,
            kind="segment",
            path=(*path, "segments", str(index)),
            problems=problems,
        )
    check_variants(
        spec.variants or (),
        path=(*path, "variants"),
        problems=problems,
        allow_unknown=allow_unknown,
    )


def build_strategy(
    spec: StrategySpec,
    *,
    id: str,
    toggle_id: str,
    environment: str,
    sort_order: int,
    allow_unknown: bool,
) -> ToggleStrategy:
    """Build the strategy to store.

    If `allow_unknown` is false, values that equal defaults are omitted.
    """
    built = ToggleStrategy(
        id=id,
        toggle_id=toggle_id,
        environment=environment,
        name=spec.name,
        title=spec.title,
        disabled=spec.disabled,
        sort_order=sort_order,
        parameters=spec.parameters,
        constraints=_normalise_constraints(spec),
        segments=tuple(dict.fromkeys(spec.segments)),
        variants=spec.variants,
    )
    return built if allow_unknown else _without_defaults(built)


def reuse_unchanged(
    old: ToggleStrategy, new: ToggleStrategy, *, allow_unknown: bool
) -> ToggleStrategy:
    """Return `old` if it equals `new`, otherwise `new`.

    With `allow_unknown`, the function compares the JSON of the strategies. Otherwise, it compares
    the values that GraphQL displays.
    """
    if allow_unknown:
        same = msgspec.json.encode(old) == msgspec.json.encode(new)
    else:
        same = _as_displayed(old) == _as_displayed(new)
    return old if same else new


def _normalise_constraints(spec: StrategySpec) -> tuple[Constraint, ...] | None | UnsetType:
    if not spec.constraints:
        return spec.constraints
    return tuple(map(normalise_constraint, spec.constraints))


def _as_displayed(strategy: ToggleStrategy) -> ToggleStrategy:
    variants = displayed_variants(strategy.variants)
    return structs.replace(_without_defaults(strategy), variants=variants)


def _without_defaults(strategy: ToggleStrategy) -> ToggleStrategy:
    return structs.replace(
        strategy,
        parameters=strategy.parameters or UNSET,
        constraints=tuple(map(plain_constraint, strategy.constraints or ())) or UNSET,
        variants=plain_variants(strategy.variants),
    )
