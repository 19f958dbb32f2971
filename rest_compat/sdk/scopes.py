"""The scopes of features bodies."""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from store import Snapshot
from store.model import Toggle

_encode = msgspec.json.Encoder().encode


class PayloadScope(Struct, frozen=True):
    """The scope of a features body: all inputs that determine the body, except the revision.

    `token_projects` are the projects of the token. `projects`, `tags` and `name_prefix` are the
    filters in the query. An empty filter matches all toggles. If `inline` is true, strategies
    contain the constraints of their segments. Some SDKs need this, because they do not support
    segments.
    """

    environment: str
    token_projects: tuple[str, ...] = ()
    inline: bool = True
    projects: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    name_prefix: str = ""

    @property
    def filtered(self) -> bool:
        """Whether the query contains filters."""
        return bool(self.projects or self.tags or self.name_prefix)

    def toggles(self, snapshot: Snapshot) -> Iterable[Toggle]:
        """Return the live toggles in scope, sorted by name."""
        holds = self.membership()
        return filter(holds, snapshot.live_toggles) if holds else snapshot.live_toggles

    def membership(self) -> Callable[[Toggle], bool] | None:
        """Return a function that tests whether a live toggle is in scope.

        None means that all live toggles are in scope.
        """
        projects, tags, prefix = self._visible_projects(), frozenset(self.tags), self.name_prefix
        if projects is None and not tags and not prefix:
            return None

        def holds(toggle: Toggle) -> bool:
            return (
                (projects is None or toggle.project in projects)
                and toggle.name.startswith(prefix)
                and (not tags or any((tag.type, tag.value) in tags for tag in toggle.tags))
            )

        return holds

    def query(self) -> dict[str, Any]:
        """Return the value of `query` in the body, which describes the scope."""
        query: dict[str, Any] = {}
        if self.tags:
            query["tag"] = self.tags
        if (projects := self._visible_projects()) is not None:
            query["project"] = sorted(projects)
        if self.name_prefix:
            query["namePrefix"] = self.name_prefix
        query["environment"] = self.environment
        query["inlineSegmentConstraints"] = self.inline
        return query

    def _visible_projects(self) -> frozenset[str] | None:
        """Return the projects whose toggles are in scope. None means all projects."""
        requested, allowed = frozenset(self.projects), frozenset(self.token_projects)
        if requested and allowed:
            return requested & allowed
        return requested or allowed or None


def query_hash(scope: PayloadScope) -> str:
    """Return a short hash of a scope for `meta` and for entity tags."""
    return blake2b(_encode((scope.query(), scope.token_projects)), digest_size=4).hexdigest()
