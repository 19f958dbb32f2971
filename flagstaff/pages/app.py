"""The paths outside of both edges: the index, the OpenAPI document, and 404 for all others."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from flagstaff import __version__
from flagstaff.guide.serving import GUIDE_PATH, Guide
from flagstaff.openapi.serving import OPENAPI_PATH, respond_with_document
from rest_compat.http.errors import MethodNotAllowedError, RestError, RouteNotFoundError
from rest_compat.http.response import error_response

_LINKS = {
    "graphql": "/graphql",
    "schema": "/schema.graphql",
    "sdk": "/api/client/features",
    "health": "/health",
    "ready": "/ready",
}


def pages(*, docs: bool = True) -> FastAPI:
    """The FastAPI application for paths outside of both edges; `docs` offers the documentation."""
    # FastAPI's own documentation pages load scripts from other servers, so they are off. Its
    # document knows no routes of REST, so `flagstaff.openapi` builds one.
    app = FastAPI(
        openapi_url=None,
        # Redirects would repeat the header Host, which the client chooses.
        redirect_slashes=False,
    )
    links = {**_LINKS, "openapi": OPENAPI_PATH} if docs else _LINKS

    @app.get("/")
    async def index() -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction] (registered)
        return {"name": "flagstaff", "version": __version__, "links": links}

    if docs:
        app.add_route(OPENAPI_PATH, respond_with_document)
        guide = Guide()
        app.add_route(GUIDE_PATH, guide.respond)
        app.add_route(f"{GUIDE_PATH}/{{path:path}}", guide.respond)
    app.add_exception_handler(HTTPException, _answer_error)
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
