"""Rebase changes that were prepared on one snapshot onto a newer one."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct, structs

from store.kinds import KINDS, Kind
from store.model import ApiToken, Entity, Environment, Toggle
from store.snapshot import Snapshot

# The name of one of the mappings of a snapshot, and a key in that mapping.
ObjectKey: TypeAlias = tuple[str, Any]

_KINDS = tuple(kind for kind in KINDS if kind.model not in (Toggle, ApiToken))
_BOUND_BY_TOKENS = ("environments", "projects")
_REVISIONS = frozenset({"revision", "served_revision"})
_TIMES = frozenset("created_at updated_at stale_at archived_at applied_at".split())


class EveryName:
    """The names of all toggles, including future ones."""

    def __contains__(self, name: object) -> bool:
        return True


class Prepared(Struct, frozen=True):
    """The effects and the dependencies of changes that were prepared on the snapshot `known`.

    `draft` is the configuration after the changes. `touched` are the objects that the changes put
    or remove. `relied` are the names of the toggles on which the changes depend. None means that
    they depend on all toggles, on the toggles' use of other objects, and on API tokens.
    """

    known: Snapshot
    draft: Snapshot
    touched: Collection[ObjectKey]
    relied: Container[str] | None

    def removed(self, index: str) -> set[Any]:
        """Return the keys of the objects of a mapping that the changes remove."""
        left: Mapping[Any, Any] = getattr(self.draft, index)
        return {key for name, key in self.touched if name == index and key not in left}


def stale_toggles(prepared: Prepared, newer: Snapshot) -> set[str] | None:
    """Return the toggles for which prepared changes would be different on a newer snapshot.

    These are the toggles that other units of work changed, and the toggles that dependencies
    connect with them. Return None if changes of other objects would be different, too.
    """
    known, touched, relied = prepared.known, prepared.touched, prepared.relied
    if any(_has_moved(kind, known, newer, touched, relied) for kind in _KINDS):
        return None
    # API tokens matter only because they prevent the deletion of environments and projects.
    if known.tokens is not newer.tokens and (
        relied is None or any(map(prepared.removed, _BOUND_BY_TOKENS))
    ):
        return None
    differing = {
        name
        for name in _differing(known.toggles, newer.toggles)
        if relied is None
        or name in relied
        or ("toggles", name) in touched
        or _dependencies(known.toggles.get(name)) != _dependencies(newer.toggles.get(name))
    }
    if not differing:
        return set()
    return _connected(differing, (known, prepared.draft, newer))


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
            # The served revision changes with every toggle.
            old = structs.replace(old, served_revision=new.served_revision)
        harmless = old is None and kind.named_by_toggles and relied is not None
        if old != new and not (harmless and (index, key) not in touched):
            return True
    return False


def _connected(names: Collection[str], snapshots: Iterable[Snapshot]) -> set[str]:
    """Return toggles, and all toggles connected to them by dependencies in any snapshot."""
    neighbors: dict[str, set[str]] = defaultdict(set)
    for snapshot in snapshots:
        for toggle in snapshot.depending_toggles:
            for dependency in toggle.dependencies:
                neighbors[toggle.name].add(dependency.toggle)
                neighbors[dependency.toggle].add(toggle.name)
    found, left = set(names), list(names)
    while left:
        new = neighbors.get(left.pop(), set()) - found
        found |= new
        left += new
    return found


def _differing(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Any]:
    """Return the keys whose objects are not identical."""
    if before is after:
        return []
    removed = [key for key in before if key not in after]
    return removed + [key for key, value in after.items() if before.get(key) is not value]


def _dependencies(toggle: Toggle | None) -> Any:
    return () if toggle is None else toggle.dependencies


def restamp(
    subjects: Iterable[Any], revisions: tuple[int, int], times: tuple[datetime, datetime]
) -> None:
    """Replace the revision and the time of objects; both are given as pairs of old and new.

    The function mutates the objects, so they must not be published yet. Published objects, which
    have another revision, are left alone.
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
