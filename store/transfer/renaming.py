"""Give toggles of a document other names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from store.errors import Problems
from store.operations.names import check_name
from store.operations.strings import display
from store.transfer.unleash.context import TransferWarning

# The keys with names of toggles in the items of each section. The sections are those of the exports
# of Unleash servers, of bodies for SDKs, and of Flagstaff's own document.
_KEYS: Mapping[str, Sequence[str]] = {
    "features": ("name",),
    "toggles": ("name",),
    "featureEnvironments": ("featureName",),
    "featureStrategies": ("featureName",),
    "featureTags": ("featureName",),
    "dependencies": ("feature",),
    "links": ("feature",),
}
_OF_TOGGLES = ("features", "toggles")
_ROLLOUT = "flexibleRollout"
_OPTION = ("--rename",)


def check_renames(value: Any, renames: Mapping[str, str]) -> Sequence[TransferWarning]:
    """Check that the old names exist, and that the new names are allowed and free.

    Return a warning for each renamed toggle.

    Raises: Refusal.
    """
    problems = Problems()
    names = set(_names_of(value))
    taken = names - renames.keys()
    for old, new in renames.items():
        if old not in names:
            problems.invalid(
                f"No toggle of the document is named '{display(old)}'.",
                rule="rename-unknown",
                path=_OPTION,
            )
        if check_name(new, kind="toggle", path=_OPTION, problems=problems) and new in taken:
            problems.invalid(
                f"A toggle of the document is already named '{new}'.",
                rule="rename-unique",
                path=_OPTION,
            )
        taken.add(new)
    problems.raise_any()
    return [
        TransferWarning(
            f"The toggle '{display(old)}' is imported as '{new}'. Applications that ask for the "
            "old name get no toggle, until their code has the new name. Variants of the toggle "
            "itself go to other users.",
            (),
            left_out=False,
        )
        for old, new in renames.items()
    ]


def rename_toggles(value: Any, renames: Mapping[str, str]) -> Any:
    """Return a document, or a body for SDKs, with new names for toggles.

    Rollouts without a group use the name of the toggle as the group. They get the old name as the
    group, so that they reach the same users.
    """
    if not isinstance(value, dict) or not renames:
        return cast("Any", value)
    return {
        section: [_renamed(item, _KEYS[section], renames) for item in cast("list[Any]", items)]
        if section in _KEYS and isinstance(items, list)
        else items
        for section, items in cast("dict[str, Any]", value).items()
    }


def _names_of(value: Any) -> Iterator[str]:
    document = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    for section in _OF_TOGGLES:
        items = document.get(section)
        for item in cast("list[Any]", items) if isinstance(items, list) else ():
            name = cast("dict[str, Any]", item).get("name") if isinstance(item, dict) else None
            if isinstance(name, str):
                yield name


def _renamed(item: Any, keys: Iterable[str], renames: Mapping[str, str]) -> Any:
    """Return an item with the new names, also in its dependencies."""
    if not isinstance(item, dict):
        return item
    entry = dict(cast("dict[str, Any]", item))
    old: str | None = None
    for key in keys:
        name = entry.get(key)
        if isinstance(name, str) and name in renames:
            old, entry[key] = name, renames[name]
    dependencies = entry.get("dependencies")
    if isinstance(dependencies, list):
        entry["dependencies"] = [
            _renamed(each, ("feature", "toggle"), renames)
            for each in cast("list[Any]", dependencies)
        ]
    return entry if old is None else _with_groups(entry, old)


def _with_groups(entry: dict[str, Any], old: str) -> dict[str, Any]:
    """Return an item of a renamed toggle whose rollouts have a group."""
    kind = entry.get("strategyName") or entry.get("name")
    if kind == _ROLLOUT and "featureName" in entry:
        return _with_group(entry, old)
    for key in ("strategies", "environments"):
        items = entry.get(key)
        if isinstance(items, list):
            entry[key] = [
                _with_groups(dict(cast("dict[str, Any]", each)), old)
                if key == "environments" and isinstance(each, dict)
                else _with_group(each, old)
                for each in cast("list[Any]", items)
            ]
    return entry


def _with_group(strategy: Any, old: str) -> Any:
    if not isinstance(strategy, dict):
        return strategy
    entry = cast("dict[str, Any]", strategy)
    given: Any = entry.get("parameters") or {}
    kind = entry.get("strategyName") or entry.get("name")
    parameters = cast("dict[str, Any]", given) if isinstance(given, dict) else None
    if kind != _ROLLOUT or parameters is None or parameters.get("groupId"):
        return entry
    return {**entry, "parameters": {**parameters, "groupId": old}}
