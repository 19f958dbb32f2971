"""What lies outside of both edges: the index, the OpenAPI description, and "nothing is here"."""

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
    """The FastAPI application behind both edges."""
    # The stock pages of FastAPI for documentation load their scripts from other servers.
    app = FastAPI(
        title="Flagstaff",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        # They would repeat the header Host, which anybody may have chosen.
        redirect_slashes=False,
    )

    @app.get("/", summary="Where things are.", tags=["server"])
    async def index() -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction] (registered)
        return {"name": "flagstaff", "version": __version__, "links": _LINKS}

    app.add_exception_handler(HTTPException, _refused)
    plain_openapi = app.openapi
    app.openapi = lambda: describe(plain_openapi())  # FastAPI's way to extend the description
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = error_response(_rest_error(request, error))
    headers = {key.decode(): value.decode() for key, value in answer.headers}
    return Response(answer.body, answer.status, headers)


def _rest_error(request: Request, error: HTTPException) -> RestError:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "GET").split(", ")
        # Routes know GET; HEAD is answered as GET before it reaches them.
        return MethodNotAllowedError(request.method, sorted({*allowed, "HEAD"}))
    return RouteNotFoundError(f"There is nothing at {request.url.path[:200]}.")
