"""From a request that was read to its result, the same for every transport."""

import asyncio
from collections.abc import Sequence
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
)

from graph.engine.codes import ErrorCode
from graph.engine.documents.limits import exceeded
from graph.engine.documents.persisted import PersistedTexts, digest_of
from graph.engine.documents.preparing import Document, Documents, Operation, variable_errors
from graph.engine.documents.trusted import by_digest, read_trusted
from graph.engine.errors import reported, request_error
from graph.engine.run.answer_size import AnswerTooLargeError, given_up_beyond
from graph.engine.run.authorization import admission_errors
from graph.engine.run.config import GraphConfig
from graph.engine.run.context import ContextFactory, RequestContext
from graph.engine.run.introspection import Introspections
from graph.engine.run.parallel import Parallel
from graph.engine.run.request import GraphQLRequest, RequestError
from graph.engine.run.schema import Schema
from store.identity import Principal

# Longer texts are prepared beside the event loop, so that others are answered meanwhile: each two
# characters may be a value or a field of its own, at some 40 µs.
LONG_TEXT_CHARACTERS = 1_000


class Operations:
    """Prepares and runs the operations of one server.

    `context` creates what the resolvers of one operation share.

    Raises: ManifestError: the trusted documents cannot be used.
    """

    def __init__(self, schema: Schema, config: GraphConfig, context: ContextFactory) -> None:
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
        self._persisted = PersistedTexts()
        self._parallel = Parallel(config.max_parallel_operations)
        self._introspections = Introspections(self.schema.graphql)
        # Several threads at once would read no faster, and leave the event loop its share only.
        self._reading = asyncio.Lock()

    async def document_for(self, principal: Principal, asked: GraphQLRequest) -> Document:
        """The document that a request names, by text, by its hash, or by its id.

        Raises: RequestError: there is none, or only trusted ones may run and it is not among them;
            or it takes long to read, and as many operations of the token run as may.
        """
        if asked.document_id is not None:
            document = self._trusted.get(asked.document_id)
            if document is None:
                raise RequestError(
                    f"No trusted document has the id '{asked.document_id}'.",
                    ErrorCode.DOCUMENT_NOT_FOUND,
                )
            return document
        if self._trusted:
            digest = digest_of(asked.query) if asked.query else asked.digest or ""
            document = self._trusted.get(by_digest(digest)) or self._trusted.get(digest)
            if document is not None:
                return document
        if self._config.trusted_only:
            raise _not_trusted(asked)
        if asked.digest is None:
            assert asked.query is not None
            return await self._prepare(principal, asked.query)
        return await self._persisted_document(principal, asked.query, asked.digest)

    async def _persisted_document(
        self, principal: Principal, query: str | None, digest: str
    ) -> Document:
        if query is None:
            text = self._persisted.text_of(digest)
            if text is None:
                # Clients know this very message, too, and send the text.
                raise RequestError("PersistedQueryNotFound", ErrorCode.PERSISTED_QUERY_NOT_FOUND)
            return await self._prepare(principal, text)
        if digest_of(query) != digest:
            raise RequestError(f"The SHA-256 of the query is not '{digest}'.")
        document = await self._prepare(principal, query)
        if not document.errors:
            self._persisted.keep(digest, query)
        return document

    async def _prepare(self, principal: Principal, text: str) -> Document:
        """The document of a text; a long one is read while others are served."""
        if len(text) <= LONG_TEXT_CHARACTERS:
            return self.documents.prepare(text)
        kept = self.documents.kept(text)
        if kept is not None:
            return kept
        with self._parallel.one_of(principal.holder):
            return await self._read(text)

    async def _read(self, text: str) -> Document:
        async with self._reading:
            return self.documents.keep(await asyncio.to_thread(self.documents.read, text))

    def errors_of(self, document: Document, asked: GraphQLRequest) -> list[GraphQLError]:
        """What is wrong with a document that cannot run, and with the variables sent for it."""
        wrong = variable_errors(
            self.schema.graphql, document, asked.operation_name, asked.variables
        )
        return [*wrong, *document.errors]

    async def run(
        self, context: RequestContext, asked: GraphQLRequest, operation: Operation
    ) -> ExecutionResult:
        """The result of an operation of the context's document.

        Raises: TimeoutError: it took too long. RequestError: RATE_LIMITED, as many operations of
            the token run as may.
        """
        with self._parallel.one_of(context.principal.holder):
            return await self._run(context, asked, operation)

    async def _run(
        self, context: RequestContext, asked: GraphQLRequest, operation: Operation
    ) -> ExecutionResult:
        # What was changed is told in any case.
        if operation.type is OperationType.QUERY:
            context.answer.maximum = self._config.max_answer_bytes
        try:
            async with given_up_beyond(context.answer, self._config.operation_timeout_s):
                if operation.only_introspects:
                    return await self._introspect(context, asked)
                return await self._execute(context, asked)
        except AnswerTooLargeError as error:
            return ExecutionResult(None, [too_large(error)])

    @property
    def too_slow(self) -> dict[str, Any]:
        """The answer to an operation that takes too long."""
        message = f"The operation took longer than {self._config.operation_timeout_s:g} seconds."
        return {"errors": [request_error(ErrorCode.TIMEOUT, message)], "data": None}

    def reported(self, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
        """Errors as they are sent, without hints at the schema where it is not for everybody."""
        return reported(errors, suggestions=self._config.introspection)

    async def _execute(self, context: RequestContext, asked: GraphQLRequest) -> ExecutionResult:
        assert context.document is not None
        result = await self.schema.execute(
            context.document.text,
            variable_values=asked.variables,
            context_value=context,
            operation_name=asked.operation_name,
        )
        return ExecutionResult(result.data, result.errors)

    async def _introspect(self, context: RequestContext, asked: GraphQLRequest) -> ExecutionResult:
        document = context.document
        assert document is not None
        assert document.tree is not None
        errors = admission_errors(
            self.schema.graphql, context, document, asked.operation_name, asked.variables
        )
        if errors:
            return ExecutionResult(None, errors)
        return await self._introspections.answer(document.text, document.tree, asked)


def too_large(error: AnswerTooLargeError) -> GraphQLError:
    """The refusal of an operation whose answer grows too large."""
    return exceeded("answer", error.size, error.maximum)


def did_not_run(result: ExecutionResult) -> bool:
    """Whether a result holds nothing but errors, and those belong to no field."""
    return result.data is None and all(it.path is None for it in result.errors or ())


def _not_trusted(asked: GraphQLRequest) -> RequestError:
    if asked.query is None:
        # Clients know this very message, too, and send the text from then on.
        return RequestError("PersistedQueryNotSupported", ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED)
    return RequestError(
        "This server runs only the documents it was given; this is none of them.",
        ErrorCode.DOCUMENT_NOT_TRUSTED,
        status=403,
    )
