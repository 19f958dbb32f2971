"""Record in which objects a snapshot differs from the snapshots before it."""

from collections.abc import Sequence, Set

from msgspec import Struct

# The maximum numbers of steps and objects that are recorded. Values that were derived from older
# snapshots have to be computed again.
MAX_STEPS = 100
MAX_OBJECTS = 2_000


class ChangedObjects(Struct, frozen=True):
    """The names of changed toggles and the IDs of changed segments.

    Created and removed objects are included, and possibly objects that were changed back.
    """

    toggles: Set[str] = frozenset()
    segments: Set[int] = frozenset()

    @property
    def count(self) -> int:
        """The number of objects."""
        return len(self.toggles) + len(self.segments)


class Step(Struct, frozen=True, eq=False):
    """One step from a snapshot to the next snapshot. `mark` identifies the earlier snapshot."""

    mark: object
    changed: ChangedObjects


def add_step(steps: Sequence[Step], step: Step) -> Sequence[Step]:
    """Append a step, and drop the oldest steps beyond the limits."""
    left, count = MAX_OBJECTS, 0
    for known in (step, *reversed(steps[-MAX_STEPS + 1 :])):
        left -= known.changed.count
        if left < 0:
            break
        count += 1
    return (*steps, step)[-count:] if count else ()


def changes_since(steps: Sequence[Step], mark: object) -> ChangedObjects | None:
    """Return the objects that changed since the snapshot with a mark.

    Return None if no step begins at this snapshot.
    """
    toggles: set[str] = set()
    segments: set[int] = set()
    for step in reversed(steps):
        toggles |= step.changed.toggles
        segments |= step.changed.segments
        if step.mark is mark:
            return ChangedObjects(toggles, segments)
    return None
