"""What is where: the index documents of the API and of its parts."""

from typing import Any

from rest_compat.http.request import Answer, Handler, Request, json_answer
from rest_compat.http.router import Route, Routes

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


def indexes(version: str) -> Routes:
    """The routes of the index documents, the keys of which are those of 3.17.6."""
    admin, client = _links(_ADMIN), _links(_CLIENT)
    server = {
        "name": "unleash-server",
        "version": version,
        "uri": "/api",
        "links": {
            "admin": {"uri": "/api/admin", "links": admin},
            "client": {"uri": "/api/client", "links": client},
        },
    }
    return {
        "/api": {"GET": Route(_saying(server))},
        "/api/admin": {"GET": Route(_saying({"version": INDEX_VERSION, "links": admin}))},
        "/api/client": {"GET": Route(_saying({"version": INDEX_VERSION, "links": client}))},
    }


def _links(paths: dict[str, str]) -> dict[str, Any]:
    return {name: {"uri": path} for name, path in paths.items()}


def _saying(document: dict[str, Any]) -> Handler:
    async def index(_: Request) -> Answer:
        return json_answer(document)

    return index
