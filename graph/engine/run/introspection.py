"""Answer introspection in a thread, and cache the answers."""

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

MAX_CACHED = 20

# graphql-core does not set the type parameters of its executor.
_EXECUTOR: Any = Executor


class Introspections:
    """Answers introspection, and caches answers to operations without variables.

    Introspecting the whole schema takes 0.2 seconds. Operations are answered one at a time, so that
    the event loop gets at least half of the processor time.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._cached: OrderedDict[tuple[str, str | None], ExecutionResult] = OrderedDict()
        self._turn = asyncio.Lock()

    async def answer(
        self, source: str, tree: DocumentNode, request: GraphQLRequest
    ) -> ExecutionResult:
        """Return the answer to an introspection query. Cancelling the call stops the execution."""
        key = (source, request.operation_name)
        async with self._turn:
            if not request.variables and key in self._cached:
                self._cached.move_to_end(key)
                return self._cached[key]
            cancelled = Event()
            try:
                result = await asyncio.to_thread(self._execute, tree, request, cancelled)
            finally:
                cancelled.set()
            if not request.variables and not result.errors:
                self._cached[key] = result
                if len(self._cached) > MAX_CACHED:
                    self._cached.popitem(last=False)
        return result

    def _execute(
        self, tree: DocumentNode, request: GraphQLRequest, cancelled: Event
    ) -> ExecutionResult:
        return execute_sync(
            self._schema,
            tree,
            context_value=cancelled,
            variable_values=request.variables,
            operation_name=request.operation_name,
            executor_class=cast("Any", _Interruptible),
        )


class _Interruptible(_EXECUTOR):
    """Executes an operation until it is interrupted.

    The context is an event. After the event is set, completing any object raises an error.
    """

    def execute_fields(self, *args: Any) -> Any:
        if self.context_value.is_set():
            raise TimeoutError
        executor: Any = super()
        return executor.execute_fields(*args)
