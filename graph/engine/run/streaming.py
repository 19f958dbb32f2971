"""Run operations as streams of results, for all streaming transports."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Coroutine, Hashable, Sequence
from functools import partial
from inspect import isawaitable
from typing import Any, cast

import orjson
from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
    create_source_event_stream,  # pyright: ignore[reportUnknownVariableType] (generics left open there)
)

from graph.engine.documents.preparing import Document, Operation
from graph.engine.errors import no_such_operation, request_error
from graph.engine.run.authorization import authorization_errors
from graph.engine.run.completing import encode
from graph.engine.run.config import GraphConfig
from graph.engine.run.context import RequestContext
from graph.engine.run.executor import CompilingExecutor
from graph.engine.run.limits import AnswerTooLargeError, enforce_limits
from graph.engine.run.operations import Operations, did_not_run, too_large
from graph.engine.run.push_budgets import PushBudget, PushBudgets
from graph.engine.run.request import GraphQLRequest, RequestError
from graph.engine.run.source_events import SourceEvent, SourceEvents
from store.identity import Principal

# graphql-core does not set the type parameters of its executor.
_EXECUTOR: Any = CompilingExecutor

# At most this many results are cached. Slower subscribers get the results that were computed for
# faster subscribers.
MAX_SHARED = 500
MAX_SHARED_BYTES = 10_000_000


class RefusedOperationError(Exception):
    """The operation cannot run; `errors` are formatted for the client."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class Streams:
    """Runs operations of any type as streams of results in JSON."""

    def __init__(self, operations: Operations, config: GraphConfig) -> None:
        self._operations = operations
        self._timeout_s = config.operation_timeout_s
        self._max_answer_bytes = config.max_answer_bytes
        self._shared = _Shared()
        self._budgets = PushBudgets(config.max_push_cost_per_second)

    async def open(
        self,
        principal: Principal,
        request: GraphQLRequest,
        document: Document,
    ) -> AsyncGenerator[bytes, None]:
        """Yield the results of an operation. Only subscriptions yield more than one result.

        The iteration raises `EndOfFeedError` when the server stops, and `SlowSubscriberError` when
        results are consumed more slowly than they are produced.

        Raises: RefusedOperationError.
        """
        if document.errors:
            raise self._refusal(self._operations.errors_of(document, request))
        operation = document.operation(request.operation_name)
        if operation is None:
            raise self._refusal([no_such_operation(request.operation_name)])
        context = self._operations.context(principal, document=document)
        if operation.type is OperationType.SUBSCRIPTION:
            return await self._subscribe(context, request, document)
        return self._one(await self._result(context, request, operation))

    async def _result(
        self, context: RequestContext, request: GraphQLRequest, operation: Operation
    ) -> bytes:
        try:
            result = await self._operations.run(context, request, operation)
        except TimeoutError:
            return orjson.dumps(self._operations.too_slow)
        except RequestError as error:
            raise RefusedOperationError([request_error(error.code, error.message)]) from None
        if result.errors and did_not_run(result):
            raise self._refusal(result.errors)
        return self._encode(result)

    async def _one(self, result: bytes) -> AsyncGenerator[bytes, None]:
        yield result

    async def _subscribe(
        self, context: RequestContext, request: GraphQLRequest, document: Document
    ) -> AsyncGenerator[bytes, None]:
        assert document.tree is not None
        operation = document.operation(request.operation_name)
        assert operation is not None
        errors = authorization_errors(
            self._operations.schema.graphql,
            context,
            document,
            request.operation_name,
            request.variables,
        )
        if errors:
            raise self._refusal(errors)
        context.plan = self._operations.plans.plan_of(document, operation, request.variables)
        executor: Any = _EXECUTOR.build(
            self._operations.schema.graphql,
            document.tree,
            context_value=context,
            raw_variable_values=request.variables,
            operation_name=request.operation_name,
        )
        if isinstance(executor, list):
            raise self._refusal(cast("list[GraphQLError]", executor))
        source = create_source_event_stream(executor)
        if isawaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            raise self._refusal(source.errors or ())
        # Each event has its own state. Without this call, the state would stay in memory until the
        # subscription ends.
        context.release_state()
        return self._results(context, request, executor, source)

    async def _results(
        self, context: RequestContext, request: GraphQLRequest, executor: Any, source: Any
    ) -> AsyncGenerator[bytes, None]:
        source_events: SourceEvents = source
        # Equal subscriptions have equal results if their tokens have the same type.
        subscription_key = _subscription_key(context, request)
        budget, cost = self._budgets.of(context.principal.holder), max(context.cost or 0, 1)
        try:
            async for source_event in source_events:
                if source_event.key is None:
                    await budget.pay(cost)
                    yield await self._compute_in_turn(budget, context, executor, source_event)
                else:
                    key = (subscription_key, source_event.key)
                    if key not in self._shared:
                        await budget.pay(
                            cost, unless=lambda shared_key=key: shared_key in self._shared
                        )
                    yield await self._shared.result(
                        key,
                        lambda event=source_event: self._compute_in_turn(
                            budget, context, executor, event
                        ),
                    )
        finally:
            await source_events.aclose()

    async def _compute_in_turn(
        self, budget: PushBudget, context: RequestContext, executor: Any, source_event: SourceEvent
    ) -> bytes:
        """Compute one result. Each token has a maximum number of concurrent computations."""
        async with budget.workers:
            return await self._compute(context, executor, source_event)

    async def _compute(
        self, context: RequestContext, executor: Any, source_event: SourceEvent
    ) -> bytes:
        """Compute one result in its own context."""
        assert context.document is not None
        own = self._operations.context(context.principal, document=context.document)
        own.use_state(source_event.state)
        own.plan = context.plan
        own.answer.maximum = self._max_answer_bytes
        event = executor.for_event(source_event.value, own)
        try:
            async with enforce_limits(own.answer, self._timeout_s):
                if own.pace.is_over():
                    await own.pace.take_turn()
                result: Any = event.execute_operation(False)
                return self._encode(await result if isawaitable(result) else result)
        except TimeoutError:
            return orjson.dumps(self._operations.too_slow)
        except AnswerTooLargeError as error:
            return self._encode(ExecutionResult(None, [too_large(error)]))

    def _encode(self, result: ExecutionResult) -> bytes:
        if not result.errors:
            return orjson.dumps({"data": result.data})
        errors = self._operations.format_errors(result.errors)
        return orjson.dumps({"errors": errors, "data": result.data})

    def _refusal(self, errors: Sequence[GraphQLError]) -> RefusedOperationError:
        return RefusedOperationError(self._operations.format_errors(errors))


