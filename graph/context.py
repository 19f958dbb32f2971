"""The context of one request, which all resolvers of the request share."""

import copy
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Self, TypeAlias

import strawberry
from msgspec import Struct, structs

from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Document
from graph.engine.run.context import RequestContext
from graph.loaders import Loaders
from store import Snapshot, Store, evaluation
from store.events import ChangeSet, Event
from store.identity import Principal
from store.model import ApiTokenType, Segment, Toggle
from store.snapshot import Configuration, merge_attempt
from store.usage.applications import Application

# In `reads`: the usage summary. All other parts are mappings of the snapshot, by their names.
USAGE = "usage"


class ServerFacts(Struct, frozen=True):
    """The information that this process reports about itself.

    Without `introspection`, only admins may read the schema. Exported and imported documents may
    have up to `max_document_bytes`, even if other answers have a lower limit.
    """

    version: str
    started_at: datetime
    schema_hash: Callable[[], str]
    limits: Limits = Limits()
    introspection: bool = True
    max_document_bytes: int = 10_000_000


class Context(RequestContext):
    """One request: its time, and the configuration from which all parts of the answer are read.

    The context holds no database session. Query fields run concurrently, so each read opens its own
    session.
    """

    def __init__(
        self,
        store: Store,
        principal: Principal,
        *,
        server: ServerFacts,
        document: Document | None = None,
    ) -> None:
        super().__init__(
            principal,
            limits=server.limits,
            may_introspect=server.introspection or principal.type is ApiTokenType.ADMIN,
            turns=store.turns,
            document=document,
        )
        self.store = store
        self.server = server
        self.now: datetime = store.clock()
        self.snapshot: Snapshot = store.snapshot
        # Pairs of an argument and its evaluation context, by the `id()` of the argument.
        self.contexts: dict[int, tuple[object, evaluation.Context]] = {}
        # Rows that were loaded for all items of a list; see `Loading`.
        self.loaded_events: dict[int, Event] = {}
        self.loaded_change_sets: dict[str, ChangeSet | None] = {}
        self.loaded_applications: dict[str, Application | None] = {}
        # The objects that assumed changes create. Their keys differ from those of all saved
        # objects.
        self.assumed = Configuration()

    def newest_state(self) -> object:
        """Return the snapshot; None if there is a newer one."""
        return self.snapshot if self.snapshot is self.store.snapshot else None

    def live_version(self) -> object:
        """Return the revision of the usage summary, which is not part of the snapshot."""
        return self.store.usage.revision

    def part(self, name: str) -> object:
        """Return a mapping of the snapshot, or for USAGE the revision of the usage summary.

        Environments are compared by value, because each change of a toggle changes their
        `served_revision`, which no field displays.
        """
        match name:
            case "usage":
                return self.store.usage.revision
            case "environments":
                environments = self.snapshot.environments.values()
                return tuple(structs.replace(each, served_revision=0) for each in environments)
            case _:
                return getattr(self.snapshot, name)

    @cached_property
    def loaders(self) -> Loaders:
        """The DataLoaders of this request."""
        return Loaders(self.store, self.pace, self.snapshot, self.now)

    @property
    def sees_tokens(self) -> bool:
        """Whether the caller may see API tokens; all other objects are visible to every caller."""
        return self.principal.type is ApiTokenType.ADMIN

    def toggle_of_id(self, id: str) -> Toggle:
        """Return the saved or assumed toggle with an ID."""
        return self.snapshot.toggles_by_id.get(id) or self.assumed.toggles_by_id[id]

    def segment_of_id(self, id: int) -> Segment | None:
        """Return the saved or assumed segment with an ID; None if there is no such segment."""
        return self.snapshot.segments.get(id) or self.assumed.segments.get(id)

    def use_state(self, state: Snapshot) -> None:
        """Resolve fields from another snapshot."""
        self.snapshot = state

    def release_state(self) -> None:
        """Drop the snapshot, which would otherwise stay in memory as long as the context."""
        del self.snapshot

    def assume(self, snapshot: Snapshot) -> None:
        """Let resolvers find the objects that assumed changes created, and cache nothing more."""
        self.cached_state = None
        for toggle in snapshot.toggles.values():
            if toggle.id not in self.snapshot.toggles_by_id:
                self.assumed.toggles_by_id[toggle.id] = toggle
        for segment in snapshot.segments.values():
            if segment.id not in self.snapshot.segments:
                self.assumed.segments[segment.id] = segment

    def over(self, snapshot: Snapshot) -> Self:
        """Return a context for the same request and another configuration."""
        other = copy.copy(self)
        other.__dict__.pop("loaders", None)
        other.snapshot = snapshot
        other.cached_state = None
        return other

    def show_attempt(self, attempt: Snapshot) -> None:
        """Let resolvers find the objects that a refused attempt created and its errors mention.

        Stored objects are displayed in their stored state.
        """
        self.snapshot = merge_attempt(self.snapshot, attempt)

    def refresh(self) -> None:
        """Switch to the newest configuration and new loaders after a change."""
        self.snapshot = self.store.snapshot
        self.__dict__.pop("loaders", None)


Info: TypeAlias = strawberry.Info[Context, None]
