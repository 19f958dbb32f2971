"""The read model: all configuration at one revision, immutable and in memory."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct

from store.kinds import indexes_of
from store.model import (
    ApiToken,
    ContextField,
    Environment,
    Project,
    Segment,
    Strategy,
    TagType,
    Toggle,
    ToggleEnvironment,
    ToggleType,
    Webhook,
)
from store.recent_changes import ChangedObjects, Step, add_step, changes_since
from store.toggle_order import MAX_SPLICED, sort_toggles, splice_order
from store.values import Tag

T = TypeVar("T")


def hash_secret(secret: str) -> str:
    """Return the stored hash of a token's secret: its SHA-256 in hex.

    A secret has 256 random bits, so a slow password hash is not needed.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Configuration(Struct, kw_only=True):
    """The data of a snapshot or a draft: one mapping by key for each kind of object."""

    toggles: dict[str, Toggle] = {}
    toggles_by_id: dict[str, Toggle] = {}
    strategies: dict[str, Strategy] = {}
    environments: dict[str, Environment] = {}
    projects: dict[str, Project] = {}
    toggle_types: dict[str, ToggleType] = {}
    segments: dict[int, Segment] = {}
    context_fields: dict[str, ContextField] = {}
    tag_types: dict[str, TagType] = {}
    tags: dict[tuple[str, str], Tag] = {}
    tokens: dict[str, ApiToken] = {}
    tokens_by_hash: dict[str, ApiToken] = {}
    webhooks: dict[int, Webhook] = {}


class Snapshot:
    """The configuration at one revision.

    Read the store's snapshot once per request, so that all parts of a response are consistent. The
    next snapshot shares the objects that did not change. `steps` records how the snapshot differs
    from earlier snapshots.
    """

    def __init__(
        self, revision: int, configuration: Configuration, steps: Sequence[Step] = ()
    ) -> None:
        self.revision = revision
        self.steps = steps
        # The mark identifies the snapshot. In contrast to a reference, the mark does not keep the
        # snapshot in memory.
        self.mark = object()
        self.configuration = configuration
        self.toggles: Mapping[str, Toggle] = configuration.toggles
        self.toggles_by_id: Mapping[str, Toggle] = configuration.toggles_by_id
        self.strategies: Mapping[str, Strategy] = configuration.strategies
        self.environments: Mapping[str, Environment] = configuration.environments
        self.projects: Mapping[str, Project] = configuration.projects
        self.toggle_types: Mapping[str, ToggleType] = configuration.toggle_types
        self.segments: Mapping[int, Segment] = configuration.segments
        self.context_fields: Mapping[str, ContextField] = configuration.context_fields
        self.tag_types: Mapping[str, TagType] = configuration.tag_types
        self.tags: Mapping[tuple[str, str], Tag] = configuration.tags
        self.tokens: Mapping[str, ApiToken] = configuration.tokens
        self.tokens_by_hash: Mapping[str, ApiToken] = configuration.tokens_by_hash
        self.webhooks: Mapping[int, Webhook] = configuration.webhooks

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """A cache for values that other modules derive from the snapshot, under their own keys."""
        return {}

    @cached_property
    def live_toggles(self) -> tuple[Toggle, ...]:
        """All toggles that are not archived, sorted by name."""
        return sort_toggles(self.toggles.values(), archived=False)

    @cached_property
    def archived_toggles(self) -> tuple[Toggle, ...]:
        """All archived toggles, sorted by name."""
        return sort_toggles(self.toggles.values(), archived=True)

    @cached_property
    def environments_in_order(self) -> tuple[Environment, ...]:
        """All environments, sorted by sort order and name."""
        environments = self.environments.values()
        return tuple(sorted(environments, key=lambda each: (each.sort_order, each.name)))

    @cached_property
    def segments_by_name(self) -> Mapping[str, Segment]:
        """All segments, by name."""
        return {segment.name: segment for segment in self.segments.values()}

    @cached_property
    def dependents(self) -> Mapping[str, Sequence[Toggle]]:
        """The live toggles that depend on each toggle, by the name of the required toggle."""
        found: defaultdict[str, list[Toggle]] = defaultdict(list)
        for toggle in self.live_toggles:
            if toggle.dependencies:
                for name in {dependency.toggle for dependency in toggle.dependencies}:
                    found[name].append(toggle)
        return dict(found)

    @cached_property
    def all_dependents(self) -> Mapping[str, Sequence[Toggle]]:
        """The live and archived toggles that depend on each toggle, in no particular order.

        The keys are the names of the required toggles.
        """
        found: defaultdict[str, list[Toggle]] = defaultdict(list)
        for toggle in self.toggles.values():
            if toggle.dependencies:
                for name in {dependency.toggle for dependency in toggle.dependencies}:
                    found[name].append(toggle)
        return dict(found)

    def token_of(self, secret: str) -> ApiToken | None:
        """Return the token with a secret, even if the token has expired; None without such a token.

        The token is looked up by its hash. The hashes are compared in constant time, so that a
        wrong secret takes as long as a valid secret.
        """
        hashed = hash_secret(secret)
        token = self.tokens_by_hash.get(hashed)
        known = token.secret_hash if token is not None else "-" * len(hashed)
        return token if hmac.compare_digest(known, hashed) else None

    def changes_since(self, mark: object) -> ChangedObjects | None:
        """Return the objects in which the snapshot differs from the snapshot with a mark.

        Return None if the snapshot with the mark is too old, or is no predecessor of this snapshot.
        """
        return ChangedObjects() if mark is self.mark else changes_since(self.steps, mark)


