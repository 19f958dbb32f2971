"""The context of one request, which all its resolvers share."""

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
    """What this process reports about itself.

    Without `introspection` only admins may read the schema. An export may have `max_export_bytes`,
    even where other answers may not.
    """

    version: str
    started_at: datetime
    schema_hash: Callable[[], str]
    limits: Limits = Limits()
    introspection: bool = True
    max_export_bytes: int = 0


class Context(RequestContext):
    """One request with its time, and the one configuration that all parts of the answer show.

    It holds no database session: query fields run concurrently, so each read opens its own.
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
        # The evaluation contexts of arguments, with and by the identity of each argument.
        self.contexts: dict[int, tuple[object, evaluation.Context]] = {}
        # Objects that only assumed changes create, by keys that nothing saved has.
        self.assumed = Configuration()

    @cached_property
    def loaders(self) -> Loaders:
        """The DataLoaders of this request."""
        return Loaders(self.store, self.pace, self.snapshot, self.now)

    @property
    def sees_tokens(self) -> bool:
        """Whether the caller may see API tokens; it may see everything else."""
        return self.principal.type is ApiTokenType.ADMIN

    def toggle_of_id(self, id: str) -> Toggle:
        """The toggle with an id, saved or assumed."""
        return self.snapshot.toggles_by_id.get(id) or self.assumed.toggles_by_id[id]

    def segment_of_id(self, id: int) -> Segment | None:
        """The segment with an id, saved or assumed."""
        return self.snapshot.segments.get(id) or self.assumed.segments.get(id)

    def use_state(self, state: Snapshot) -> None:
        """Resolve fields from another snapshot."""
        self.snapshot = state

    def release_state(self) -> None:
        """Drop the snapshot, which would stay in memory as long as the context does."""
        del self.snapshot

    def over(self, snapshot: Snapshot) -> Self:
        """The same request over another configuration."""
        other = copy.copy(self)
        other.__dict__.pop("loaders", None)
        other.snapshot = snapshot
        return other

    def show_attempt(self, attempt: Snapshot) -> None:
        """Let resolvers find what a refused attempt created, since its errors refer to it.

        Stored objects are displayed as stored.
        """
        self.snapshot = merge_attempt(self.snapshot, attempt)

    def refresh(self) -> None:
        """Use the newest configuration and new loaders, after a change."""
        self.snapshot = self.store.snapshot
        self.__dict__.pop("loaders", None)


Info: TypeAlias = strawberry.Info[Context, None]
