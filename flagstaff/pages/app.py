"""The paths outside of both edges: the index, the OpenAPI document, and 404 for all others."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from flagstaff import __version__
from flagstaff.openapi import describe
from rest_compat.http.errors import MethodNotAllowedError, RestError, RouteNotFoundError
from rest_compat.http.response import error_response

_LINKS = {
    "graphql": "/graphql",
    "schema": "/schema.graphql",
    "sdk": "/api/client/features",
    "openapi": "/openapi.json",
    "health": "/health",
    "ready": "/ready",
}


def pages() -> FastAPI:
    """The FastAPI application for paths outside of both edges."""
    # FastAPI's own documentation pages load scripts from other servers, so they are off.
    app = FastAPI(
        title="Flagstaff",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        # Redirects would repeat the header Host, which the client chooses.
        redirect_slashes=False,
    )

    @app.get("/", summary="List the entry points of the server.", tags=["server"])
    async def index() -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction] (registered)
        return {"name": "flagstaff", "version": __version__, "links": _LINKS}

    app.add_exception_handler(HTTPException, _answer_error)
    plain_openapi = app.openapi
    app.openapi = lambda: describe(plain_openapi())  # FastAPI's way to extend the document
    return app


async def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = error_response(_rest_error(request, error))
    headers = {key.decode(): value.decode() for key, value in answer.headers}
    return Response(answer.body, answer.status, headers)


def _rest_error(request: Request, error: HTTPException) -> RestError:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "GET").split(", ")
        # Routes declare GET only; `HeadAsGet` turns HEAD into GET before.
        return MethodNotAllowedError(request.method, sorted({*allowed, "HEAD"}))
    return RouteNotFoundError(f"There is nothing at {request.url.path[:200]}.")
