"""What fields read besides their object and arguments, and the versions of what they read.

A field declares what it reads with `reads`: names of parts of the state, such as a mapping of the
configuration, or CLOCK or VIEWER. Values that read only parts may be cached until one of the parts
changes. Values that read the clock or the viewer are never cached, and neither are values of fields
without a declaration.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias

from graph.engine.run.context import RequestContext

# The time of the request.
CLOCK = "clock"
# The caller and the caller's rights.
VIEWER = "viewer"

Reads: TypeAlias = frozenset[str]
# The declaration of a field; a function returns what the field reads with some arguments.
Declaration: TypeAlias = Collection[str] | Callable[[Mapping[str, Any]], Collection[str]] | None

NOTHING: Reads = frozenset()
_NEVER_CACHED = frozenset({CLOCK, VIEWER})


def reads_with(declaration: Declaration, arguments: Mapping[str, Any]) -> Reads | None:
    """Return what a field reads with its arguments; None if the field does not declare it."""
    if declaration is None:
        return None
    return frozenset(declaration(arguments) if callable(declaration) else declaration)


def union(reads: Iterable[Reads | None]) -> Reads | None:
    """Return everything that several values read; None if this is unknown for one of them."""
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

    `epoch` changes whenever any part may have changed. The state is the only one that is kept in
    memory, so cached values compare versions instead of parts.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.state: object = None
        self._live: object = None
        self._parts: dict[str, tuple[object, int]] = {}

    def follow(self, context: RequestContext) -> None:
        """Move on to the state of a request, and let the request use cached values of it.

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
