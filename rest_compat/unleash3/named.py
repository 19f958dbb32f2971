"""Functions that the routes of named objects share."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.unleash3.bodies import StructT, read_model
from store.errors import Problems
from store.events import EventType
from store.operations.existing import check_free
from store.unit_of_work import UnitOfWork


async def read_named_body(request: Request, kind: type[StructT]) -> StructT:
    """Read the body of a request. The name in the path replaces the name in the body.

    Raises: InvalidBodyError: the error lists all violations; the errors of `Request.json`.
    """
    sent = await request.json_object()
    return read_model({**sent, "name": request.parameters["name"]}, kind)


def require_free(among: Mapping[str, object], name: str, *, kind: str) -> None:
    """Check that a name is free.

    Raises: Refusal: an object of the kind has the name.
    """
    problems = Problems()
    check_free(among, name, kind=kind, problems=problems)
    problems.raise_any()


def created_response(body: Any, *path: str) -> Response:
    """Return a 201 with the new object.

    As in 8.2, the path in `Location` does not contain `/api/admin/`.
    """
    response = json_response(body, status=HTTPStatus.CREATED)
    location = "/".join(quote(step, safe="") for step in path)
    response.headers.append((b"location", location.encode()))
    return response


async def delete_named(
    request: Request, delete: Callable[[UnitOfWork, str], Awaitable[object]], type: EventType
) -> Response:
    """Delete the object in the path. The deletion event contains only the name."""
    name = request.parameters["name"]
    async with request.store.write(request.principal.actor) as work:
        await delete(work, name)
        work.show_as(type, {"name": name})
    return Response(HTTPStatus.OK)
