"""Run the requests of all transports: find the document, authorize it, and execute it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from inspect import isawaitable
from typing import Any, cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
)
from strawberry.execution import optimized_is_awaitable

from graph.engine.codes import ErrorCode
from graph.engine.documents.limits import exceeded
from graph.engine.documents.persisted import PersistedDocuments, digest_of
from graph.engine.documents.preparing import Document, Documents, Operation, variable_errors
from graph.engine.documents.trusted import by_digest, read_built_in, read_trusted
from graph.engine.documents.values import count_values
from graph.engine.errors import format_errors, request_error
from graph.engine.run.authorization import authorization_errors
from graph.engine.run.cached_fragments import Fragments
from graph.engine.run.cached_roots import CachedRoots
from graph.engine.run.config import GraphConfig
from graph.engine.run.context import ContextFactory, RequestContext
from graph.engine.run.counting import CANCELLED, OperationCounts, Trace, outcome_of
from graph.engine.run.executor import CompilingExecutor
from graph.engine.run.introspection import Introspections
from graph.engine.run.limits import AnswerTooLargeError, Parallel, enforce_limits
from graph.engine.run.plans import Plans
from graph.engine.run.reads import CurrentState
from graph.engine.run.request import GraphQLRequest, RequestError
from graph.engine.run.schema import Schema
from store.identity import Principal

# Longer documents are prepared in a thread, so that they do not block the event loop. A field or
# value takes about 40 µs to prepare, and may be only two characters long.
LONG_SOURCE_CHARACTERS = 1_000
# If variables contain more values than this number, a thread checks them. The check takes about 3
# µs for each value.
MANY_VALUES = 2_000

# graphql-core does not set the type parameters of its executor.
_EXECUTOR: Any = CompilingExecutor


class Operations:
    """Prepares and runs the operations of one server.

    `context` creates the context that the resolvers of one operation share. `counts` counts the
    operations that ran, and `trace` traces them.

    Raises: ManifestError: the trusted documents cannot be used.
    """

    def __init__(
        self,
        schema: Schema,
        config: GraphConfig,
        context: ContextFactory,
        counts: OperationCounts | None = None,
        trace: Trace | None = None,
    ) -> None:
        self.schema = schema
        self.context = context
        self._config = config
        self.documents = Documents(
            schema.graphql,
            config.limits,
            cost_rules=schema.cost_rules,
            suggestions=config.introspection,
        )
        manifest = config.trusted_documents
        self._trusted = {} if manifest is None else read_trusted(manifest, self.documents)
        built_in = config.built_in_documents
        self._built_in = {} if built_in is None else read_built_in(built_in)
        self._counts = counts or OperationCounts()
        self._trace = trace
        # The sources of the documents whose operations are counted under their names.
        self._known = frozenset(
            [*(document.source for document in self._trusted.values()), *self._built_in.values()]
        )
        self._persisted = PersistedDocuments()
        self._parallel = Parallel(config.max_parallel_operations)
        self._introspections = Introspections(self.schema.graphql)
        self._current = CurrentState()
        self._roots = CachedRoots(self._current)
        self.plans = Plans(Fragments(self._current))
        # At any time, at most one thread prepares a document or checks variables. Several threads
        # would not be faster, and would take more processor time from the event loop.
        self._reading = asyncio.Lock()

    async def document_for(self, principal: Principal, request: GraphQLRequest) -> Document:
        """Return the document that a request identifies by source, hash or ID.

        Raises: RequestError: the document does not exist, the document must be trusted but is not,
            or the document is long and the token already runs the maximum number of operations.
        """
        if request.document_id is not None:
            document = await self._trusted_document(principal, request.document_id)
            if document is None:
                raise RequestError(
                    f"No trusted document has the id '{request.document_id}'.",
                    ErrorCode.DOCUMENT_NOT_FOUND,
                )
            return document
        if self._trusted or self._built_in:
            digest = digest_of(request.query) if request.query else request.digest or ""
            document = await self._trusted_document(principal, by_digest(digest))
            document = document or self._trusted.get(digest)
            if document is not None:
                return document
        if self._config.trusted_only:
            raise _not_trusted(request)
        if request.digest is None:
            assert request.query is not None
            return await self._prepare(principal, request.query)
        return await self._persisted_document(principal, request.query, request.digest)

    async def _trusted_document(self, principal: Principal, id: str) -> Document | None:
        """Return the trusted document with an ID.

        Documents of the server's pages are found by digest.
        """
        document = self._trusted.get(id)
        if document is None and id in self._built_in:
            return await self._prepare(principal, self._built_in[id])
        return document

    async def _persisted_document(
        self, principal: Principal, query: str | None, digest: str
    ) -> Document:
        if query is None:
            source = self._persisted.source_of(digest)
            if source is None:
                # Clients recognize this message and then send the document.
                raise RequestError("PersistedQueryNotFound", ErrorCode.PERSISTED_QUERY_NOT_FOUND)
            return await self._prepare(principal, source)
        if digest_of(query) != digest:
            raise RequestError(f"The SHA-256 of the query is not '{digest}'.")
        document = await self._prepare(principal, query)
        if not document.errors:
            self._persisted.cache(digest, query)
        return document

    async def _prepare(self, principal: Principal, source: str) -> Document:
        """Return the document with this source; prepare a long document in a thread."""
        if len(source) <= LONG_SOURCE_CHARACTERS:
            return self.documents.prepare(source)
        cached = self.documents.cached(source)
        if cached is not None:
            return cached
        with self._parallel.one_of(principal.holder):
            return await self._read(source)

    async def _read(self, source: str) -> Document:
        async with self._reading:
            return self.documents.cache(await asyncio.to_thread(self.documents.read, source))

    def errors_of(self, document: Document, request: GraphQLRequest) -> list[GraphQLError]:
        """Return the errors of an invalid document and of the request's variables."""
        wrong = variable_errors(
            self.schema.graphql, document, request.operation_name, request.variables
        )
        return [*wrong, *document.errors]

    async def run(
        self, context: RequestContext, request: GraphQLRequest, operation: Operation
    ) -> ExecutionResult:
        """Return the result of an operation of the context's document.

        Raises: TimeoutError. RequestError: RATE_LIMITED: the token already runs the maximum number
            of operations.
        """
        if self._trace is None:
            return await self._run_counted(context, request, operation)
        with self._trace(operation.name, operation.type.value) as end:
            return await self._run_counted(context, request, operation, end)

    async def _run_counted(
        self,
        context: RequestContext,
        request: GraphQLRequest,
        operation: Operation,
        end: Callable[[str, int | None], None] | None = None,
    ) -> ExecutionResult:
        started = time.perf_counter()
        outcome: str = ErrorCode.RATE_LIMITED
        try:
            with self._parallel.one_of(context.principal.holder):
                outcome = CANCELLED
                result = await self._run(context, request, operation)
            outcome = outcome_of(result)
            return result
        except TimeoutError:
            outcome = ErrorCode.TIMEOUT
            raise
        finally:
            self._counts.record(
                context.document,
                operation,
                self._known,
                outcome=outcome,
                seconds=time.perf_counter() - started,
                cost=context.cost,
            )
            if end is not None:
                end(outcome, context.cost)

    async def _run(
        self, context: RequestContext, request: GraphQLRequest, operation: Operation
    ) -> ExecutionResult:
        # The result of a mutation has no maximum size, so that the client always gets it.
        if operation.type is OperationType.QUERY:
            context.answer.maximum = self._config.max_answer_bytes
        try:
            async with enforce_limits(context.answer, self._config.operation_timeout_s):
                if operation.only_introspects:
                    return await self._introspect(context, request)
                return await self._execute(context, request, operation)
        except AnswerTooLargeError as error:
            return ExecutionResult(None, [too_large(error)])

    @property
    def too_slow(self) -> dict[str, Any]:
        """Return the answer to an operation that timed out."""
        message = f"The operation took longer than {self._config.operation_timeout_s:g} seconds."
        return {"errors": [request_error(ErrorCode.TIMEOUT, message)], "data": None}

    def format_errors(self, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
        """Format errors for an answer; omit suggestions if introspection is off."""
        return format_errors(errors, suggestions=self._config.introspection)

    async def _execute(
        self, context: RequestContext, request: GraphQLRequest, operation: Operation
    ) -> ExecutionResult:
        document = context.document
        assert document is not None
        assert document.tree is not None
        errors = authorization_errors(
            self.schema.graphql, context, document, request.operation_name, request.variables
        )
        if errors:
            return ExecutionResult(None, errors)
        plan = context.plan = self.plans.plan_of(document, operation, request.variables)
        executor_class = cast("Any", self.schema).execution_context_class
        is_query = operation.type is OperationType.QUERY
        caches = is_query and plan.is_cached and _EXECUTOR is executor_class
        if caches:
            self._current.follow(context)
            cached = context.cached_roots = self._roots.find(plan, context, request.variables)
            if cached and len(cached) == len(plan.roots):
                return ExecutionResult(dict(cached), None)
        try:
            build = partial(
                executor_class.build,
                self.schema.graphql,
                document.tree,
                context_value=context,
                raw_variable_values=request.variables,
                operation_name=request.operation_name,
                is_awaitable=optimized_is_awaitable,
            )
            if self._has_many_values(operation, request):
                async with self._reading:
                    executor = await asyncio.to_thread(build)
            else:
                executor = build()
            if isinstance(executor, list):
                return ExecutionResult(None, cast("list[GraphQLError]", executor))
            result: Any = executor.execute_operation()
            if isawaitable(result):
                result = await result
            if caches and not result.errors and result.data is not None:
                reads_of = executor.reads_of_root
                self._roots.add(plan, context, request.variables, result.data, reads_of)
            return result
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        except Exception as fault:
            return ExecutionResult(None, [GraphQLError(str(fault), original_error=fault)])

    def _has_many_values(self, operation: Operation, request: GraphQLRequest) -> bool:
        """Whether the variables have so many values that a thread checks them."""
        count = count_values(
            self.schema.graphql, operation.tree, request.variables or {}, enough=MANY_VALUES
        )
        return count > MANY_VALUES

    async def _introspect(
        self, context: RequestContext, request: GraphQLRequest
    ) -> ExecutionResult:
        document = context.document
        assert document is not None
        assert document.tree is not None
        errors = authorization_errors(
            self.schema.graphql, context, document, request.operation_name, request.variables
        )
        if errors:
            return ExecutionResult(None, errors)
        return await self._introspections.answer(document.source, document.tree, request)


def too_large(error: AnswerTooLargeError) -> GraphQLError:
    """Return the error for an operation whose answer is too large."""
    return exceeded("answer", error.size, error.maximum)


def did_not_run(result: ExecutionResult) -> bool:
    """Whether a result has no data, and none of its errors belongs to a field."""
    return result.data is None and all(error.path is None for error in result.errors or ())


def _not_trusted(request: GraphQLRequest) -> RequestError:
    if request.query is None:
        # Clients recognize this message and then always send the document.
        return RequestError("PersistedQueryNotSupported", ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED)
    return RequestError(
        "This server runs only trusted documents, and this document is not trusted.",
        ErrorCode.DOCUMENT_NOT_TRUSTED,
        status=403,
    )
