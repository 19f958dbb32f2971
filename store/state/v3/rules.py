"""The rules for what a 3.x document holds, so that all that breaks them is told at once."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import inspect, structs

from store.errors import Path, Problems
from store.operations.activation import check_strategies
from store.operations.names import check_name
from store.operations.text import shown
from store.operations.variants import check_variants
from store.snapshot import Configuration, Snapshot
from store.state.checking import MOST_ERRORS
from store.state.mending import Flaws
from store.state.v3.document import FeatureEntry, ProjectEntry, StrategyEntry, TagTypeEntry

# What strategies are checked against where nobody looks at what is there.
_NOTHING = Snapshot(0, Configuration())


def check_rules(plain: dict[str, Any], path: Path, problems: Problems) -> None:
    """Note what breaks the rules, as far as that does not depend on what is there already.

    `plain` is a document whose conversions are made; what of it is not what it must be is passed
    over, since `problems` tell of it already.
    """
    flaws = Flaws(problems.errors)
    _check_unique(plain, path, problems)
    for section, (kind, check) in _RULES.items():
        for at, item in enumerate(plain.get(section) or ()):
            if len(problems.errors) >= MOST_ERRORS:
                return
            place, found = (*path, section, str(at)), Problems()
            rest = flaws.mended(item, inspect.type_info(kind), place)
            check(msgspec.convert(rest, kind), place, found)
            problems.errors.extend(flaws.apart(found.errors))


def _check_unique(plain: dict[str, Any], path: Path, problems: Problems) -> None:
    """Note names that more than one object of a kind has."""
    for section, key in (
        ("features", "name"),
        ("strategies", "name"),
        ("projects", "id"),
        ("tagTypes", "name"),
    ):
        seen: set[str] = set()
        items: list[dict[str, Any] | None] = plain.get(section) or []
        for at, item in enumerate(items):
            name = item.get(key) if item is not None else None
            if not isinstance(name, str):
                continue
            if name in seen:
                problems.invalid(
                    f"The name '{shown(name)}' is there more than once.",
                    rule="array.unique",
                    path=(*path, section, str(at), key),
                )
            seen.add(name)


def _check_feature(entry: FeatureEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="toggle", path=(*path, "name"), problems=problems)
    check_strategies(
        _NOTHING,
        [structs.replace(it.spec(), segments=()) for it in entry.strategies],
        path=(*path, "strategies"),
        problems=problems,
        allow_unknown=True,
    )
    check_variants(
        entry.variants or (), path=(*path, "variants"), problems=problems, allow_unknown=True
    )


def _check_strategy(entry: StrategyEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="strategy", path=(*path, "name"), problems=problems)


def _check_project(entry: ProjectEntry, path: Path, problems: Problems) -> None:
    check_name(entry.id, kind="project", path=(*path, "id"), problems=problems)


def _check_tag_type(entry: TagTypeEntry, path: Path, problems: Problems) -> None:
    check_name(entry.name, kind="tag type", path=(*path, "name"), problems=problems)


# By the part of the document: what its items are, and the rules for one.
_RULES: Mapping[str, tuple[type[Any], Callable[[Any, Path, Problems], None]]] = {
    "features": (FeatureEntry, _check_feature),
    "strategies": (StrategyEntry, _check_strategy),
    "projects": (ProjectEntry, _check_project),
    "tagTypes": (TagTypeEntry, _check_tag_type),
}
