"""Plans: the data that the executions of one operation share across requests.

An execution collects the fields of each selection, and compiles functions that complete them. The
fields and functions depend on the document, and on the variables in directives and in arguments
below the root fields. The functions do not depend on the request, because they take its context as
an argument.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from msgspec import Struct

from graph.engine.documents.preparing import Document, Operation
from graph.engine.documents.variables import variables_in_arguments
from graph.engine.run.cached_fragments import Fragments, SelectionCache
from graph.engine.run.completing import Complete, encode
from graph.engine.run.fields import Load
from graph.engine.run.reads import Reads

# A compiled function takes about 2 KB, including its share of the collected fields.
MAX_WEIGHT = 10_000
# The key of a plan contains the source of the document. This many characters of a key add as much
# to the weight of the plan as one compiled function.
_CHARACTERS_PER_FUNCTION = 100
# The keys of this many recent requests are remembered.
_MAX_REQUESTED = 10_000

_NUMBERS = count()


class RootField(Struct, frozen=True):
    """A root field: its name in the answer, and the variables in its arguments."""

    name: str
    variables: tuple[str, ...]

    @classmethod
    def of(cls, name: str, details: Any) -> "RootField":
        """Return a root field from its name in the answer and graphql-core's list of its fields."""
        nodes = [detail.node for detail in details]
        used = {used for node in nodes for used in variables_in_arguments(node.arguments or ())}
        return cls(name, tuple(sorted(used)))


class Plan:
    """The collected fields and the compiled functions of one operation with some variables.

    graphql-core identifies a selection by its list of fields. All executions use the lists of the
    plan. While the plan refers to a list, no other list can have the same `id`.
    """

    __slots__ = (
        "_plans",
        "_selection_caches",
        "compiled_fields",
        "compiled_items",
        "loads",
        "number",
        "parts",
        "reads",
        "root_fields",
        "root_reads",
        "roots",
        "sub_fields",
        "weight",
    )

    def __init__(self, plans: "Plans | None" = None, weight: int = 0) -> None:
        # Identifies the plan in keys of other caches.
        self.number = next(_NUMBERS)
        self.root_fields: Any = None
        self.roots: tuple[RootField, ...] = ()
        self.root_reads: dict[tuple[str, bytes], Reads | None] = {}
        # Replaces `_relevant_sub_fields` of graphql-core's executor.
        self.sub_fields: dict[Any, Any] = {}
        # Keys contain the `id` of a list of fields.
        self.compiled_items: dict[tuple[int, Any], Complete | None] = {}
        self.compiled_fields: dict[tuple[int, Any], tuple[Complete | None, bool]] = {}
        self.loads: dict[tuple[int, Any], Sequence[Load]] = {}
        self.parts: dict[tuple[int, Any], Any] = {}
        self.reads: dict[tuple[int, Any], Reads | None] = {}
        self.weight = weight
        self._plans = plans
        self._selection_caches: list[SelectionCache] = []

    def use_root_fields(self, grouped_field_set: Any) -> Any:
        """Return the root fields that the first execution collected."""
        if self.root_fields is None:
            self.root_fields = grouped_field_set
            self.roots = tuple(RootField.of(*field) for field in grouped_field_set.items())
        return self.root_fields

    @property
    def is_cached(self) -> bool:
        """Whether later requests may use this plan and its cached fragments."""
        return self._plans is not None

    def count(self, functions: int) -> None:
        """Add to the number of functions that were compiled for this plan."""
        self.weight += functions
        if self._plans is not None:
            self._plans.weight += functions

    def new_selection_cache(
        self, key_of: Callable[[Any], Any], reads: Reads
    ) -> SelectionCache | None:
        """Return a new cache for the fragments of a selection; None if the plan is not cached."""
        if self._plans is None:
            return None
        cache = SelectionCache(self._plans.fragments, key_of, reads)
        self._selection_caches.append(cache)
        return cache

    def release(self) -> None:
        """Drop the cached fragments. Running executions of the plan cache no more fragments."""
        self._plans = None
        for cache in self._selection_caches:
            cache.close()


class Plans:
    """The most recently used plans of one server, within a limit on their compiled functions.

    Plans are cached from the second request on, because many documents are sent only once.
    """

    def __init__(self, fragments: Fragments) -> None:
        self.fragments = fragments
        self.weight = 0
        self._plans: OrderedDict[Any, Plan] = OrderedDict()
        # Contains the hashes of the keys of recent requests.
        self._requested: OrderedDict[int, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._plans)

    def plan_of(
        self, document: Document, operation: Operation, variables: Mapping[str, Any] | None
    ) -> Plan:
        """Return the plan of an operation of a document with the variables of a request."""
        values = encoded_values(operation.planned_variables, variables)
        if values is None:
            return Plan()
        key = (document.source, operation.name, values)
        plan = self._plans.get(key)
        if plan is not None:
            self._plans.move_to_end(key)
            return plan
        if not self._was_requested(key):
            return Plan()
        self._plans[key] = plan = Plan(self)
        plan.count(1 + (len(document.source) + len(values)) // _CHARACTERS_PER_FUNCTION)
        while self.weight > MAX_WEIGHT and len(self._plans) > 1:
            _, oldest = self._plans.popitem(last=False)
            self.weight -= oldest.weight
            oldest.release()
        return plan

    def _was_requested(self, key: Any) -> bool:
        """Remember a request, and return whether a recent request had the same key."""
        was_requested = hash(key) in self._requested
        self._requested[hash(key)] = None
        if len(self._requested) > _MAX_REQUESTED:
            self._requested.popitem(last=False)
        return was_requested


def encoded_values(names: tuple[str, ...], variables: Mapping[str, Any] | None) -> bytes | None:
    """Return the values of some variables as JSON; None if they cannot be encoded."""
    if not names or not variables:
        return b""
    try:
        return encode({name: variables[name] for name in names if name in variables})
    except TypeError:  # an integer of more than 64 bits, or an unpaired surrogate
        return None
