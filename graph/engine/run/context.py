"""The context that all resolvers of one request share, as far as the engine uses it."""

from collections.abc import Mapping
from typing import Any, Protocol

from graph.engine.documents.limits import Limits
from graph.engine.documents.preparing import Document
from graph.engine.run.limits import AnswerSize
from graph.engine.run.pacing import Pace
from store.identity import Principal
from store.pacing import Turns


class RequestContext:
    """One request: its sender, its document and limits, its pace, and the size of its answer.

    A subclass adds the state that resolvers read.
    """

    def __init__(
        self,
        principal: Principal,
        *,
        limits: Limits,
        may_introspect: bool,
        turns: Turns,
        headers: Mapping[str, str] | None = None,
        document: Document | None = None,
    ) -> None:
        self.principal = principal
        self.limits = limits
        self.may_introspect = may_introspect
        self.pace = Pace(turns)
        self.headers: Mapping[str, str] = headers or {}
        self.document = document
        self.cost: int | None = None  # known once the operation is authorized
        self.answer = AnswerSize()

    def use_state(self, state: Any) -> None:
        """Resolve fields from the state that comes with an event of a subscription."""

    def release_state(self) -> None:
        """Drop the state of a context that resolves no further fields."""


class ContextFactory(Protocol):
    """Creates the context of one operation."""

    def __call__(
        self, principal: Principal, *, document: Document, headers: Mapping[str, str]
    ) -> RequestContext: ...
