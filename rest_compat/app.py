"""The ASGI app of the REST edge."""

from contextlib import suppress
from http import HTTPStatus
from typing import Literal

from msgspec import Struct

from rest_compat.health import HEALTH_PATH, READY_PATH, health_response
from rest_compat.http.asgi import AsgiApp, Receive, Scope, Send, client_address, header_of
from rest_compat.http.conditional import conditional
from rest_compat.http.errors import ContentTypeError, RestError, RouteNotFoundError
from rest_compat.http.identity import (
    INDEX_PATH,
    OFREP_PATH,
    OFREP_PREFIX,
    READING_METHODS,
    VALIDATE_PATH,
    identify_request,
)
from rest_compat.http.primary import Primary, PrimaryOnlyError, serves
from rest_compat.http.refusals import rest_error_of
from rest_compat.http.request import ClientGoneError, Request
from rest_compat.http.response import Response, error_response
from rest_compat.http.router import Router, Routes
from rest_compat.indexes import indexes
from rest_compat.sdk.ofrep_errors import error_at
from rest_compat.sdk.open_streams import MAX_STREAMS, MAX_STREAMS_PER_TOKEN, OpenStreams
from rest_compat.sdk.routes import sdk_tables
from rest_compat.unleash3.routes import TABLES as UNLEASH_3
from rest_compat.unleash8.routes import TABLES as UNLEASH_8
from store import Snapshot, Store
from store.identity import (
    TOKEN_ID_KEY,
    UnauthenticatedError,
    UnknownTokenError,
    bearer_secret,
    open_client,
)
from store.operations.strings import display
from store.spreading import DEFAULT_MAX_STREAM_AGE_S

API_PREFIX = "/api/"
ADMIN_PREFIX = "/api/admin"
MAX_ANONYMOUS_BODY_BYTES = 4_096
# Under this key, the scope of a request contains the declared path of its route.
ROUTE_KEY = "flagstaff.route"
_PATHS = (INDEX_PATH, OFREP_PATH, VALIDATE_PATH)


class RestConfig(Struct, frozen=True):
    """The settings of the REST edge."""

    auth: Literal["token", "none"] = "token"
    client_api: Literal["token", "open"] = "token"
    metrics: Literal["on", "off"] = "on"
    ready: Literal["reads", "writes"] = "reads"
    max_body_bytes: int = 1_000_000
    max_import_bytes: int = 10_000_000
    max_streams: int = MAX_STREAMS
    max_streams_per_token: int = MAX_STREAMS_PER_TOKEN
    max_stream_age_s: float = DEFAULT_MAX_STREAM_AGE_S
    version: str = ""
    public_url: str = ""
    base_path: str = ""


def tables(
    version: str, *, metrics: bool = True, streams: OpenStreams | None = None
) -> tuple[Routes, ...]:
    """Return all routes except `/health` and `/ready`.

    The body of `/api` contains `version`. If `metrics` is false, reports of SDKs are not stored.
    """
    return (
        *indexes(version),
        *sdk_tables(metrics=metrics, streams=streams),
        *UNLEASH_3,
        *UNLEASH_8,
    )


def open_streams(config: RestConfig) -> OpenStreams:
    """Create the counter of open event streams, with the limits of the settings."""
    return OpenStreams(config.max_streams, config.max_streams_per_token, config.max_stream_age_s)


