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
from store.event_documents import EventDocuments
from store.events import ChangeSet
from store.identity import Principal
from store.model import ApiTokenType, Segment, Toggle
from store.snapshot import Configuration, Draft, merge_attempt
from store.usage.applications import Application

# This name refers to the usage summary in `reads`. Except for CLOCK and VIEWER, all other names in
# `reads` are mappings of the snapshot.
USAGE = "usage"


class ServerFacts(Struct, frozen=True):
    """The information that this process reports about itself.

    Without `introspection`, only admins may read the schema. The limit `max_document_bytes` for
    exported and imported documents may exceed the limit for other answers.
    """

    version: str
    started_at: datetime
    schema_hash: Callable[[], str]
    limits: Limits = Limits()
    introspection: bool = True
    max_document_bytes: int = 10_000_000


class Context(RequestContext):
    """The context of one request: its time, and the configuration from which the answer is read.

    The context has no database session. Query fields run concurrently, so each read opens its own
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
        # Maps the `id()` of an argument to the argument and its evaluation context.
        self.contexts: dict[int, tuple[object, evaluation.Context]] = {}
        # These rows were loaded for all items of a list; see `Loading`.
        self.loaded_documents: dict[int, EventDocuments | None] = {}
        self.loaded_change_sets: dict[str, ChangeSet | None] = {}
        self.loaded_applications: dict[str, Application | None] = {}
        # The objects that assumed changes create. The keys of these objects differ from the keys of
        # all saved objects.
        self.what_if = Configuration()

    def newest_state(self) -> object:
        """Return the snapshot; None if there is a newer snapshot."""
        return self.snapshot if self.snapshot is self.store.snapshot else None

    def live_version(self) -> object:
        """Return the revision of the usage summary, which is not part of the snapshot."""
        return self.store.usage.revision

    def part(self, name: str) -> object:
        """Return a mapping of the snapshot. For USAGE, return the revision of the usage summary.

        Environments are returned as a tuple, so that they are compared by value. The attribute
        `served_revision` is set to 0. Each change of a toggle changes this attribute, but no field
        displays it.
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
    def sees_secrets(self) -> bool:
        """Whether the caller may see API tokens and webhooks.

        Every caller may see all other objects.
        """
        return self.principal.type is ApiTokenType.ADMIN

    def toggle_of_id(self, id: str) -> Toggle:
        """Return the toggle with an ID. Assumed changes may have created the toggle."""
        return self.snapshot.toggles_by_id.get(id) or self.what_if.toggles_by_id[id]

    def segment_of_id(self, id: int) -> Segment | None:
        """Return the segment with an ID; None if there is no such segment.

        Assumed changes may have created the segment.
        """
        return self.snapshot.segments.get(id) or self.what_if.segments.get(id)

    def use_state(self, state: Snapshot) -> None:
        """Resolve fields from another snapshot."""
        self.snapshot = state

    def release_state(self) -> None:
        """Drop the snapshot, which would otherwise stay in memory as long as the context."""
        del self.snapshot

    def use_what_if(self, snapshot: Draft) -> None:
        """Let resolvers find the objects that assumed changes created, and disable caching."""
        self.cached_state = None
        for toggle in snapshot.changed_toggles():
            if toggle.id not in self.snapshot.toggles_by_id:
                self.what_if.toggles_by_id[toggle.id] = toggle
        for segment in snapshot.changed_segments():
            if segment.id not in self.snapshot.segments:
                self.what_if.segments[segment.id] = segment

    def over(self, snapshot: Snapshot) -> Self:
        """Return a context for the same request with another configuration."""
        other = copy.copy(self)
        other.__dict__.pop("loaders", None)
        other.snapshot = snapshot
        other.cached_state = None
        return other

    def show_attempt(self, attempt: Snapshot) -> None:
        """Let resolvers find objects that exist only in a refused attempt.

        Errors refer to these objects.

        Objects that also exist in the store are displayed in their stored state.
        """
        self.snapshot = merge_attempt(self.snapshot, attempt)

    def refresh(self) -> None:
        """After a change, switch to the newest configuration and to new loaders."""
        self.snapshot = self.store.snapshot
        self.__dict__.pop("loaders", None)


Info: TypeAlias = strawberry.Info[Context, None]
