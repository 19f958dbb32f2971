"""Operations as streams of results, the same for every transport that can stream."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Coroutine, Hashable, Mapping, Sequence
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
from graph.engine.errors import request_error
from graph.engine.refusals import no_such_operation
from graph.engine.run.answer_size import AnswerTooLargeError, given_up_beyond
from graph.engine.run.authorization import admission_errors
from graph.engine.run.config import GraphConfig
from graph.engine.run.context import RequestContext
from graph.engine.run.executor import CompilingExecutor
from graph.engine.run.operations import Operations, did_not_run, too_large
from graph.engine.run.push_budgets import Purse, Purses
from graph.engine.run.request import GraphQLRequest, RequestError
from graph.engine.run.source_events import SourceEvent, SourceEvents
from store.identity import Principal

# graphql-core leaves the generics of its executor open.
_EXECUTOR: Any = CompilingExecutor

# Results that several subscribers may share are of use only as long as some are behind others.
MAX_SHARED = 500
MAX_SHARED_BYTES = 10_000_000


class RefusedOperationError(Exception):
    """The operation cannot run; `errors` say why, in the form in which errors are sent."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class Streams:
    """Runs operations of any kind as streams of results, each a JSON text."""

    def __init__(self, operations: Operations, config: GraphConfig) -> None:
        self._operations = operations
        self._timeout_s = config.operation_timeout_s
        self._max_answer_bytes = config.max_answer_bytes
        self._shared = _Shared()
        self._purses = Purses(config.max_push_cost_per_second)

    async def open(
        self,
        principal: Principal,
        asked: GraphQLRequest,
        document: Document,
        headers: Mapping[str, str],
    ) -> AsyncGenerator[bytes, None]:
        """The results of an operation: one of a query or a mutation, any number of a subscription.

        The iteration raises `EndOfFeedError` when the server stops and `SlowSubscriberError` when
        results are not taken as fast as they come.

        Raises: RefusedOperationError.
        """
        if document.errors:
            raise self._refusal(self._operations.errors_of(document, asked))
        operation = document.operation(asked.operation_name)
        if operation is None:
            raise self._refusal([no_such_operation(asked.operation_name)])
        context = self._operations.context(principal, document=document, headers=headers)
        if operation.type is OperationType.SUBSCRIPTION:
            return await self._subscribe(context, asked, document)
        return self._one(await self._result(context, asked, operation))

    async def _result(
        self, context: RequestContext, asked: GraphQLRequest, operation: Operation
    ) -> bytes:
        try:
            result = await self._operations.run(context, asked, operation)
        except TimeoutError:
            return orjson.dumps(self._operations.too_slow)
        except RequestError as error:
            raise RefusedOperationError([request_error(error.code, error.message)]) from None
        if result.errors and did_not_run(result):
            raise self._refusal(result.errors)
        return self._written(result)

    async def _one(self, result: bytes) -> AsyncGenerator[bytes, None]:
        yield result

    async def _subscribe(
        self, context: RequestContext, asked: GraphQLRequest, document: Document
    ) -> AsyncGenerator[bytes, None]:
        assert document.tree is not None
        errors = admission_errors(
            self._operations.schema.graphql,
            context,
            document,
            asked.operation_name,
            asked.variables,
        )
        if errors:
            raise self._refusal(errors)
        executor: Any = _EXECUTOR.build(
            self._operations.schema.graphql,
            document.tree,
            context_value=context,
            raw_variable_values=asked.variables,
            operation_name=asked.operation_name,
        )
        if isinstance(executor, list):
            raise self._refusal(cast("list[GraphQLError]", executor))
        source = create_source_event_stream(executor)
        if isawaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            raise self._refusal(source.errors or ())
        # Each event brings its own state; this one would stay in memory as long as the subscriber.
        context.release_state()
        return self._results(context, asked, executor, source)

    async def _results(
        self, context: RequestContext, asked: GraphQLRequest, executor: Any, source: Any
    ) -> AsyncGenerator[bytes, None]:
        pushes: SourceEvents = source
        # Who asks the same with a token of the same type gets the same text.
        alike = _alike(context, asked)
        purse, cost = self._purses.of(context.principal.holder), max(context.cost or 0, 1)
        try:
            async for pushed in pushes:
                if pushed.key is None:
                    await purse.pay(cost)
                    yield await self._worked_out(purse, context, executor, pushed)
                else:
                    key = (alike, pushed.key)
                    if key not in self._shared:
                        await purse.pay(cost, unless=lambda it=key: it in self._shared)
                    yield await self._shared.result(
                        key, lambda it=pushed: self._worked_out(purse, context, executor, it)
                    )
        finally:
            await pushes.aclose()

    async def _worked_out(
        self, purse: Purse, context: RequestContext, executor: Any, pushed: SourceEvent
    ) -> bytes:
        """One result, of which so many of a token are worked out at a time."""
        async with purse.workers:
            return await self._shown(context, executor, pushed)

    async def _shown(self, context: RequestContext, executor: Any, pushed: SourceEvent) -> bytes:
        """One result, worked out with a context of its own."""
        assert context.document is not None
        own = self._operations.context(
            context.principal, document=context.document, headers=context.headers
        )
        own.use_state(pushed.state)
        own.answer.maximum = self._max_answer_bytes
        event = executor.for_event(pushed.value, own)
        try:
            async with given_up_beyond(own.answer, self._timeout_s):
                if own.pace.is_over():
                    await own.pace.take_turn()
                result: Any = event.execute_operation(False)
                return self._written(await result if isawaitable(result) else result)
        except TimeoutError:
            return orjson.dumps(self._operations.too_slow)
        except AnswerTooLargeError as error:
            return self._written(ExecutionResult(None, [too_large(error)]))

    def _written(self, result: ExecutionResult) -> bytes:
        if not result.errors:
            return orjson.dumps({"data": result.data})
        errors = self._operations.reported(result.errors)
        return orjson.dumps({"errors": errors, "data": result.data})

    def _refusal(self, errors: Sequence[GraphQLError]) -> RefusedOperationError:
        return RefusedOperationError(self._operations.reported(errors))


class _Shared:
    """Results that are worked out once for all who are shown the same; the newest of them."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, asyncio.Task[bytes]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Hashable) -> bool:
        """Whether a result is there, or is being worked out."""
        return key in self._results

    async def result(
        self, key: Hashable, work_out: Callable[[], Coroutine[Any, Any, bytes]]
    ) -> bytes:
        """The result with a key, worked out by whoever comes first."""
        task = self._results.get(key)
        if task is None:
            # A task of its own: the one who came first may leave before it is done.
            task = self._results[key] = asyncio.create_task(work_out())
            task.add_done_callback(partial(self._weigh, key))
            if len(self._results) > MAX_SHARED:
                self._drop(next(iter(self._results)))
        return task.result() if task.done() else await asyncio.shield(task)

    def _weigh(self, key: Hashable, task: asyncio.Task[bytes]) -> None:
        """Keep a result that is done as far as there is room, and a failure not at all."""
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


def _alike(context: RequestContext, asked: GraphQLRequest) -> Hashable:
    assert context.document is not None
    variables = orjson.dumps(asked.variables, option=orjson.OPT_SORT_KEYS)
    return context.document.text, asked.operation_name, variables, context.principal.type
