"""Serve the index page and the documentation, and answer unknown paths with 404."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from flagstaff import __version__
from flagstaff.guide.serving import GUIDE_PATH, Guide
from flagstaff.openapi.serving import OPENAPI_PATH, respond_with_document
from flagstaff.pages.bundle import ASSETS, PAGES, bundled_pages
from flagstaff.pages.home import home_page
from graph.console.page import ROOT as CONSOLE
from graph.engine.http.assets import html_response
from graph.engine.http.negotiation import accept_of, prefers_html
from rest_compat.http.errors import MethodNotAllowedError, RestError, RouteNotFoundError
from rest_compat.http.response import error_response

_LINKS = {
    "graphql": "/graphql",
    "schema": "/schema.graphql",
    "sdk": "/api/client/features",
    "health": "/health",
    "ready": "/ready",
}


def pages(*, docs: bool = True, demo: bool = False, console: bool = True) -> FastAPI:
    """Return the FastAPI application for paths outside of GraphQL and REST.

    With `docs`, the application serves the documentation. With `demo`, its index says that the
    database holds the example installation. With `console`, the index links to the console.
    """
    # FastAPI's own documentation pages are off, because they load scripts from other servers.
    # FastAPI does not know the REST routes, so `flagstaff.openapi` builds the OpenAPI document.
    app = FastAPI(
        openapi_url=None,
        # Redirects would contain the Host header, which the client chooses.
        redirect_slashes=False,
    )
    first = {"console": f"{CONSOLE}/"} if console else {}
    links = {**first, **_LINKS, **(_add_documentation(app) if docs else {})}
    index: dict[str, object] = {"name": "flagstaff", "version": __version__, "links": links}
    if demo:
        index["demo"] = True
    home = home_page(links.values(), __version__)

    async def respond_with_index(request: Request) -> Response:
        if prefers_html(accept_of(request.headers)):
            return html_response(home)
        return JSONResponse(index, headers={"Vary": "Accept"})

    app.add_route("/", respond_with_index)
    app.add_exception_handler(HTTPException, _answer_error)
    return app


def _add_documentation(app: FastAPI) -> dict[str, str]:
    """Add the routes of the documentation, and return the links for the index page."""
    bundle = bundled_pages()
    guide = Guide()

    async def respond_with_page(request: Request) -> Response:
        path: str = request.scope["path"]
        return bundle.page(path, PAGES[path])

    async def respond_with_asset(request: Request) -> Response:
        return bundle.asset(request)

    app.add_route(OPENAPI_PATH, respond_with_document)
    for path in PAGES:
        app.add_route(path, respond_with_page)
    app.add_route(f"{ASSETS}{{name:path}}", respond_with_asset)
    app.add_route(GUIDE_PATH, guide.respond)
    app.add_route(f"{GUIDE_PATH}/{{path:path}}", guide.respond)
    paths = [*PAGES, *([GUIDE_PATH] if guide.is_built else [])]
    return {"openapi": OPENAPI_PATH, **{path.removeprefix("/"): path for path in paths}}


async def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = error_response(_rest_error(request, error))
    headers = {key.decode(): value.decode() for key, value in answer.headers}
    return Response(answer.body, answer.status, headers)


def _rest_error(request: Request, error: HTTPException) -> RestError:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "GET").split(", ")
        # Routes declare only GET; `HeadAsGet` converts HEAD to GET first.
        return MethodNotAllowedError(request.method, sorted({*allowed, "HEAD"}))
    return RouteNotFoundError(f"Nothing exists at {request.url.path[:200]}.")
