"""Check state documents with the rules that do not depend on existing objects."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec
from msgspec import UNSET, UnsetType, inspect

from store.errors import Path, Problems
from store.operations.activation import check_strategies, check_strategy
from store.operations.messages import duplicate, missing_key
from store.operations.names import check_name
from store.operations.variants import check_variants
from store.snapshot import Configuration, Snapshot
from store.transfer.checking import MAX_ERRORS
from store.transfer.repair import Repair
from store.transfer.unleash.activation_entries import ConstraintEntry, FeatureStrategyEntry
from store.transfer.unleash.document import (
    FeatureEntry,
    FeatureTagEntry,
    ProjectEntry,
    StrategyEntry,
    TagTypeEntry,
    UnleashState,
)
from store.transfer.unleash.environment_entries import (
    EnvironmentEntry,
    FeatureEnvironmentEntry,
    SegmentEntry,
)

# Strategies are checked with this empty snapshot, so that existing objects do not matter.
_NOTHING = Snapshot(0, Configuration())


def check_rules(plain: dict[str, Any], path: Path, problems: Problems) -> None:
    """Report violations of the rules that do not depend on existing objects.

    `plain` is a document with converted values, in which valid items of sections are entries. The
    function skips values with errors in `problems`.
    """
    repair = Repair(problems.errors)
    kind_of_document = UnleashState(
        version=plain.get("version", UNSET),
        context_fields=() if "contextFields" in plain else UNSET,
        **{field: () if key in plain else UNSET for key, field in _PER_ENVIRONMENT.items()},
    )
    _check_unique(plain, path, problems)
    for section, (kind, check) in _RULES.items():
        expected = _TYPES[kind]
        for at, item in enumerate(plain.get(section) or ()):
            if len(problems.errors) >= MAX_ERRORS:
                return
            item_path, found = (*path, section, str(at)), Problems()
            entry = item
            if not isinstance(item, kind):
                entry = msgspec.convert(repair.repaired(item, expected, item_path), kind)
            check(kind_of_document, entry, item_path, found)
            problems.errors.extend(repair.unrelated(found.errors))


def _check_unique(plain: dict[str, Any], path: Path, problems: Problems) -> None:
    """Report duplicate names of objects of the same kind."""
    for section, key in (
        ("features", "name"),
        ("strategies", "name"),
        ("projects", "id"),
        ("tagTypes", "name"),
        ("environments", "name"),
        ("segments", "name"),
        ("segments", "id"),
        ("featureStrategies", "id"),
        ("contextFields", "name"),
        ("dependencies", "feature"),
    ):
        what = key if section != "projects" else "name"
        seen: set[str | int] = set()
        items: Sequence[Any] = plain.get(section) or ()
        for at, item in enumerate(items):
            if isinstance(item, dict):
                name = cast("dict[str, Any]", item).get(key)
            else:
                name = getattr(item, key, None)
            if not isinstance(name, str | int):
                continue
            if name in seen:
                problems.invalid(
                    duplicate(what, str(name)),
                    rule="array.unique",
                    path=(*path, section, str(at), key),
                )
            seen.add(name)


def _check_feature(
    state: UnleashState, entry: FeatureEntry, path: Path, problems: Problems
) -> None:
    check_name(entry.name, kind="toggle", path=(*path, "name"), problems=problems)
    strategies = (*path, "strategies")
    if state.needs_strategies and not entry.strategies:
        rule, message = _WITHOUT_STRATEGIES[entry.strategies]
        problems.invalid(message, rule=rule, path=strategies)
    for at, strategy in enumerate(entry.strategies or ()):
        _check_constraints(state, strategy.constraints, (*strategies, str(at)), problems)
    check_strategies(
        _NOTHING,
        [strategy.spec() for strategy in entry.strategies or ()],
        path=strategies,
        problems=problems,
        allow_unknown=True,
    )
    check_variants(
        entry.variants or (), path=(*path, "variants"), problems=problems, allow_unknown=True
    )


def _check_constraints(
    state: UnleashState,
    constraints: Sequence[ConstraintEntry] | None | UnsetType,
    path: Path,
    problems: Problems,
) -> None:
    """Report constraints without a `value` whose list of values is empty.

    3.x refuses an empty list.
    """
    if not state.needs_strategies:
        return
    for at, constraint in enumerate(constraints or ()):
        if constraint.values == () and not isinstance(constraint.value, str):
            problems.invalid(
                "The value must not be empty.",
                rule="array.min",
                path=(*path, "constraints", str(at), "values"),
            )


def _check_feature_strategy(
    state: UnleashState, entry: FeatureStrategyEntry, path: Path, problems: Problems
) -> None:
    found = Problems()
    check_strategy(
        _NOTHING, entry.activation(()).spec(), path=path, problems=found, allow_unknown=True
    )
    for error in found.errors:
        if error.path == (*path, "name"):
            error.path = (*path, "name" if state.is_batch else "strategyName")
        problems.add(error)


def _check_feature_environment(
    _: UnleashState, entry: FeatureEnvironmentEntry, path: Path, problems: Problems
) -> None:
    check_variants(
        entry.variants or (), path=(*path, "variants"), problems=problems, allow_unknown=True
    )


def _check_environment(
    state: UnleashState, entry: EnvironmentEntry, path: Path, problems: Problems
) -> None:
    if not state.is_global(entry.name):
        check_name(entry.name, kind="environment", path=(*path, "name"), problems=problems)


def _check_segment(
    state: UnleashState, entry: SegmentEntry, path: Path, problems: Problems
) -> None:
    if entry.constraints is UNSET and not state.is_batch:
        message = missing_key("constraints")
        problems.invalid(message, rule="any.required", path=(*path, "constraints"))


def _check_strategy(_: UnleashState, entry: StrategyEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="strategy", path=(*path, "name"), problems=problems)


def _check_project(_: UnleashState, entry: ProjectEntry, path: Path, problems: Problems) -> None:
    check_name(entry.id, kind="project", path=(*path, "id"), problems=problems)


def _check_tag_type(_: UnleashState, entry: TagTypeEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="tag type", path=(*path, "name"), problems=problems)


def _check_feature_tag(
    _: UnleashState, entry: FeatureTagEntry, path: Path, problems: Problems
) -> None:
    for key, values in (
        ("tagType", (entry.tag_type, entry.type)),
        ("tagValue", (entry.tag_value, entry.value)),
    ):
        if values == (UNSET, UNSET):
            problems.invalid(missing_key(key), rule="any.required", path=(*path, key))


# If a toggle lacks required strategies, the sent value of `strategies` determines the rule and the
# message of the error.
_WITHOUT_STRATEGIES: Mapping[Any, tuple[str, str]] = {
    UNSET: ("any.required", missing_key("strategies")),
    None: ("array.base", "The value must be a list, not null."),
    (): ("array.min", "The value must not be empty."),
}
# These sections contain the configurations of toggles per environment. The values are the fields of
# `UnleashState`.
_PER_ENVIRONMENT = {
    "featureEnvironments": "feature_environments",
    "featureStrategies": "feature_strategies",
}
# For each section of the document, this mapping contains the type of items and the function that
# checks the rules.
_RULES: Mapping[str, tuple[type[Any], Callable[[UnleashState, Any, Path, Problems], None]]] = {
    "features": (FeatureEntry, _check_feature),
    "strategies": (StrategyEntry, _check_strategy),
    "projects": (ProjectEntry, _check_project),
    "tagTypes": (TagTypeEntry, _check_tag_type),
    "featureTags": (FeatureTagEntry, _check_feature_tag),
    "environments": (EnvironmentEntry, _check_environment),
    "segments": (SegmentEntry, _check_segment),
    "featureStrategies": (FeatureStrategyEntry, _check_feature_strategy),
    "featureEnvironments": (FeatureEnvironmentEntry, _check_feature_environment),
}
# The types are cached, because a lookup takes a millisecond, and documents have thousands of items.
_TYPES = {kind: inspect.type_info(kind) for kind, _ in _RULES.values()}
