"""Changes that were prepared on one snapshot, and what others committed before they could be."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct, structs

from store.kinds import KINDS, Kind
from store.model import ApiToken, Entity, Environment, Toggle
from store.snapshot import Snapshot

# The mapping of a snapshot and the key there.
ObjectKey: TypeAlias = tuple[str, Any]

_KINDS = tuple(kind for kind in KINDS if kind.model not in (Toggle, ApiToken))
_REVISIONS = frozenset({"revision", "served_revision"})
_TIMES = frozenset("created_at updated_at stale_at archived_at applied_at".split())


def is_disjoint(
    known: Snapshot, newer: Snapshot, touched: Collection[ObjectKey], relied: Collection[str] | None
) -> bool:
    """Whether changes that were prepared on one snapshot would be the same on a newer one.

    `touched` are the objects that they put or remove, `relied` the toggles that they were worked
    out from, None for all. Other toggles may have changed, though not what they depend on.
    """
    if any(_has_moved(kind, known, newer, touched, relied) for kind in _KINDS):
        return False
    removes_environments = any(
        kind == "environments" and key not in known.environments for kind, key in touched
    )
    # API tokens keep environments from being deleted, and matter for nothing else.
    if known.tokens is not newer.tokens and (relied is None or removes_environments):
        return False
    for name in _differing(known.toggles, newer.toggles):
        if relied is None or name in relied or ("toggles", name) in touched:
            return False
        if _dependencies(known.toggles.get(name)) != _dependencies(newer.toggles.get(name)):
            return False
    return True


def _has_moved(
    kind: Kind,
    known: Snapshot,
    newer: Snapshot,
    touched: Collection[ObjectKey],
    relied: Collection[str] | None,
) -> bool:
    index = kind.event_index
    before: Mapping[Any, Any] = getattr(known, index)
    after: Mapping[Any, Any] = getattr(newer, index)
    for key in _differing(before, after):
        old, new = before.get(key), after.get(key)
        if isinstance(old, Environment) and isinstance(new, Environment):
            # What SDKs are served changes with every toggle.
            old = structs.replace(old, served_revision=new.served_revision)
        harmless = old is None and kind.named_by_toggles and relied is not None
        if old != new and not (harmless and (index, key) not in touched):
            return True
    return False


def _differing(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Any]:
    """The keys under which there are not the same objects."""
    if before is after:
        return []
    gone = [key for key in before if key not in after]
    return gone + [key for key, it in after.items() if before.get(key) is not it]


def _dependencies(toggle: Toggle | None) -> Any:
    return () if toggle is None else toggle.dependencies


def restamp(
    subjects: Iterable[Any], revisions: tuple[int, int], times: tuple[datetime, datetime]
) -> None:
    """Exchange the revision and the time of objects, each given as the old and the new one.

    The objects themselves change, so nobody else may know them yet; those of another revision,
    which others do know, are left alone.
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
    """Exchange the revision and the time of one object that nobody else knows yet."""
    for name in subject.__struct_fields__:
        if name in _REVISIONS and getattr(subject, name) == revisions[0]:
            structs.force_setattr(subject, name, revisions[1])
        elif name in _TIMES and getattr(subject, name) == times[0]:
            structs.force_setattr(subject, name, times[1])
