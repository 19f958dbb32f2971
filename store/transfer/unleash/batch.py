"""Convert batch exports of Unleash 6 to 8 to state documents.

`/api/admin/features-batch/export` of these servers writes the toggles of one environment. The
sections of a batch export have the names of a state document's sections, so the paths of errors are
the same in both. A batch export names segments without their constraints, which come from another
document.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from msgspec import Struct

from store.errors import InvalidError, Path, Problems, refuse
from store.operations.strings import display
from store.transfer.unleash.strategy_order import ServedStrategies, order_strategies

# State documents have none of these sections.
_ONLY_IN_BATCHES = frozenset({"contextFields", "dependencies", "links"})
# These sections always exist in a state document that configures toggles per environment.
_SECTIONS = ("contextFields", "featureEnvironments", "featureStrategies", "features")


class ServedContent(Struct, frozen=True):
    """What a batch export omits: the constraints of segments and the order of strategies.

    `segments` has the constraints by the name of the segment.
    """

    segments: Mapping[str, Any] = {}
    strategies: ServedStrategies = {}


class BatchTarget(Struct, frozen=True):
    """The options of the import of a batch export.

    Without an `environment`, the configurations apply to the environment that the export names.
    Without a `project`, toggles keep the project that the export names.
    """

    environment: str | None = None
    project: str | None = None
    served: ServedContent = ServedContent()


class BatchState(Struct, frozen=True):
    """A state document as a JSON value.

    `unordered` has the paths of strategies whose order the export does not show.
    """

    value: dict[str, Any]
    unordered: Sequence[Path]


def is_batch_export(value: Any) -> bool:
    """Whether a JSON value is a batch export."""
    if not isinstance(value, dict) or "version" in value or "format" in value:
        return False
    keys = cast("dict[str, Any]", value).keys()
    return "features" in keys and bool(keys & _ONLY_IN_BATCHES)


def state_of_batch(value: Mapping[str, Any], target: BatchTarget, *, path: Path = ()) -> BatchState:
    """Return the state document with the content of a batch export.

    Items that are not objects are unchanged, so that their errors are found later.

    Raises: Refusal: the export does not name its environment, or names several environments.
    """
    environment = target.environment or _environment_of(value, path)
    state: dict[str, Any] = {section: list[Any]() for section in _SECTIONS}
    state.update(value)
    state["featureEnvironments"] = [
        {**item, "environment": environment} if isinstance(item, dict) else item
        for item in _list(state["featureEnvironments"])
    ]
    strategies = _list(state["featureStrategies"])
    ordered = order_strategies(strategies, target.served.strategies)
    state["featureStrategies"] = [
        _strategy(item, position, environment)
        for item, position in zip(strategies, ordered.positions, strict=True)
    ]
    if target.project is not None:
        state["features"] = [
            {**item, "project": target.project} if isinstance(item, dict) else item
            for item in _list(state["features"])
        ]
    state["segments"] = [
        _with_constraints(item, target.served.segments) for item in _list(value.get("segments"))
    ]
    tags = _tags_of(value)
    state["tags"] = [{"type": type, "value": tag} for type, tag in tags]
    state.setdefault("tagTypes", [])
    unordered = [(*path, "featureStrategies", str(at)) for at in ordered.unknown]
    return BatchState(state, unordered)


def served_content_of(value: Any, *, path: Path) -> ServedContent:
    """Return the constraints of the segments in a document, and the order of its strategies.

    The document is the body that SDKs get, a list of segments of the admin API, or Flagstaff's own
    document. Only the body that SDKs get has the order of strategies.

    Raises: Refusal: the value is none of these.
    """
    items = cast("dict[str, Any]", value).get("segments") if isinstance(value, dict) else value
    if not isinstance(items, list):
        refuse(
            InvalidError(
                "The document has no segments: it must be a list of segments, or have the key "
                "'segments'. Servers of Unleash 4.13 and later send it to SDKs that ask for it "
                "with the header Unleash-Client-Spec: 5.1.9.",
                rule="document-segments",
                path=path,
            )
        )
    problems = Problems()
    found: dict[str, Any] = {}
    for at, item in enumerate(cast("list[Any]", items)):
        entry = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
        name, constraints = entry.get("name"), entry.get("constraints")
        if isinstance(name, str) and isinstance(constraints, list):
            found[name] = constraints
        else:
            problems.invalid(
                "The segment must have a name and a list of constraints.",
                rule="document-segments",
                path=(*path, "segments", str(at)),
            )
    problems.raise_any()
    return ServedContent(found, _served_strategies(value))


def _served_strategies(value: Any) -> ServedStrategies:
    features = cast("dict[str, Any]", value).get("features") if isinstance(value, dict) else None
    entries = [
        cast("dict[str, Any]", feature) for feature in _list(features) if isinstance(feature, dict)
    ]
    return {str(entry.get("name")): _list(entry.get("strategies")) for entry in entries}


def _environment_of(value: Mapping[str, Any], path: Path) -> str:
    items = _list(value.get("featureEnvironments"))
    names = {
        str(cast("dict[str, Any]", item).get("environment"))
        for item in items
        if isinstance(item, dict) and cast("dict[str, Any]", item).get("environment")
    }
    if len(names) != 1:
        found = " and ".join(f"'{display(name)}'" for name in sorted(names))
        refuse(
            InvalidError(
                f"The export names {f'the environments {found}' if names else 'no environment'}; "
                "name the one to import into with the option 'environment'.",
                rule="document-environment",
                path=(*path, "featureEnvironments"),
            )
        )
    return names.pop()


def _strategy(item: Any, position: int, environment: str) -> Any:
    """Return a strategy with the keys of state documents."""
    if not isinstance(item, dict):
        return item
    entry = {**cast("dict[str, Any]", item), "sortOrder": position, "environment": environment}
    if "name" in entry and "strategyName" not in entry:
        entry["strategyName"] = entry.pop("name")
    return entry


def _with_constraints(item: Any, constraints: Mapping[str, Any]) -> Any:
    if not isinstance(item, dict):
        return item
    entry = cast("dict[str, Any]", item)
    name = entry.get("name")
    if "constraints" in entry or not isinstance(name, str) or name not in constraints:
        return entry
    return {**entry, "constraints": constraints[name]}


def _tags_of(value: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return the different tags of all toggles."""
    pairs = (
        (cast("dict[str, Any]", item).get("tagType"), cast("dict[str, Any]", item).get("tagValue"))
        for item in _list(value.get("featureTags"))
        if isinstance(item, dict)
    )
    return list(
        dict.fromkeys(
            (type, tag) for type, tag in pairs if isinstance(type, str) and isinstance(tag, str)
        )
    )


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
