"""The index routes of the API and of its parts."""

from msgspec import Struct

from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable

INDEX_VERSION = 3

_ADMIN = {
    "feature-toggles": "/api/admin/features",
    "feature-archive": "/api/admin/archive",
    "strategies": "/api/admin/strategies",
    "events": "/api/admin/events",
    "metrics": "/api/admin/metrics",
    "state": "/api/admin/state",
    "context": "/api/admin/context",
    "tags": "/api/admin/tags",
    "tag-types": "/api/admin/tag-types",
}
_CLIENT = {
    "feature-toggles": "/api/client/features",
    "register": "/api/client/register",
    "metrics": "/api/client/metrics",
}


class LinkJson(Struct):
    """The path of a part of the API."""

    uri: str


class IndexJson(Struct, kw_only=True):
    """Links to the parts of an API."""

    version: int = INDEX_VERSION
    links: dict[str, LinkJson]


class ApiIndexJson(Struct, kw_only=True):
    """The path of an API, and links to its parts."""

    uri: str
    links: dict[str, LinkJson]


class ServerIndexJson(Struct, kw_only=True):
    """The server, with links to its APIs."""

    name: str = "unleash-server"
    version: str
    uri: str = "/api"
    links: dict[str, ApiIndexJson]


def indexes(version: str) -> tuple[RouteTable, RouteTable]:
    """Return the routes of the indexes, whose bodies have the keys of 3.17.6."""
    admin, client = _links(_ADMIN), _links(_CLIENT)
    server = ServerIndexJson(
        version=version,
        links={
            "admin": ApiIndexJson(uri="/api/admin", links=admin),
            "client": ApiIndexJson(uri="/api/client", links=client),
        },
    )
    open_routes = RouteTable("server", is_open=True)
    routes = RouteTable("server")

    @open_routes.route("GET", "/api", id="getApiIndex", answers={200: ServerIndexJson})
    async def index(_: Request) -> Response:
        """List the parts of the API.

        The response has the keys of 3.17.6. The request needs no token.
        """
        return json_response(server)

    @routes.route("GET", "/api/admin", id="getAdminIndex", answers={200: IndexJson})
    async def admin_index(_: Request) -> Response:
        """List the parts of the admin API.

        The response has the keys of 3.17.6.
        """
        return json_response(IndexJson(links=admin))

    @routes.route("GET", "/api/client", id="getClientIndex", answers={200: IndexJson})
    async def client_index(_: Request) -> Response:
        """List the parts of the client API.

        The response has the keys of 3.17.6.
        """
        return json_response(IndexJson(links=client))

    return open_routes, routes


def _links(paths: dict[str, str]) -> dict[str, LinkJson]:
    return {name: LinkJson(path) for name, path in paths.items()}
