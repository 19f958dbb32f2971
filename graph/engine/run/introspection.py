"""Asking the schema about itself: beside the event loop, and only as long as somebody waits."""

import asyncio
from collections import OrderedDict
from threading import Event
from typing import Any, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLSchema,
    execute_sync,  # pyright: ignore[reportUnknownVariableType] (a type left open there)
)

from graph.engine.run.request import GraphQLRequest

MAX_KEPT = 20

# graphql-core leaves the generics of its executor open.
_EXECUTOR: Any = Executor


class Introspections:
    """Answers to introspection, of which those without variables are kept.

    A schema takes a fifth of a second to tell whole. One question is worked on at a time, so that
    neither other threads nor the event loop get less than half of the processor.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[tuple[str, str | None], ExecutionResult] = OrderedDict()
        self._turn = asyncio.Lock()

    async def answer(self, text: str, tree: DocumentNode, asked: GraphQLRequest) -> ExecutionResult:
        """What the schema says; to give up waiting for it ends the work."""
        key = (text, asked.operation_name)
        async with self._turn:
            if not asked.variables and key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            given_up = Event()
            try:
                result = await asyncio.to_thread(self._ask, tree, asked, given_up)
            finally:
                given_up.set()
            if not asked.variables and not result.errors:
                self._kept[key] = result
                if len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
        return result

    def _ask(self, tree: DocumentNode, asked: GraphQLRequest, given_up: Event) -> ExecutionResult:
        return execute_sync(
            self._schema,
            tree,
            context_value=given_up,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
            executor_class=cast("Any", _Interruptible),
        )


class _Interruptible(_EXECUTOR):
    """Executes until an event, its context, is set; from then on all objects are errors."""

    def execute_fields(self, *args: Any) -> Any:
        if self.context_value.is_set():
            raise TimeoutError
        executor: Any = super()
        return executor.execute_fields(*args)
