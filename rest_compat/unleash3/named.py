"""What the routes of the 3.x admin API for objects that go by a name have in common."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from rest_compat.http.bodies import BodyT, checked, read_object
from rest_compat.http.request import Answer, Handler, Request, json_answer
from store.errors import Problems
from store.events import EventType
from store.operations.existing import check_free
from store.unit_of_work import UnitOfWork


async def read_named(request: Request, kind: type[BodyT]) -> BodyT:
    """The body of a request, under the name in its path whatever name it holds itself.

    Raises: FlawedBodyError: with all flaws; what `Request.json` raises.
    """
    document = await read_object(request)
    return checked({**document, "name": request.parameters["name"]}, kind)


def require_free(among: Mapping[str, object], name: str, *, kind: str) -> None:
    """Raises: Refusal: if a `kind` has the name."""
    problems = Problems()
    check_free(among, name, kind=kind, problems=problems)
    problems.raise_any()


def created(document: Any, *path: str) -> Answer:
    """A 201 with the new object and, as 8.2 has it, its path below `/api/admin/` as `Location`."""
    answer = json_answer(document, status=HTTPStatus.CREATED)
    location = "/".join(quote(step, safe="") for step in path)
    answer.headers.append((b"location", location.encode()))
    return answer


def deleting(delete: Callable[[UnitOfWork, str], Awaitable[object]], type: EventType) -> Handler:
    """A handler that deletes the object of a name; the event tells no more than that."""

    async def handle(request: Request) -> Answer:
        name = request.parameters["name"]
        async with request.store.write(request.principal.actor) as work:
            await delete(work, name)
            work.show_as(type, {"name": name})
        return Answer(HTTPStatus.OK)

    return handle
