"""What every resolver of one request shares."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import strawberry
from msgspec import Struct

from store import Snapshot, Store
from store.identity import Principal
from store.model import ApiTokenType
from store.snapshot import beside

if TYPE_CHECKING:
    from graph.loaders import Loaders


class ServerFacts(Struct, frozen=True):
    """What this process can tell about itself: its version, and when it was started."""

    version: str
    started_at: datetime


class Context:
    """One request: who asks, at what time, and the configuration all parts of the answer agree on.

    There is no database session in here: query fields run concurrently, so each read opens its own.
    """

    def __init__(
        self,
        store: Store,
        principal: Principal,
        *,
        server: ServerFacts,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.store = store
        self.principal = principal
        self.server = server
        self.headers: Mapping[str, str] = headers or {}
        self.now: datetime = store.clock()
        self.snapshot: Snapshot = store.snapshot

    @cached_property
    def loaders(self) -> "Loaders":
        """The DataLoaders of this request."""
        from graph.loaders import Loaders

        return Loaders(self)

    @property
    def sees_tokens(self) -> bool:
        """Whether API tokens may be shown; everything else is shown to whoever gets this far."""
        return self.principal.type is ApiTokenType.ADMIN

    def show_attempt(self, attempt: Snapshot) -> None:
        """Let objects be found that only a refused attempt has made, for its errors refer to them.

        What is stored shows as it is stored.
        """
        self.snapshot = beside(self.snapshot, attempt)

    def refresh(self) -> None:
        """Move on to the newest configuration and forget what was loaded, after a change."""
        self.snapshot = self.store.snapshot
        self.__dict__.pop("loaders", None)


Info: TypeAlias = strawberry.Info[Context, None]