class _Shared:
    """The newest results. All equal subscriptions share the computation of a result."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, asyncio.Task[bytes]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Hashable) -> bool:
        """Whether a result is cached or being computed."""
        return key in self._results

    async def result(
        self, key: Hashable, compute: Callable[[], Coroutine[Any, Any, bytes]]
    ) -> bytes:
        """Return the result with a key. The first call computes the result."""
        task = self._results.get(key)
        if task is None:
            # The computation runs in a separate task, because its first caller may be cancelled.
            task = self._results[key] = asyncio.create_task(compute())
            task.add_done_callback(partial(self._on_done, key))
            if len(self._results) > MAX_SHARED:
                self._drop(next(iter(self._results)))
        return task.result() if task.done() else await asyncio.shield(task)

    def _on_done(self, key: Hashable, task: asyncio.Task[bytes]) -> None:
        """If the result failed, drop it. Otherwise enforce the limit on cached bytes."""
        if self._results.get(key) is not task:
            return
        if task.cancelled() or task.exception() is not None:
            del self._results[key]
            return
        self._bytes += len(task.result())
        while self._bytes > MAX_SHARED_BYTES:
            self._drop(next(iter(self._results)))

    def _drop(self, key: Hashable) -> None:
        task = self._results.pop(key)
        if task.done():
            self._bytes -= len(task.result())


def _subscription_key(context: RequestContext, request: GraphQLRequest) -> Hashable:
    assert context.document is not None
    variables = encode(request.variables, orjson.OPT_SORT_KEYS)
    return context.document.source, request.operation_name, variables, context.principal.type
