"""GraphQL over HTTP: who may ask, in which form, and how the answer is written."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from graphql import GraphQLError, OperationType, get_operation_ast
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.access import READERS
from graph.codes import ErrorCode
from graph.context import Context, ServerFacts
from graph.documents import Document
from graph.errors import codes_of, masked, reported, request_error
from graph.ide.page import CONTENT_SECURITY_POLICY, GRAPHIQL_PAGE
from graph.negotiation import GRAPHQL_JSON, JSON, media_type_for, prefers_html
from graph.requests import (
    GraphQLRequest,
    RequestError,
    from_body,
    from_query_string,
)
from graph.schema import print_sdl, schema
from store import Store
from store.identity import ForbiddenError, Principal, UnauthenticatedError, identify, require
from store.model import ApiTokenType
from store.operations.text import shown

RETRY_AFTER_S = 1
LARGE_BODY_BYTES = 1_000_000

_NOT_STORED = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


class GraphConfig(Struct, frozen=True, kw_only=True):
    """What can be set about the GraphQL edge; `auth` is `token` or `none`."""

    auth: str = "token"
    version: str = ""
    started_at: datetime | None = None
    max_body_bytes: int = 1_000_000
    max_admin_body_bytes: int = 10_000_000
    body_deadline_s: float = 30.0
    operation_timeout_s: float = 5.0


def graphql_app(store: Store, config: GraphConfig) -> ASGIApp:
    """The ASGI application for `/graphql` and `/schema.graphql`."""
    edge = _Edge(store, config)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            response = await edge.answer(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    return app


class RefusedError(Exception):
    """The request is answered with an error, and no operation runs."""

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.errors = [request_error(code, message)]
        self.headers = headers


class _Edge:
    def __init__(self, store: Store, config: GraphConfig) -> None:
        self._store = store
        self._config = config
        self._server = ServerFacts(config.version, config.started_at or store.clock())

    async def answer(self, request: Request) -> Response:
        """Answer a request; what cannot be answered otherwise gets a body with errors."""
        try:
            if request.scope["path"].endswith("/schema.graphql"):
                return self._answer_with_schema(request)
            return await self._answer_operation(request)
        except RefusedError as refused:
            return _response(refused.status, {"errors": refused.errors}, headers=refused.headers)
        except ClientDisconnect:
            raise
        except Exception as fault:
            return _response(500, {"errors": [masked(fault)]})

    def _answer_with_schema(self, request: Request) -> Response:
        if request.method != "GET":
            raise _method_not_allowed("GET")
        self._identify(request)
        return PlainTextResponse(print_sdl(), headers=_NOT_STORED)

    async def _answer_operation(self, request: Request) -> Response:
        if request.method not in ("GET", "POST"):
            raise _method_not_allowed("GET, POST")
        if request.method == "GET" and _opens_the_page(request):
            return _page()
        principal = self._identify(request)
        media_type = media_type_for(request.headers.get("accept"))
        if media_type is None:
            raise RefusedError(
                406,
                ErrorCode.BAD_USER_INPUT,
                f"Answers are {GRAPHQL_JSON} or {JSON}, nothing else.",
            )
        try:
            if request.method == "GET":
                asked = from_query_string(request.scope["query_string"])
            else:
                asked = await _request_in(await self._body(request, principal))
        except RequestError as error:
            raise RefusedError(400, ErrorCode.BAD_USER_INPUT, error.message) from None
        status, answer, headers = await self._run(request, principal, asked)
        return _response(status, answer, media_type=media_type, headers=headers)

    def _identify(self, request: Request) -> Principal:
        """Raises: RefusedError: 401 without a token, 403 with one that is for SDKs."""
        headers = request.headers
        try:
            principal = identify(
                self._store.snapshot,
                authorization=headers.get("authorization"),
                user=headers.get("x-flagstaff-user"),
                now=self._store.clock(),
                auth=self._config.auth,
            )
        except UnauthenticatedError as error:
            raise RefusedError(
                401, ErrorCode.UNAUTHENTICATED, error.message, {"WWW-Authenticate": "Bearer"}
            ) from None
        if principal.token is not None:
            self._store.token_use.mark(principal.token.id)
        try:
            require(principal, *READERS)
        except ForbiddenError as error:
            raise RefusedError(403, ErrorCode.FORBIDDEN, error.message) from None
        return principal

    async def _body(self, request: Request, principal: Principal) -> bytes:
        """Raises: RefusedError: 415 if it is no JSON, 408 and 413 beyond the limits."""
        content_type, _, parameters = request.headers.get("content-type", "").partition(";")
        charset = parameters.lower().replace(" ", "").replace('"', "")
        if content_type.strip().lower() != JSON or charset not in ("", "charset=utf-8"):
            raise RefusedError(
                415,
                ErrorCode.BAD_USER_INPUT,
                f"The body must be {JSON} in UTF-8 with its type said.",
            )
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise RefusedError(415, ErrorCode.BAD_USER_INPUT, "The body must not be compressed.")
        limit = (
            self._config.max_admin_body_bytes
            if principal.type is ApiTokenType.ADMIN
            else self._config.max_body_bytes
        )
        deadline_s = self._config.body_deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                return await _read(request, limit)
        except TimeoutError:
            raise RefusedError(
                408,
                ErrorCode.TIMEOUT,
                f"The body did not arrive within {deadline_s:g} seconds.",
                {"Connection": "close"},
            ) from None

    async def _run(
        self, request: Request, principal: Principal, asked: GraphQLRequest
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, answer and headers for one operation."""
        document = schema.documents.prepare(asked.query)
        if document.errors:
            return (422 if document.parsed else 400), {"errors": reported(document.errors)}, {}
        operation = _operation(document, asked.operation_name)
        if request.method == "GET" and operation is not OperationType.QUERY:
            raise _method_not_allowed("POST", "Only queries can be sent by GET; use POST.")
        context = Context(
            self._store, principal, server=self._server, headers=dict(request.headers)
        )
        try:
            async with asyncio.timeout(self._config.operation_timeout_s):
                result = await schema.execute(
                    asked.query,
                    variable_values=asked.variables,
                    context_value=context,
                    operation_name=asked.operation_name,
                )
        except TimeoutError:
            message = (
                f"The operation took longer than {self._config.operation_timeout_s:g} seconds."
            )
            return 200, {"errors": [request_error(ErrorCode.TIMEOUT, message)], "data": None}, {}
        return _status_and_answer(result.data, result.errors or ())


