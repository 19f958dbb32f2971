"""The context of one request, which all resolvers of the request share."""

import copy
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Self, TypeAlias

import strawberry
from msgspec import Struct

from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Document
from graph.engine.run.context import RequestContext
from graph.loaders import Loaders
from store import Snapshot, Store, evaluation
from store.identity import Principal
from store.model import ApiTokenType, Segment, Toggle
from store.snapshot import Configuration, merge_attempt


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
        headers: Mapping[str, str] | None = None,
        document: Document | None = None,
    ) -> None:
        super().__init__(
            principal,
            limits=server.limits,
            may_introspect=server.introspection or principal.type is ApiTokenType.ADMIN,
            turns=store.turns,
            headers=headers,
            document=document,
        )
        self.store = store
        self.server = server
        self.now: datetime = store.clock()
        self.snapshot: Snapshot = store.snapshot
        # Pairs of an argument and its evaluation context, by the `id()` of the argument.
        self.contexts: dict[int, tuple[object, evaluation.Context]] = {}
        # The objects that assumed changes create. Their keys differ from those of all saved
        # objects.
        self.assumed = Configuration()

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

    def over(self, snapshot: Snapshot) -> Self:
        """Return a context for the same request and another configuration."""
        other = copy.copy(self)
        other.__dict__.pop("loaders", None)
        other.snapshot = snapshot
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
