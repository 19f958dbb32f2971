"""Assemble the toggles of a scope from an earlier assembly and from changed objects.

A body consists of runs of consecutive toggles. Only the names of the toggles determine where a run
ends. Therefore an assembly with replaced toggles has the same runs as a new assembly of all
toggles.
"""

from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence, Set
from operator import attrgetter

from msgspec import Struct

from rest_compat.sdk.feature_bodies import Encoded, encode_toggle
from rest_compat.sdk.scopes import PayloadScope
from rest_compat.sdk.shards import Shard, Shards
from store import Snapshot
from store.model import Segment, Toggle
from store.recent_changes import ChangedObjects

# The maximum number of toggles in a run.
MAX_RUN_LENGTH = 256
# One step encodes this many toggles. Encoding a toggle takes about 20 µs.
ENCODED_PER_STEP = 250
# One step builds this many runs. Building a run takes at most 100 µs.
RUNS_PER_STEP = 50

_last_name = attrgetter("last_name")


class Run(Struct, frozen=True, eq=False):
    """Consecutive toggles with their shard and their segments. The segments have no fixed order."""

    toggles: Sequence[Encoded]
    shard: Shard
    segments: Sequence[Segment]
    last_name: str


class Assembly(Struct, frozen=True, eq=False):
    """The runs of a scope at a snapshot. `mark` identifies the snapshot."""

    mark: object
    runs: Sequence[Run]


def assemble(
    snapshot: Snapshot, scope: PayloadScope, before: Assembly | None, shards: Shards
) -> Generator[None, None, Assembly]:
    """Assemble a scope in short steps, and return the assembly.

    Only toggles that changed since the assembly `before` are encoded. If the changes since then are
    unknown, all toggles are encoded.
    """
    changed = None if before is None else snapshot.changes_since(before.mark)
    if before is None or changed is None:
        toggles = scope.toggles(snapshot)
        # Sorting all toggles takes as long as several other steps.
        yield
        encoded = yield from _encode(snapshot, scope, toggles)
        runs = yield from _in_steps(_runs_of(encoded, shards, first=True))
        return Assembly(snapshot.mark, runs)
    affected = yield from _affected(snapshot, scope, before.runs, changed)
    if not affected:
        return Assembly(snapshot.mark, before.runs)
    runs = yield from _in_steps(_splice(before.runs, affected, shards))
    if runs and not runs[0].shard.first:
        runs[0] = _run_of(runs[0].toggles, shards, first=True)
    return Assembly(snapshot.mark, runs)


def _in_steps(runs: Iterable[Run]) -> Generator[None, None, list[Run]]:
    made: list[Run] = []
    for run in runs:
        made.append(run)
        if len(made) % RUNS_PER_STEP == 0:
            yield
    return made


def _encode(
    snapshot: Snapshot, scope: PayloadScope, toggles: Iterable[Toggle]
) -> Generator[None, None, list[Encoded]]:
    encoded: list[Encoded] = []
    for toggle in toggles:
        encoded.append(encode_toggle(toggle, scope.environment, snapshot, inline=scope.inline))
        if len(encoded) % ENCODED_PER_STEP == 0:
            yield
    return encoded


def _affected(
    snapshot: Snapshot, scope: PayloadScope, runs: Sequence[Run], changed: ChangedObjects
) -> Generator[None, None, dict[str, Encoded | None]]:
    """Encode changed toggles and toggles with changed segments. The keys are toggle names.

    The value is None for toggles that are not in scope.
    """
    names = set(changed.toggles)
    if changed.segments:
        names |= _names_using(runs, changed.segments)
    holds = scope.membership()
    in_scope = [
        toggle
        for toggle in filter(None, map(snapshot.toggles.get, names))
        if not toggle.archived and (holds is None or holds(toggle))
    ]
    encoded = yield from _encode(snapshot, scope, in_scope)
    return dict.fromkeys(names) | {toggle.name: toggle for toggle in encoded}


def _names_using(runs: Iterable[Run], segments: Set[int]) -> set[str]:
    """Return the names of the toggles that use at least one of the segments."""
    return {
        toggle.name
        for run in runs
        if any(segment.id in segments for segment in run.segments)
        for toggle in run.toggles
        if any(segment.id in segments for segment in toggle.segments)
    }


def _splice(
    runs: Sequence[Run], affected: Mapping[str, Encoded | None], shards: Shards
) -> Iterator[Run]:
    """Yield the runs after replacing the affected toggles. Reuse the objects of unaffected runs.

    If the first of `runs` disappears, the caller must create a new shard for the run that is now
    first. All shards except the first begin with a comma.
    """
    by_run: dict[int, dict[str, Encoded | None]] = {}
    for name, toggle in affected.items():
        # Toggles that are sorted after all runs belong to the last run.
        position = min(bisect_left(runs, name, key=_last_name), max(len(runs) - 1, 0))
        by_run.setdefault(position, {})[name] = toggle
    position = 0
    for start in sorted(by_run):
        if start < position:
            continue
        yield from runs[position:start]
        toggles: list[Encoded] = []
        position = start
        while True:
            known = runs[position].toggles if position < len(runs) else ()
            toggles += _replaced(known, by_run.get(position, {}))
            position += 1
            # If the last toggle of the run is gone, the run is merged with the next run.
            if position >= len(runs) or _ends_with_run(toggles):
                break
        yield from _runs_of(toggles, shards, first=start == 0)
    yield from runs[position:]


def _replaced(
    toggles: Sequence[Encoded], affected: Mapping[str, Encoded | None]
) -> Sequence[Encoded]:
    """Replace, remove or insert the affected toggles. Return the toggles sorted by name."""
    if not affected:
        return toggles
    by_name: dict[str, Encoded | None] = {toggle.name: toggle for toggle in toggles}
    by_name.update(affected)
    return [toggle for _, toggle in sorted(by_name.items()) if toggle is not None]


def _runs_of(toggles: Sequence[Encoded], shards: Shards, *, first: bool) -> Iterator[Run]:
    """Split toggles into runs. `first` is true if the body begins with these toggles."""
    start = 0
    for end in _ends_of(toggles):
        yield _run_of(toggles[start:end], shards, first=first and start == 0)
        start = end
    if start < len(toggles):
        yield _run_of(toggles[start:], shards, first=first and start == 0)


def _run_of(toggles: Sequence[Encoded], shards: Shards, *, first: bool) -> Run:
    segments = {segment.id: segment for toggle in toggles for segment in toggle.segments}
    shard = shards.shard_of(toggles, first=first)
    return Run(toggles, shard, tuple(segments.values()), toggles[-1].name)


def _ends_with_run(toggles: Sequence[Encoded]) -> bool:
    """Return whether the last toggle ends a run. If there are no toggles, return True."""
    *_, end = (0, *_ends_of(toggles))
    return end == len(toggles)


def _ends_of(toggles: Sequence[Encoded]) -> Iterator[int]:
    """Yield the position after the last toggle of each complete run."""
    start = 0
    for end, toggle in enumerate(toggles, 1):
        if toggle.ends_run or end - start == MAX_RUN_LENGTH:
            yield end
            start = end
