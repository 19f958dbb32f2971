"""Tags of all toggles in the 3.x admin API."""

from http import HTTPStatus
from typing import Any

from rest_compat.http.bodies import Body, TagTypeName, TagValue, read
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import EmptyError, v3_error_of
from rest_compat.unleash3.named import created
from store.events import EventType
from store.operations.tags import create_tag, delete_tag
from store.operations.text import shown
from store.values import Tag


class TagBody(Body):
    """A tag; the type `simple` stands in for one that is left out."""

    value: TagValue
    type: TagTypeName = "simple"

    def tag(self) -> Tag:
        """What is stored of it."""
        return Tag(self.type, self.value)


async def _list(request: Request) -> Answer:
    return json_answer(_listing([it for _, it in sorted(request.snapshot.tags.items())]))


async def _list_type(request: Request) -> Answer:
    type = request.parameters["type"]
    tags = sorted(request.snapshot.tags.items())
    return json_answer(_listing([it for _, it in tags if it.type == type]))


async def _read(request: Request) -> Answer:
    tag = _tag_in_path(request)
    if (tag.type, tag.value) not in request.snapshot.tags:
        message = f"There is no tag '{shown(tag.type)}:{shown(tag.value)}'."
        raise EmptyError(HTTPStatus.NOT_FOUND, message)
    return json_answer({"version": 1, "tag": tag})


async def _create(request: Request) -> Answer:
    """Create a tag; answers it, as 8.2 does (3.17.6: no body)."""
    tag = (await read(request, TagBody)).tag()
    async with request.store.write(request.principal.actor) as work:
        await create_tag(work, tag)
        work.show_as(EventType.TAG_CREATED, _document(tag))
    return created({"version": 1, "tag": tag}, "tags", tag.type, tag.value)


async def _delete(request: Request) -> Answer:
    """The tag is not there afterwards; that it never was is fine, as in 3.17.6."""
    tag = _tag_in_path(request)
    async with request.store.write(request.principal.actor) as work:
        if (tag.type, tag.value) in work.snapshot.tags:
            await delete_tag(work, tag)
            work.show_as(EventType.TAG_DELETED, _document(tag))
    return Answer(HTTPStatus.OK)


def _tag_in_path(request: Request) -> Tag:
    return Tag(request.parameters["type"], request.parameters["value"])


def _listing(tags: list[Tag]) -> dict[str, Any]:
    return {"version": 1, "tags": tags}


def _document(tag: Tag) -> dict[str, str]:
    return {"type": tag.type, "value": tag.value}


_PATH = "/api/admin/tags"

ROUTES: Routes = {
    _PATH: {"GET": Route(_list), "POST": Route(_create, v3_error_of)},
    f"{_PATH}/:type": {"GET": Route(_list_type)},
    f"{_PATH}/:type/:value": {"GET": Route(_read), "DELETE": Route(_delete, v3_error_of)},
}
