"""The REST edge as one ASGI app that stands in front of all other routes."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from rest_compat.errors import (
    MethodNotAllowedError,
    RestError,
    RouteNotFoundError,
    rest_error_of,
)
from rest_compat.health import HEALTH_PATH, READY_PATH, health_answer
from rest_compat.identity import identify_request
from rest_compat.sdk.features import LIST_PATH, features_handler, get_feature
from rest_compat.sdk.metrics import post_metrics
from rest_compat.sdk.register import register
from rest_compat.sdk.wire import (
    Answer,
    AsgiApp,
    ClientGoneError,
    Handler,
    Receive,
    Request,
    Scope,
    Send,
    error_answer,
)
from store import Store
from store.operations.text import shown

Routes: TypeAlias = Mapping[str, Mapping[str, Handler]]


class RestConfig(Struct, frozen=True):
    """What the REST edge needs to know of the settings."""

    auth: Literal["token", "none"] = "token"
    client_api: Literal["token", "open"] = "token"
    max_body_bytes: int = 1_000_000
    version: str = ""


def rest_app(store: Store, config: RestConfig, fallback: AsgiApp) -> AsgiApp:
    """An ASGI app that answers `/health`, `/ready` and all of `/api`, and hands everything else on.

    Tokens are checked by path prefix, before anybody looks whether there is such a route.
    """
    routes: Routes = {
        LIST_PATH: {"GET": features_handler()},
        "/api/client/register": {"POST": register},
        "/api/client/metrics": {"POST": post_metrics},
    }

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await fallback(scope, receive, send)
        path: str = scope["path"].removesuffix("/") or "/"
        method: str = scope["method"]
        if path in (HEALTH_PATH, READY_PATH):
            answer = health_answer(store, path=path, method=method)
        elif path == "/api" or path.startswith("/api/"):
            try:
                answer = await respond(scope, receive, path, method)
            except ClientGoneError:
                return None
        else:
            return await fallback(scope, receive, send)
        return await answer.send(send, head=method == "HEAD")

    async def respond(scope: Scope, receive: Receive, path: str, method: str) -> Answer:
        try:
            snapshot = store.snapshot
            principal = identify_request(
                scope,
                path,
                snapshot,
                auth=config.auth,
                client_api=config.client_api,
                now=store.clock(),
            )
            if principal is None:
                raise _no_route(path)
            if principal.token is not None:
                store.token_use.mark(principal.token.id)
            request = Request(
                scope, receive, path, principal, snapshot, store, config.max_body_bytes
            )
            return await _handler(routes, path, method)(request)
        except Exception as error:
            known = rest_error_of(error)
            if known is None:
                raise
            return error_answer(known)

    return app


def _handler(routes: Routes, path: str, method: str) -> Handler:
    methods = routes.get(path)
    if (
        methods is None
        and path.startswith(f"{LIST_PATH}/")
        and "/" not in path[len(LIST_PATH) + 1 :]
    ):
        methods = {"GET": get_feature}
    if methods is None:
        raise _no_route(path)
    handler = methods.get("GET" if method == "HEAD" else method)
    if handler is None:
        allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]
        raise MethodNotAllowedError(method, allowed)
    return handler


def _no_route(path: str) -> RestError:
    return RouteNotFoundError(f"There is nothing at {shown(path)}.")
