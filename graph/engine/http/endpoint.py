"""The GraphQL endpoint, which identifies the caller, runs the request and writes the answer."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.engine.codes import ErrorCode
from graph.engine.documents.preparing import Document, Operation
from graph.engine.errors import codes_of, mask_fault, no_such_operation, request_error
from graph.engine.http.answers import (
    NOT_STORED,
    RefusedError,
    method_not_allowed,
    revalidate,
    status_of_refusal,
    write,
)
from graph.engine.http.assets import BrowserPages
from graph.engine.http.negotiation import (
    GRAPHQL_JSON,
    JSON,
    Form,
    accept_of,
    form_for,
    prefers_html,
)
from graph.engine.http.requests import from_post, from_query_string
from graph.engine.http.sessions import Sessions
from graph.engine.http.stream_answers import StreamAnswers, stream_form_for
from graph.engine.http.websocket import WebSockets
from graph.engine.run.authorization import READERS
from graph.engine.run.config import GraphConfig
from graph.engine.run.context import RequestContext
from graph.engine.run.operations import Operations, did_not_run
from graph.engine.run.request import GraphQLRequest, RequestError
from graph.engine.run.streaming import Streams
from store import Store
from store.identity import (
    TOKEN_ID_KEY,
    ForbiddenError,
    Principal,
    UnauthenticatedError,
    UnknownTokenError,
    identify,
    require,
)
from store.model import ApiTokenType
from store.unknown_tokens import TooManyUnknownTokensError

RETRY_AFTER_S = 1


def endpoint(
    store: Store,
    config: GraphConfig,
    operations: Operations,
    *,
    page: BrowserPages,
    sdl: Callable[[], str],
) -> ASGIApp:
    """Return the ASGI application for `/graphql`, its page for browsers, and `/schema.graphql`.

    `sdl` returns the text of `/schema.graphql`.
    """
    edge = _Edge(store, config, operations, page, sdl)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await edge.sockets.serve(scope, receive, send)
            return
        try:
            response = await edge.answer(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    return app


class _Edge:
    def __init__(
        self,
        store: Store,
        config: GraphConfig,
        operations: Operations,
        page: BrowserPages,
        sdl: Callable[[], str],
    ) -> None:
        self._store = store
        self._config = config
        self._operations = operations
        streams, self._sessions = Streams(self._operations, config), Sessions(store, config)
        self.sockets = WebSockets(self._operations, streams, self._sessions, config)
        self._streams = StreamAnswers(streams, self._sessions, config)
        self._page = page
        self._sdl = sdl

    async def answer(self, request: Request) -> ASGIApp:
        """Answer a request. Refusals and unexpected exceptions become bodies with `errors`."""
        try:
            path: str = request.scope["path"]
            if path.startswith(self._page.assets):
                return self._page.asset(request)
            if path.endswith("/schema.graphql"):
                return self._answer_with_schema(request)
            return await self._answer_operation(request)
        except RefusedError as refused:
            return write(refused.status, {"errors": refused.errors}, headers=refused.headers)
        except ClientDisconnect:
            raise
        except MemoryError as fault:
            retry = {"Retry-After": str(RETRY_AFTER_S)}
            return write(503, {"errors": [mask_fault(fault)]}, headers=retry)
        except Exception as fault:
            return write(500, {"errors": [mask_fault(fault)]})

    def _answer_with_schema(self, request: Request) -> Response:
        if request.method != "GET":
            raise method_not_allowed("GET, HEAD")
        principal = self._identify(request)
        if not self._config.introspection and principal.type is not ApiTokenType.ADMIN:
            raise RefusedError(
                403,
                ErrorCode.FORBIDDEN,
                "On this server only admin tokens may read the schema.",
            )
        return PlainTextResponse(self._sdl(), headers=NOT_STORED)

    async def _answer_operation(self, request: Request) -> ASGIApp:
        if request.method not in ("GET", "POST"):
            raise method_not_allowed("GET, HEAD, POST")
        if request.method == "GET" and _opens_the_page(request):
            return self._page.page(request.scope["path"])
        principal = self._identify(request)
        accept = accept_of(request.headers)
        form = form_for(accept)
        if form is None and stream_form_for(accept) is None:
            raise RefusedError(
                406,
                ErrorCode.BAD_USER_INPUT,
                f"Answers are available only as {GRAPHQL_JSON} or {JSON}.",
            )
        try:
            if request.method == "GET":
                graphql_request = from_query_string(request.scope["query_string"])
            else:
                graphql_request = await from_post(
                    request,
                    max_bytes=self._max_bytes(principal),
                    deadline_s=self._config.body_deadline_s,
                )
            document = await self._operations.document_for(principal, graphql_request)
        except RequestError as error:
            raise _refused(error) from None
        # The token may have been revoked while the body arrived.
        if not self._sessions.is_valid(principal):
            raise _unauthenticated("The API token was revoked or has expired.")
        if form is None or document.subscribes(graphql_request.operation_name):
            return await self._streams.answer(request, principal, graphql_request, document)
        return await self._run(request, principal, graphql_request, document, form)

    def _identify(self, request: Request) -> Principal:
        """Return the principal to which the request's token belongs.

        Raises: RefusedError: 401 without a valid token, 403 with a token for SDKs.
        """
        headers = request.headers
        try:
            principal = identify(
                self._store.snapshot,
                # If there are two Authorization headers, the joined value is an unknown token.
                authorization=", ".join(headers.getlist("authorization")) or None,
                user=headers.get("x-flagstaff-user"),
                now=self._store.clock(),
                auth=self._config.auth,
            )
        except UnknownTokenError as error:
            raise self._refused_token(request, error) from None
        except UnauthenticatedError as error:
            raise _unauthenticated(error.message) from None
        if principal.token is not None:
            self._store.token_use.mark(principal.token.id, self._store.clock())
            request.scope[TOKEN_ID_KEY] = principal.token.id
        try:
            require(principal, *READERS)
        except ForbiddenError as error:
            raise RefusedError(403, ErrorCode.FORBIDDEN, error.message) from None
        return principal

    def _refused_token(self, request: Request, error: UnknownTokenError) -> RefusedError:
        """Return a refusal: 401, or 429 if the address has tried too many unknown tokens."""
        try:
            self._store.unknown_tokens.count(request.client.host if request.client else "")
        except TooManyUnknownTokensError as refused:
            return RefusedError(
                429,
                ErrorCode.RATE_LIMITED,
                refused.message,
                {"Retry-After": str(refused.retry_after_s)},
            )
        return _unauthenticated(error.message)

    def _max_bytes(self, principal: Principal) -> int:
        """Return the maximum size of a request body; admins may import documents."""
        if principal.type is ApiTokenType.ADMIN:
            return self._config.max_admin_body_bytes
        return self._config.max_body_bytes

    async def _run(
        self,
        request: Request,
        principal: Principal,
        graphql_request: GraphQLRequest,
        document: Document,
        form: Form,
    ) -> Response:
        """Run an operation and write its result."""
        if document.errors:
            return self._refuse(self._operations.errors_of(document, graphql_request), form)
        operation = document.operation(graphql_request.operation_name)
        if operation is None:
            error = no_such_operation(graphql_request.operation_name)
            return self._refuse([error], form)
        if request.method == "GET" and operation.type is not OperationType.QUERY:
            raise method_not_allowed("POST", "Only queries can be sent by GET; use POST.")
        context = self._operations.context(principal, document=document)
        result = await self._result(context, graphql_request, operation)
        if result is None:
            return self._answer_timeout(form)
        if result.errors and did_not_run(result):
            return self._refuse(result.errors, form)
        response = self._answer(result, form, _extensions(request, context))
        if request.method == "GET" and response.status_code == 200:
            return revalidate(request, response)
        return response

    async def _result(
        self, context: RequestContext, graphql_request: GraphQLRequest, operation: Operation
    ) -> ExecutionResult | None:
        """Return the result of an operation; None if the operation times out.

        Raises: RefusedError: 429, the token already runs the maximum number of operations.
        """
        try:
            return await self._operations.run(context, graphql_request, operation)
        except TimeoutError:
            return None
        except RequestError as error:
            raise _refused(error) from None

    def _answer(self, result: ExecutionResult, form: Form, extensions: dict[str, Any]) -> Response:
        """Return the answer to an operation that ran.

        If all errors are due to an unavailable database, the status is 503, so that the client
        repeats the request.
        """
        if not result.errors:
            return write(200, {"data": result.data, **extensions}, media_type=form.media_type)
        errors = self._operations.format_errors(result.errors)
        answer = {"errors": errors, "data": result.data, **extensions}
        if result.data is None and ErrorCode.UNAVAILABLE in codes_of(errors):
            retry = {"Retry-After": str(RETRY_AFTER_S)}
            return write(503, answer, media_type=form.media_type, headers=retry)
        partial = result.data is not None and form.media_type == GRAPHQL_JSON
        status = self._config.partial_status if partial else 200
        return write(status, answer, media_type=form.media_type)

    def _answer_timeout(self, form: Form) -> Response:
        """Return the answer to an operation that timed out.

        The status is 503 if the database is unavailable.
        """
        if self._store.database_available:
            return write(200, self._operations.too_slow, media_type=form.media_type)
        error = request_error(ErrorCode.UNAVAILABLE, "The database did not answer in time.")
        return write(
            503,
            {"errors": [error], "data": None},
            media_type=form.media_type,
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )

    def _refuse(self, errors: Sequence[GraphQLError], form: Form) -> Response:
        """Return the answer to an operation that cannot run."""
        formatted = self._operations.format_errors(errors)
        status = status_of_refusal(codes_of(formatted), uses_error_status=form.uses_error_status)
        return write(status, {"errors": formatted}, media_type=form.media_type)


def _refused(error: RequestError) -> RefusedError:
    headers = {"Retry-After": str(RETRY_AFTER_S)} if error.status == 429 else None
    return RefusedError(error.status, error.code, error.message, headers)


def _unauthenticated(message: str) -> RefusedError:
    return RefusedError(401, ErrorCode.UNAUTHENTICATED, message, {"WWW-Authenticate": "Bearer"})


def _extensions(request: Request, context: RequestContext) -> dict[str, Any]:
    """Return the extensions of an answer: the cost if the X-Flagstaff-Cost header requests it."""
    if request.headers.get("x-flagstaff-cost", "0").lower() in ("", "0", "false"):
        return {}
    return {"extensions": {"cost": context.cost}}


def _opens_the_page(request: Request) -> bool:
    """Whether a browser requests the page, and the request has no operation."""
    if not prefers_html(accept_of(request.headers)):
        return False
    parameters = {"query", "extensions", "documentId"}
    return parameters.isdisjoint(request.query_params)
