"""The rules for what a state document holds, so that all errors are noted at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType, inspect

from store.errors import Path, Problems
from store.operations.activation import check_strategies, check_strategy
from store.operations.names import check_name
from store.operations.text import shown
from store.operations.variants import check_variants
from store.snapshot import Configuration, Snapshot
from store.transfer.checking import MOST_ERRORS
from store.transfer.repair import Flaws
from store.transfer.unleash.activation_entries import ConstraintEntry, FeatureStrategyEntry
from store.transfer.unleash.document import (
    FeatureEntry,
    FeatureTagEntry,
    ProjectEntry,
    StrategyEntry,
    TagTypeEntry,
    V3State,
)
from store.transfer.unleash.environment_entries import EnvironmentEntry, FeatureEnvironmentEntry

# What strategies are checked against where nobody looks at what is there.
_NOTHING = Snapshot(0, Configuration())


def check_rules(plain: dict[str, Any], path: Path, problems: Problems) -> None:
    """Note what breaks the rules, as far as that does not depend on what is there already.

    `plain` is a document whose conversions are made; what of it is not what it must be is passed
    over, since `problems` tell of it already.
    """
    flaws = Flaws(problems.errors)
    kind_of_document = V3State(
        version=plain.get("version", UNSET),
        **{field: () if key in plain else UNSET for key, field in _PER_ENVIRONMENT.items()},
    )
    _check_unique(plain, path, problems)
    for section, (kind, check) in _RULES.items():
        wanted = _TYPES[kind]
        for at, item in enumerate(plain.get(section) or ()):
            if len(problems.errors) >= MOST_ERRORS:
                return
            place, found = (*path, section, str(at)), Problems()
            rest = flaws.mended(item, wanted, place)
            check(kind_of_document, msgspec.convert(rest, kind), place, found)
            problems.errors.extend(flaws.apart(found.errors))


def _check_unique(plain: dict[str, Any], path: Path, problems: Problems) -> None:
    """Note names that more than one object of a kind has."""
    for section, key in (
        ("features", "name"),
        ("strategies", "name"),
        ("projects", "id"),
        ("tagTypes", "name"),
        ("environments", "name"),
        ("segments", "name"),
        ("segments", "id"),
        ("featureStrategies", "id"),
    ):
        what = "id" if key == "id" and section != "projects" else "name"
        seen: set[str | int] = set()
        items: list[dict[str, Any] | None] = plain.get(section) or []
        for at, item in enumerate(items):
            name = item.get(key) if item is not None else None
            if not isinstance(name, str | int):
                continue
            if name in seen:
                problems.invalid(
                    f"The {what} '{shown(str(name))}' is there more than once.",
                    rule="array.unique",
                    path=(*path, section, str(at), key),
                )
            seen.add(name)


def _check_feature(state: V3State, entry: FeatureEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="toggle", path=(*path, "name"), problems=problems)
    strategies = (*path, "strategies")
    if state.needs_strategies and not entry.strategies:
        rule, message = _WITHOUT_STRATEGIES[entry.strategies]
        problems.invalid(message, rule=rule, path=strategies)
    for at, strategy in enumerate(entry.strategies or ()):
        _check_constraints(state, strategy.constraints, (*strategies, str(at)), problems)
    check_strategies(
        _NOTHING,
        [it.spec() for it in entry.strategies or ()],
        path=strategies,
        problems=problems,
        allow_unknown=True,
    )
    check_variants(
        entry.variants or (), path=(*path, "variants"), problems=problems, allow_unknown=True
    )


def _check_constraints(
    state: V3State,
    constraints: Sequence[ConstraintEntry] | None | UnsetType,
    path: Path,
    problems: Problems,
) -> None:
    """Note empty lists of values where 3.x allows none: later servers write them beside `value`."""
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
    _: V3State, entry: FeatureStrategyEntry, path: Path, problems: Problems
) -> None:
    found = Problems()
    check_strategy(
        _NOTHING, entry.activation(()).spec(), path=path, problems=found, allow_unknown=True
    )
    for error in found.errors:
        if error.path == (*path, "name"):
            error.path = (*path, "strategyName")
        problems.add(error)


def _check_feature_environment(
    _: V3State, entry: FeatureEnvironmentEntry, path: Path, problems: Problems
) -> None:
    check_variants(
        entry.variants or (), path=(*path, "variants"), problems=problems, allow_unknown=True
    )


def _check_environment(
    state: V3State, entry: EnvironmentEntry, path: Path, problems: Problems
) -> None:
    if not state.is_global(entry.name):
        check_name(entry.name, kind="environment", path=(*path, "name"), problems=problems)


def _check_strategy(_: V3State, entry: StrategyEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="strategy", path=(*path, "name"), problems=problems)


def _check_project(_: V3State, entry: ProjectEntry, path: Path, problems: Problems) -> None:
    check_name(entry.id, kind="project", path=(*path, "id"), problems=problems)


def _check_tag_type(_: V3State, entry: TagTypeEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="tag type", path=(*path, "name"), problems=problems)


def _check_feature_tag(_: V3State, entry: FeatureTagEntry, path: Path, problems: Problems) -> None:
    for key, values in (
        ("tagType", (entry.tag_type, entry.type)),
        ("tagValue", (entry.tag_value, entry.value)),
    ):
        if values == (UNSET, UNSET):
            problems.invalid(f"The key '{key}' is missing.", rule="any.required", path=(*path, key))


# What is wrong with a toggle that has no strategies and must have some.
_WITHOUT_STRATEGIES: Mapping[Any, tuple[str, str]] = {
    UNSET: ("any.required", "The key 'strategies' is missing."),
    None: ("array.base", "The value must be a list, not null."),
    (): ("array.min", "The value must not be empty."),
}
# The parts that hold the configuration of toggles for each environment, and their fields.
_PER_ENVIRONMENT = {
    "featureEnvironments": "feature_environments",
    "featureStrategies": "feature_strategies",
}
# By the part of the document: what its items are, and the rules for one.
_RULES: Mapping[str, tuple[type[Any], Callable[[V3State, Any, Path, Problems], None]]] = {
    "features": (FeatureEntry, _check_feature),
    "strategies": (StrategyEntry, _check_strategy),
    "projects": (ProjectEntry, _check_project),
    "tagTypes": (TagTypeEntry, _check_tag_type),
    "featureTags": (FeatureTagEntry, _check_feature_tag),
    "environments": (EnvironmentEntry, _check_environment),
    "featureStrategies": (FeatureStrategyEntry, _check_feature_strategy),
    "featureEnvironments": (FeatureEnvironmentEntry, _check_feature_environment),
}
# Looked up once: it takes a millisecond, and there are thousands of items.
_TYPES = {kind: inspect.type_info(kind) for kind, _ in _RULES.values()}
