"""Root fields: the encoded values of whole root fields, cached across requests.

If all root fields of an operation are cached, the operation is answered without execution. A value
becomes invalid when data that the field or its selection reads changes. The key contains the type
of the caller's token, because the type determines what the caller may read.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from graph.engine.run.completing import encode
from graph.engine.run.context import RequestContext
from graph.engine.run.plans import Plan, RootField, encoded_values
from graph.engine.run.reads import CurrentState, Reads, is_cacheable

MAX_BYTES = 16_000_000
# In addition to the encoded bytes, an entry takes about this much memory.
ENTRY_BYTES = 600
# The size of a cached value differs slightly from the size that is counted while a value is
# completed. Therefore values larger than 1/_SHARE of the maximum are neither cached nor read.
_SHARE = 4


class Entry(NamedTuple):
    """The encoded value of a root field, and the versions of the data that the field read."""

    reads: tuple[str, ...]
    versions: tuple[int, ...]
    fragment: orjson.Fragment
    length: int


class CachedRoots:
    """The most recently used values of root fields, within a limit on bytes."""

    def __init__(self, current: CurrentState, max_bytes: int = MAX_BYTES) -> None:
        self.bytes = 0
        self._current = current
        self._max_bytes = max_bytes
        self._entries: OrderedDict[Any, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def find(
        self, plan: Plan, context: RequestContext, variables: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Return the cached values of an operation's root fields.

        The size of these values is added to the size of the answer.
        """
        if context.cached_state is not self._current.state or context.cached_state is None:
            return {}
        found: dict[str, Any] = {}
        size = 0
        for root in plan.roots:
            entry = self._find(_key(plan, root, context, variables), context)
            if entry is not None:
                found[root.name] = entry.fragment
                size += len(root.name) + 4 + entry.length
        if size * _SHARE > context.answer.maximum:
            return {}
        context.answer.bytes += size
        return found

    def add(
        self,
        plan: Plan,
        context: RequestContext,
        variables: Mapping[str, Any] | None,
        data: dict[str, Any],
        reads_of: Callable[[str], Reads | None],
    ) -> None:
        """Cache the encoded values of the root fields in `data`. The answer must have no errors.

        `reads_of` returns the parts of the state that a root field reads with the arguments of this
        operation.
        """
        for root in plan.roots:
            key = _key(plan, root, context, variables)
            if key is None or key in self._entries or not self._current.is_current(context):
                continue
            reads = _reads(plan, root, key, reads_of)
            if not is_cacheable(reads):
                continue
            encoded = encode(data[root.name])
            if len(encoded) * _SHARE > min(self._max_bytes, context.answer.maximum):
                continue
            names = tuple(sorted(reads or ()))
            versions = self._current.versions(names, context)
            data[root.name] = fragment = orjson.Fragment(encoded)
            self._entries[key] = Entry(names, versions, fragment, len(encoded))
            self.bytes += len(encoded) + ENTRY_BYTES
        while self.bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    def _find(self, key: Any, context: RequestContext) -> Entry | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.versions != self._current.versions(entry.reads, context):
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry

    def _drop(self, key: Any) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.bytes -= entry.length + ENTRY_BYTES


# A plan caches what its root fields read for at most this many different arguments.
_MAX_READS = 100


def _reads(
    plan: Plan, root: RootField, key: Any, reads_of: Callable[[str], Reads | None]
) -> Reads | None:
    known, values = plan.root_reads, (root.name, key[2])
    if values not in known:
        if len(known) >= _MAX_READS:
            known.clear()
        known[values] = reads_of(root.name)
    return known[values]


def _key(
    plan: Plan, root: RootField, context: RequestContext, variables: Mapping[str, Any] | None
) -> Any:
    """Return the key of a value; None if the variables cannot be encoded."""
    values = encoded_values(root.variables, variables)
    return None if values is None else (plan.number, root.name, values, context.principal.type)
