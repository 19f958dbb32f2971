"""Track what fields read besides their object and arguments, and the versions of this data.

A field declares in `reads` what it reads. The declaration contains CLOCK, VIEWER, or names of parts
of the state, such as a mapping of the configuration. If a field reads only parts of the state, its
values may be cached until any of the parts changes. If a field reads the clock or the viewer, or
has no declaration, its values are never cached.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias

from graph.engine.run.context import RequestContext

# A field that reads the time of the request declares CLOCK.
CLOCK = "clock"
# A field that reads the caller or the caller's rights declares VIEWER.
VIEWER = "viewer"

Reads: TypeAlias = frozenset[str]
# The declaration of a field. If the declaration depends on the arguments, a function computes it.
Declaration: TypeAlias = Collection[str] | Callable[[Mapping[str, Any]], Collection[str]] | None

NOTHING: Reads = frozenset()
_NEVER_CACHED = frozenset({CLOCK, VIEWER})


def reads_with(declaration: Declaration, arguments: Mapping[str, Any]) -> Reads | None:
    """Return what a field reads with some arguments; None if the field has no declaration."""
    if declaration is None:
        return None
    return frozenset(declaration(arguments) if callable(declaration) else declaration)


def union(reads: Iterable[Reads | None]) -> Reads | None:
    """Return the union of what several values read.

    Return None if the reads of any value are unknown.
    """
    found = NOTHING
    for one in reads:
        if one is None:
            return None
        found |= one
    return found


def is_cacheable(reads: Reads | None) -> bool:
    """Whether values with these reads may be cached."""
    return reads is not None and _NEVER_CACHED.isdisjoint(reads)


class CurrentState:
    """The newest state that requests have read, with a version number for each of its parts.

    `epoch` changes whenever any part may have changed. Cached values are compared by version
    instead of by part. Cached parts would keep old states in memory.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.state: object = None
        self._live: object = None
        self._parts: dict[str, tuple[object, int]] = {}

    def follow(self, context: RequestContext) -> None:
        """Adopt a request's newest state, and let the request use the values cached for this state.

        A request whose state is not the newest neither reads nor writes cached values.
        """
        state = context.newest_state()
        if state is None:
            context.cached_state = None
            return
        live = context.live_version()
        if state is not self.state or live != self._live:
            self.state, self._live = state, live
            self.epoch += 1
            for name, (part, version) in self._parts.items():
                current = context.part(name)
                if not _is_same(current, part):
                    self._parts[name] = (current, version + 1)
        context.cached_state = state

    def is_current(self, context: RequestContext) -> bool:
        """Whether values that the request reads now belong to this state."""
        return context.cached_state is self.state and context.live_version() == self._live

    def versions(self, reads: Iterable[str], context: RequestContext) -> tuple[int, ...]:
        """Return the version of each part; `context` is a request with this state."""
        return tuple([self._version(name, context) for name in reads])

    def _version(self, name: str, context: RequestContext) -> int:
        found = self._parts.get(name)
        if found is None:
            found = self._parts[name] = (context.part(name), 0)
        return found[1]


def _is_same(one: object, other: object) -> bool:
    return one is other or (isinstance(one, int | tuple) and one == other)