class Draft(Snapshot):
    """A mutable copy of a snapshot, with the objects that were put and removed.

    Only mappings that change are copied. Changes invalidate the cached properties.
    """

    def __init__(self, origin: Snapshot, revision: int) -> None:
        shared = {name: getattr(origin.configuration, name) for name in _MAPPINGS}
        super().__init__(revision, Configuration(**shared))
        self._copied: set[str] = set()
        # The last finished snapshot, and the keys of the objects that were put or removed since
        # then.
        self.base: Snapshot = origin
        self.changed: dict[str, set[Any]] = {"toggles": set(), "segments": set()}
        if isinstance(origin, Draft):
            self.base = origin.base
            self.changed = {name: set(keys) for name, keys in origin.changed.items()}

    def put(self, subject: Any) -> None:
        """Insert an object, or replace the object with the same key."""
        self._clear_cached(subject)
        for name, key in indexes_of(subject):
            self._mapping(name)[key] = subject
            if name in self.changed:
                self.changed[name].add(key)

    def remove(self, subject: Any) -> None:
        """Remove an object."""
        self._clear_cached(subject)
        for name, key in indexes_of(subject):
            self._mapping(name).pop(key, None)
            if name in self.changed:
                self.changed[name].add(key)

    @cached_property
    def live_toggles(self) -> tuple[Toggle, ...]:
        """All toggles that are not archived, sorted by name."""
        changed = self.changed["toggles"]
        if len(changed) > MAX_SPLICED:
            return sort_toggles(self.toggles.values(), archived=False)
        return splice_order(self.base.live_toggles, self.toggles, changed, archived=False)

    def changed_toggles(self) -> list[Toggle]:
        """Return the toggles that were put since the last finished snapshot, by name."""
        return [*filter(None, map(self.toggles.get, sorted(self.changed["toggles"])))]

    def changed_segments(self) -> list[Segment]:
        """Return the segments that were put since the last finished snapshot, by ID."""
        return [*filter(None, map(self.segments.get, sorted(self.changed["segments"])))]

    def snapshot(self) -> Snapshot:
        """Return the finished snapshot; do not change the draft afterwards."""
        base = self.base
        toggles, segments = self.changed["toggles"], self.changed["segments"]
        step = Step(base.mark, ChangedObjects(frozenset(toggles), frozenset(segments)))
        snapshot = Snapshot(self.revision, self.configuration, add_step(base.steps, step))
        if len(toggles) <= MAX_SPLICED:
            _splice_orders(base, snapshot, toggles)
        return snapshot

    def _mapping(self, name: str) -> dict[Any, Any]:
        mapping: dict[Any, Any] = getattr(self.configuration, name)
        if name not in self._copied:
            mapping = dict(mapping)
            setattr(self.configuration, name, mapping)
            setattr(self, name, mapping)
            self._copied.add(name)
        return mapping

    def _clear_cached(self, changing: Any) -> None:
        for name in _CACHED:
            self.__dict__.pop(name, None)
        # Keep the index of dependents if no dependency changes. Each deletion of a toggle reads the
        # index, and an import may delete thousands of toggles.
        if isinstance(changing, Toggle):
            known = self.toggles_by_id.get(changing.id)
            if changing.dependencies or (known is not None and known.dependencies):
                self.__dict__.pop(_DEPENDENTS, None)


def _splice_orders(base: Snapshot, snapshot: Snapshot, changed: Set[str]) -> None:
    """Derive the sorted lists of a snapshot from the cached lists of its predecessor."""
    for name, archived in _ORDERS.items():
        order: tuple[Toggle, ...] | None = vars(base).get(name)
        if order is not None:
            vars(snapshot)[name] = splice_order(order, snapshot.toggles, changed, archived=archived)


def counterpart(snapshot: Snapshot, subject: T) -> T:
    """Return the object with the same key in a snapshot, or `subject` if the key is missing."""
    found: Any = subject
    if isinstance(subject, ToggleEnvironment):
        toggle = snapshot.toggles_by_id.get(subject.toggle_id)
        if toggle is not None:
            found = toggle.in_environment(subject.environment)
        return found
    # If objects have an id and a name, the last index of their kind is by id.
    mapping, key = indexes_of(subject)[-1]
    return getattr(snapshot, mapping).get(key, subject)


def merge_attempt(snapshot: Snapshot, attempt: Snapshot) -> Snapshot:
    """Return a snapshot that also has the objects that a refused change created."""
    mappings = {name: (getattr(snapshot, name), getattr(attempt, name)) for name in _MAPPINGS}
    if all(created.keys() <= known.keys() for known, created in mappings.values()):
        return snapshot
    merged: dict[str, Any] = {
        name: {**created, **known} for name, (known, created) in mappings.items()
    }
    return Snapshot(snapshot.revision, Configuration(**merged))


_MAPPINGS = Configuration.__struct_fields__
_DEPENDENTS = "all_dependents"
# The cached properties with sorted toggles. A value is true if the toggles are archived.
_ORDERS = {"live_toggles": False, "archived_toggles": True}
# Cached properties that any change of a draft invalidates.
_CACHED = tuple(
    name
    for name, value in vars(Snapshot).items()
    if isinstance(value, cached_property) and name != _DEPENDENTS
)