def rest_app(
    store: Store,
    config: RestConfig,
    fallback: AsgiApp,
    streams: OpenStreams | None = None,
    primary: Primary | None = None,
) -> AsgiApp:
    """Create the ASGI app for health, `/api`, `/edge/validate` and `/ofrep`.

    `fallback` answers other paths.

    The prefix of the path determines the accepted types of tokens. Therefore the token is checked
    before the route is looked up. `streams` counts the open event streams. A reader has a
    `primary`, which decides about unknown tokens and serves the admin API.
    """
    streams = streams or open_streams(config)
    router = Router(*tables(config.version, metrics=config.metrics == "on", streams=streams))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await fallback(scope, receive, send)
        path: str = scope["path"].removesuffix("/") or "/"
        method: str = scope["method"]
        if path in (HEALTH_PATH, READY_PATH):
            for_writes = config.ready == "writes"
            response = health_response(
                store, path=path, method=method, for_writes=for_writes, primary=primary
            )
        elif path in _PATHS or path.startswith((API_PREFIX, OFREP_PREFIX)):
            try:
                response = await respond(scope, receive, path, method)
            except ClientGoneError:
                return None
        else:
            return await fallback(scope, receive, send)
        return await response.send(send, head=method == "HEAD")

    async def respond(scope: Scope, receive: Receive, path: str, method: str) -> Response:
        try:
            if primary is not None and not serves(path, method):
                raise PrimaryOnlyError.at(primary.url)
            snapshot, now = store.snapshot, store.clock()
            try:
                if primary is not None:
                    snapshot = await admit(primary, scope)
                principal = identify_request(
                    scope,
                    path,
                    snapshot,
                    auth=config.auth,
                    client_api=config.client_api,
                    now=now,
                )
            except UnknownTokenError:
                store.unknown_tokens.count(client_address(scope) or "")
                raise
            except UnauthenticatedError:
                if path.startswith(ADMIN_PREFIX) and method not in READING_METHODS:
                    await refuse_malformed(scope, receive, path, snapshot)
                raise
            if principal is None:
                raise no_route(path)
            if principal.token is not None:
                store.token_use.mark(principal.token.id, now)
                scope[TOKEN_ID_KEY] = principal.token.id
            found = router.find(scope)
            if found is None:
                raise no_route(path)
            scope[ROUTE_KEY] = found.path
            route = found.route(method)
            limit = config.max_import_bytes if route.takes_files else config.max_body_bytes
            request = Request(
                scope,
                receive,
                path,
                principal,
                snapshot,
                store,
                limit,
                found.parameters,
                config.public_url,
                config.base_path,
            )
            response = await route.respond(request)
            is_read = method in ("GET", "HEAD") and response.status == HTTPStatus.OK
            if is_read and path.startswith(ADMIN_PREFIX):
                return conditional(request, response)
            return response
        except Exception as error:
            response = response_to(error, path)
            if response is None:
                raise
            return response

    async def admit(primary: Primary, scope: Scope) -> Snapshot:
        """Ask the primary about an unknown token; return the snapshot with the token, if any.

        Raises: TooManyUnknownTokensError, and the errors of `Primary.admit`.
        """
        header = header_of(scope, b"authorization") or header_of(scope, b"x-api-key")
        secret, _ = bearer_secret(header)
        if secret is not None and store.snapshot.token_of(secret) is None:
            store.unknown_tokens.check(client_address(scope) or "")
            await primary.admit(secret)
        return store.snapshot

    async def refuse_malformed(
        scope: Scope, receive: Receive, path: str, snapshot: Snapshot
    ) -> None:
        """Raise BadDataError if the body of a request without credentials is not JSON.

        Unleash 3.x parses the body before it checks credentials (contract/rest-v3-auth.yaml,
        no-credentials-malformed-json). Bodies that are large, encoded or of unknown length are not
        read.
        """
        request = Request(
            scope, receive, path, open_client(), snapshot, store, MAX_ANONYMOUS_BODY_BYTES
        )
        length = request.header("content-length") or ""
        if not length.isdecimal() or int(length[:20]) > MAX_ANONYMOUS_BODY_BYTES:
            return
        if request.header("content-encoding") is None:
            with suppress(ContentTypeError):
                await request.json()

    return app


def response_to(error: Exception, path: str) -> Response | None:
    """Return the response for an exception, or None if the exception is a bug.

    This is a separate function to avoid a reference cycle. The traceback of an exception refers to
    the frame of `respond`. If a variable of that frame referred to the exception, the request would
    stay in memory until a garbage collection.
    """
    rest_error = rest_error_of(error)
    return None if rest_error is None else error_response(error_at(path, rest_error))


def no_route(path: str) -> RestError:
    """Return the error for a path without a route."""
    return RouteNotFoundError(f"Nothing exists at {display(path)}.")
