"""The read model: all configuration at one revision, in memory, never changed."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
)
from store.values import Tag

T = TypeVar("T")


def hash_secret(secret: str) -> str:
    """What is stored of a token's secret: the SHA-256 of the whole text, in hex.

    A secret holds 256 random bits, so no slow password hash is needed.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Configuration(Struct, kw_only=True):
    """One mapping for each kind of object, by its key; the part that a snapshot and a draft
    share."""

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


class Snapshot:
    """The configuration at one revision.

    Whoever answers a request reads the store's snapshot once and keeps it, so that all parts of an
    answer agree. Objects that a change did not touch are the same objects in the next snapshot.
    """

    def __init__(self, revision: int, configuration: Configuration) -> None:
        self.revision = revision
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

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What others work out from the snapshot and keep, under keys that are theirs alone."""
        return {}

    @cached_property
    def live_toggles(self) -> tuple[Toggle, ...]:
        """All toggles that are not archived, by name."""
        return self._sorted_toggles(archived=False)

    @cached_property
    def archived_toggles(self) -> tuple[Toggle, ...]:
        """All archived toggles, by name."""
        return self._sorted_toggles(archived=True)

    @cached_property
    def environments_in_order(self) -> tuple[Environment, ...]:
        """All environments, by sort order and name."""
        return tuple(sorted(self.environments.values(), key=lambda it: (it.sort_order, it.name)))

    @cached_property
    def segments_by_name(self) -> Mapping[str, Segment]:
        """All segments by their names."""
        return {segment.name: segment for segment in self.segments.values()}

    @cached_property
    def dependents(self) -> Mapping[str, Sequence[Toggle]]:
        """The live toggles that require a state of each toggle, by name."""
        found: defaultdict[str, list[Toggle]] = defaultdict(list)
        for toggle in self.live_toggles:
            for name in {it.toggle for it in toggle.dependencies}:
                found[name].append(toggle)
        return dict(found)

    @cached_property
    def depending_toggles(self) -> tuple[Toggle, ...]:
        """The toggles, archived ones too, that depend on others; in no order."""
        return tuple(it for it in self.toggles.values() if it.dependencies)

    def token_of(self, secret: str) -> ApiToken | None:
        """The token with a secret, expired or not, None when there is none.

        The look-up is by hash and the comparison in constant time: a wrong secret costs what a
        right one does.
        """
        hashed = hash_secret(secret)
        token = self.tokens_by_hash.get(hashed)
        known = token.secret_hash if token is not None else "-" * len(hashed)
        return token if hmac.compare_digest(known, hashed) else None

    def _sorted_toggles(self, *, archived: bool) -> tuple[Toggle, ...]:
        chosen = [toggle for toggle in self.toggles.values() if toggle.archived is archived]
        return tuple(sorted(chosen, key=lambda toggle: toggle.name))


class Draft(Snapshot):
    """A snapshot in the making: the one it began as, with what was put and removed since.

    Only the mappings that change are copied; the cached orders of the snapshot are worked out anew.
    """

    def __init__(self, origin: Snapshot, revision: int) -> None:
        shared = {name: getattr(origin.configuration, name) for name in _MAPPINGS}
        super().__init__(revision, Configuration(**shared))
        self._copied: set[str] = set()

    def put(self, subject: Any) -> None:
        """Insert an object, or let it take the place of the one with its key."""
        self._forget_orders(subject)
        for name, key in indexes_of(subject):
            self._mapping(name)[key] = subject

    def remove(self, subject: Any) -> None:
        """Take an object out."""
        self._forget_orders(subject)
        for name, key in indexes_of(subject):
            self._mapping(name).pop(key, None)

    def snapshot(self) -> Snapshot:
        """The finished snapshot; the draft is not to be changed any more."""
        return Snapshot(self.revision, self.configuration)

    def _mapping(self, name: str) -> dict[Any, Any]:
        mapping: dict[Any, Any] = getattr(self.configuration, name)
        if name not in self._copied:
            mapping = dict(mapping)
            setattr(self.configuration, name, mapping)
            setattr(self, name, mapping)
            self._copied.add(name)
        return mapping

    def _forget_orders(self, changing: Any) -> None:
        for name in _ORDERS:
            self.__dict__.pop(name, None)
        # Hardly any toggle depends on others, and whoever deletes thousands asks after each one.
        if isinstance(changing, Toggle):
            known = self.toggles_by_id.get(changing.id)
            if changing.dependencies or (known is not None and known.dependencies):
                self.__dict__.pop(_DEPENDING, None)


def counterpart(snapshot: Snapshot, subject: T) -> T:
    """An object as a snapshot has it; itself if there is none with its key."""
    found: Any = subject
    if isinstance(subject, ToggleEnvironment):
        toggle = snapshot.toggles_by_id.get(subject.toggle_id)
        if toggle is not None:
            found = toggle.in_environment(subject.environment)
        return found
    # The last of its indexes is by id, where an object has both an id and a name.
    mapping, key = indexes_of(subject)[-1]
    return getattr(snapshot, mapping).get(key, subject)


def merge_attempt(snapshot: Snapshot, attempt: Snapshot) -> Snapshot:
    """A snapshot, and what only an attempt at changing it has made."""
    mappings = {name: (getattr(snapshot, name), getattr(attempt, name)) for name in _MAPPINGS}
    if all(made.keys() <= known.keys() for known, made in mappings.values()):
        return snapshot
    together: dict[str, Any] = {name: {**made, **known} for name, (known, made) in mappings.items()}
    return Snapshot(snapshot.revision, Configuration(**together))


_MAPPINGS = Configuration.__struct_fields__
_DEPENDING = "depending_toggles"
# What is worked out anew after any change of a draft; the one above only after changes of it.
_ORDERS = tuple(
    name
    for name, value in vars(Snapshot).items()
    if isinstance(value, cached_property) and name != _DEPENDING
)
