"""The part of a request's context that the engine uses. All resolvers share the context."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Document
from graph.engine.run.limits import AnswerSize
from graph.engine.run.pacing import Pace
from store.identity import Principal
from store.pacing import Turns

if TYPE_CHECKING:
    from graph.engine.run.plans import Plan


class RequestContext:
    """The context of one request: its sender, document, limits, pace, and answer size.

    A subclass adds the state that resolvers read.
    """

    def __init__(
        self,
        principal: Principal,
        *,
        limits: Limits,
        may_introspect: bool,
        turns: Turns,
        document: Document | None = None,
    ) -> None:
        self.principal = principal
        self.limits = limits
        self.may_introspect = may_introspect
        self.pace = Pace(turns)
        self.document = document
        self.cost: int | None = None  # known once the operation is authorized
        self.answer = AnswerSize()
        # The compiled functions that the operation shares with other requests.
        self.plan: Plan | None = None
        # The state whose cached values this request may read and write. If the state is None, the
        # request may not use cached values.
        self.cached_state: object = None
        # Caches the arguments whose conversion reads this context.
        self.converted_arguments: dict[Any, dict[str, Any]] = {}
        # Contains the cached values of root fields under their names in the answer.
        self.cached_roots: Mapping[str, Any] = {}

    def newest_state(self) -> object:
        """Return the immutable state that fields read; None if there is a newer state."""
        return None

    def live_version(self) -> object:
        """Return a value that changes whenever data outside of the state changes."""
        return None

    def part(self, name: str) -> object:
        """Return a part of the state.

        After the part changes, the method returns another object, number or tuple.
        """
        raise KeyError(name)

    def use_state(self, state: Any) -> None:
        """Resolve fields from this state, which an event of a subscription contains."""

    def release_state(self) -> None:
        """Drop the reference to the state, because this context resolves no further fields."""


class ContextFactory(Protocol):
    """Creates the context of one operation."""

    def __call__(self, principal: Principal, *, document: Document) -> RequestContext: ...