async def _read(request: Request, limit: int) -> bytes:
    """Raises: RefusedError: 413 once more has come than may."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise RefusedError(
                413,
                ErrorCode.BAD_USER_INPUT,
                f"The body is larger than {limit:,} bytes.",
                {"Connection": "close"},
            )
    return bytes(body)


async def _request_in(body: bytes) -> GraphQLRequest:
    """Read a body; a large one beside the event loop, so that others are answered meanwhile.

    Raises: RequestError.
    """
    if len(body) > LARGE_BODY_BYTES:
        return await asyncio.to_thread(from_body, body)
    return from_body(body)


def _status_and_answer(
    data: dict[str, Any] | None, raised: Sequence[GraphQLError]
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """What is sent for a result.

    Errors without a path come from before the execution, such as unfit variables: 422, no `data`.
    Where nothing but an absent database is to blame, 503 asks the client to try again.
    """
    if not raised:
        return 200, {"data": data}, {}
    errors = reported(raised)
    if data is not None:
        return 200, {"errors": errors, "data": data}, {}
    if ErrorCode.UNAVAILABLE in codes_of(errors):
        return 503, {"errors": errors, "data": None}, {"Retry-After": str(RETRY_AFTER_S)}
    if all(error.path is None for error in raised):
        faulty = ErrorCode.INTERNAL_SERVER_ERROR in codes_of(errors)
        return (500 if faulty else 422), {"errors": errors}, {}
    return 200, {"errors": errors, "data": None}, {}


def _operation(document: Document, name: str | None) -> OperationType:
    """Raises: RefusedError: 422 if the document does not say which of its operations is meant."""
    assert document.tree is not None
    operation = get_operation_ast(document.tree, name)
    if operation is None:
        message = (
            "The document has several operations; 'operationName' must say which one to run."
            if name is None
            else f"The document has no operation named '{shown(name)}'."
        )
        raise RefusedError(422, ErrorCode.BAD_USER_INPUT, message)
    return operation.operation


def _opens_the_page(request: Request) -> bool:
    """Whether this is a browser at the address rather than a client with something to ask."""
    if not prefers_html(request.headers.get("accept")):
        return False
    asked = {"query", "extensions", "documentId"}
    return asked.isdisjoint(request.query_params)


def _page() -> Response:
    return HTMLResponse(
        GRAPHIQL_PAGE,
        headers={
            "Cache-Control": "no-cache",
            "Vary": "Accept",
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _method_not_allowed(allowed: str, message: str = "") -> RefusedError:
    message = message or f"The methods allowed here are {allowed}."
    return RefusedError(405, ErrorCode.BAD_USER_INPUT, message, {"Allow": allowed})


def _response(
    status: int,
    answer: dict[str, Any],
    *,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return Response(
        orjson.dumps(answer),
        status,
        headers={
            "Content-Type": f"{media_type}; charset=utf-8",
            "Vary": "Accept, Authorization",
            **_NOT_STORED,
            **(headers or {}),
        },
    )
