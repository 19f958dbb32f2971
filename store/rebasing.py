"""Rebase changes that were prepared on one snapshot onto a newer snapshot."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Set
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct, structs

from store.kinds import KINDS, Kind
from store.model import ApiToken, Entity, Environment, Toggle, Webhook
from store.snapshot import Snapshot

# The name of a snapshot's mapping, and a key in the mapping.
ObjectKey: TypeAlias = tuple[str, Any]

_KINDS = tuple(kind for kind in KINDS if kind.model not in (Toggle, ApiToken, Webhook))
_BOUND_BY_TOKENS = ("environments", "projects")
_REVISIONS = frozenset({"revision", "served_revision"})
_TIMES = frozenset("created_at updated_at stale_at archived_at applied_at".split())


class EveryName:
    """The names of all toggles, including future ones."""

    def __contains__(self, name: object) -> bool:
        return True


class Prepared(Struct, frozen=True):
    """Changes that were prepared on the snapshot `known`, with their effects and dependencies.

    `draft` is the configuration after the changes. `touched` are the objects that the changes put
    or remove. `relied` are the names of the toggles on which the changes depend. If `relied` is
    None, the changes depend on all toggles, on the use of other objects by toggles, and on API
    tokens.
    """

    known: Snapshot
    draft: Snapshot
    touched: Collection[ObjectKey]
    relied: Container[str] | None

    def removed(self, index: str) -> set[Any]:
        """Return the keys of the objects of a mapping that the changes remove."""
        left: Mapping[Any, Any] = getattr(self.draft, index)
        return {key for name, key in self.touched if name == index and key not in left}


class Conflict(Struct, frozen=True):
    """The prepared changes that might have another result on a newer snapshot.

    `toggles` are the names of toggles. If `reference_data` is true, all changes of objects other
    than toggles are included.
    """

    toggles: Set[str] = frozenset()
    reference_data: bool = False

    def __bool__(self) -> bool:
        return self.reference_data or bool(self.toggles)


NO_CONFLICT = Conflict()


def find_conflict(prepared: Prepared, newer: Snapshot) -> Conflict:
    """Return the prepared changes that might have another result on a newer snapshot.

    The result includes the changes of toggles that other units of work changed. It also includes
    the changes of toggles that dependencies connect with those toggles. If other units changed
    reference data, all changes of reference data are included.
    """
    known, touched, relied = prepared.known, prepared.touched, prepared.relied
    has_moved = any(_has_moved(kind, known, newer, touched, relied) for kind in _KINDS)
    # API tokens matter only because they prevent the deletion of environments and projects.
    if known.tokens is not newer.tokens and (
        relied is None or any(map(prepared.removed, _BOUND_BY_TOKENS))
    ):
        has_moved = True
    return Conflict(_stale_toggles(prepared, newer), has_moved)


def toggles_without_references(
    toggles: Iterable[Toggle], before: Snapshot, after: Snapshot
) -> set[str]:
    """Return the toggles that refer to an object of `before` that `after` does not have.

    The function also treats a segment as missing if the segment has another name in `after`.
    """
    environments = before.environments.keys() - after.environments.keys()
    tag_types = before.tag_types.keys() - after.tag_types.keys()
    names = {key: segment.name for key, segment in after.segments.items()}
    segments = {key for key, segment in before.segments.items() if names.get(key) != segment.name}
    if not (environments or tag_types or segments):
        return set()
    return {
        toggle.name
        for toggle in toggles
        if not environments.isdisjoint(toggle.environments)
        or any(tag.type in tag_types for tag in toggle.tags)
        or any(
            not segments.isdisjoint(strategy.segments)
            for configured in toggle.environments.values()
            for strategy in configured.strategies
        )
    }


def _stale_toggles(prepared: Prepared, newer: Snapshot) -> Set[str]:
    known, touched, relied = prepared.known, prepared.touched, prepared.relied
    differing = {
        name
        for name in _differing(known.toggles, newer.toggles)
        if relied is None
        or name in relied
        or ("toggles", name) in touched
        or _dependencies(known.toggles.get(name)) != _dependencies(newer.toggles.get(name))
    }
    return _connected(differing, (known, prepared.draft, newer)) if differing else differing


def _has_moved(
    kind: Kind,
    known: Snapshot,
    newer: Snapshot,
    touched: Collection[ObjectKey],
    relied: Container[str] | None,
) -> bool:
    index = kind.event_index
    before: Mapping[Any, Any] = getattr(known, index)
    after: Mapping[Any, Any] = getattr(newer, index)
    for key in _differing(before, after):
        old, new = before.get(key), after.get(key)
        if isinstance(old, Environment) and isinstance(new, Environment):
            # Ignore the served revision, which changes with every toggle.
            old = structs.replace(old, served_revision=new.served_revision)
        harmless = old is None and kind.named_by_toggles and relied is not None
        if old != new and not (harmless and (index, key) not in touched):
            return True
    return False


def _connected(names: Collection[str], snapshots: Iterable[Snapshot]) -> set[str]:
    """Return the given toggles, and all toggles that dependencies connect to them in a snapshot."""
    neighbors: dict[str, set[str]] = defaultdict(set)
    for snapshot in snapshots:
        for name, dependents in snapshot.all_dependents.items():
            for toggle in dependents:
                neighbors[toggle.name].add(name)
                neighbors[name].add(toggle.name)
    found, left = set(names), list(names)
    while left:
        new = neighbors.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def _differing(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Any]:
    """Return the keys whose objects in two mappings are not identical."""
    if before is after:
        return []
    removed = [key for key in before if key not in after]
    return removed + [key for key, value in after.items() if before.get(key) is not value]


def _dependencies(toggle: Toggle | None) -> Any:
    return () if toggle is None else toggle.dependencies


def restamp(
    subjects: Iterable[Any], revisions: tuple[int, int], times: tuple[datetime, datetime]
) -> None:
    """Replace the revision and the time of objects; the arguments are pairs of old and new values.

    The function mutates the objects, so they must not be published yet. Published objects are
    unchanged, because they have another revision.
    """
    for subject in subjects:
        if not isinstance(subject, Entity) or subject.revision != revisions[0]:
            continue
        restamp_fields(subject, revisions, times)
        if isinstance(subject, Toggle):
            restamp(subject.environments.values(), revisions, times)


def restamp_fields(
    subject: Struct, revisions: tuple[int, int], times: tuple[datetime, datetime]
) -> None:
    """Replace the revision and the time of one object that is not published yet."""
    for name in subject.__struct_fields__:
        if name in _REVISIONS and getattr(subject, name) == revisions[0]:
            structs.force_setattr(subject, name, revisions[1])
        elif name in _TIMES and getattr(subject, name) == times[0]:
            structs.force_setattr(subject, name, times[1])
