"""Activation strategies: the rules for them, and building what is stored."""

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
from store.operations.text import check_line
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
    """Note what is wrong with all strategies of one environment."""
    check_count(specs, what="strategies", path=path, problems=problems)
    for at, spec in enumerate(specs):
        check_strategy(
            snapshot, spec, path=(*path, str(at)), problems=problems, allow_unknown=allow_unknown
        )


def check_strategy(
    snapshot: Snapshot,
    spec: StrategySpec,
    *,
    path: Path,
    problems: Problems,
    allow_unknown: bool,
) -> None:
    """Note what is wrong with a strategy to be put on a toggle."""
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
    """Note what is wrong with a strategy, whether or not its name is known."""
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
    for at, constraint in enumerate(constraints):
        check_constraint(
            constraint,
            path=(*path, "constraints", str(at)),
            problems=problems,
            allow_unknown=allow_unknown,
        )
    check_count(spec.segments, what="segments", path=(*path, "segments"), problems=problems)
    for at, segment in enumerate(spec.segments):
        check_known(
            snapshot.segments,
            segment,
            kind="segment",
            path=(*path, "segments", str(at)),
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
    """What is stored of a strategy: what was sent, less (if not `allow_unknown`) mere defaults."""
    built = ToggleStrategy(
        id=id,
        toggle_id=toggle_id,
        environment=environment,
        name=spec.name,
        title=spec.title,
        disabled=spec.disabled,
        sort_order=sort_order,
        parameters=spec.parameters,
        constraints=_each_normalised(spec),
        segments=tuple(dict.fromkeys(spec.segments)),
        variants=spec.variants,
    )
    return built if allow_unknown else _plain(built)


def reuse_unchanged(
    old: ToggleStrategy, new: ToggleStrategy, *, allow_unknown: bool
) -> ToggleStrategy:
    """`old` if `new` says the same: to the letter with `allow_unknown`, else in GraphQL's eyes."""
    if allow_unknown:
        same = msgspec.json.encode(old) == msgspec.json.encode(new)
    else:
        same = _seen(old) == _seen(new)
    return old if same else new


def _each_normalised(spec: StrategySpec) -> tuple[Constraint, ...] | None | UnsetType:
    if not spec.constraints:
        return spec.constraints
    return tuple(map(normalise_constraint, spec.constraints))


def _seen(strategy: ToggleStrategy) -> ToggleStrategy:
    return structs.replace(_plain(strategy), variants=displayed_variants(strategy.variants))


def _plain(strategy: ToggleStrategy) -> ToggleStrategy:
    return structs.replace(
        strategy,
        parameters=strategy.parameters or UNSET,
        constraints=tuple(map(plain_constraint, strategy.constraints or ())) or UNSET,
        variants=plain_variants(strategy.variants),
    )
