"""Tag types in the 3.x admin API."""

import re
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from rest_compat.http.bodies import Body, TagTypeName, read
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import EmptyError, v3_error_of
from rest_compat.unleash3.named import created, read_named, require_free
from store.events import EventType
from store.model import TagType
from store.operations.fields import TagTypeFields
from store.operations.tag_types import create_tag_type, delete_tag_type, update_tag_type
from store.operations.text import shown

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def _check_color(color: str) -> str:
    if not _COLOR.fullmatch(color):
        raise PydanticCustomError("string.pattern.name", "must be a color such as #00ff7f")
    return color


class TagTypeBody(Body):
    """A tag type; `color` is younger than 3.x."""

    name: TagTypeName
    description: str | None = None
    icon: str | None = None
    color: Annotated[str, AfterValidator(_check_color)] | None = None

    def told(self) -> dict[str, Any]:
        """What answers and events say of the body: what was sent."""
        return self.model_dump(by_alias=True, exclude_unset=True)


async def _list(request: Request) -> Answer:
    types = sorted(request.snapshot.tag_types.items())
    return json_answer({"version": 1, "tagTypes": [_document(it) for _, it in types]})


async def _read(request: Request) -> Answer:
    name = request.parameters["name"]
    tag_type = request.snapshot.tag_types.get(name)
    if tag_type is None:
        raise EmptyError(HTTPStatus.NOT_FOUND, f"No tag type is named '{shown(name)}'.")
    return json_answer({"version": 1, "tagType": _document(tag_type)})


async def _create(request: Request) -> Answer:
    body = await read(request, TagTypeBody)
    async with request.store.write(request.principal.actor) as work:
        await create_tag_type(work, name=body.name, fields=body.store_fields(TagTypeFields))
        work.show_as(EventType.TAG_TYPE_CREATED, body.told())
    return created(body.told(), "tag-types", body.name)


async def _update(request: Request) -> Answer:
    """What is left out stays as it is."""
    body = await read_named(request, TagTypeBody)
    async with request.store.write(request.principal.actor) as work:
        fields = body.store_fields(TagTypeFields, kept=TagTypeFields.__struct_fields__)
        await update_tag_type(work, body.name, fields, record_always=True)
        work.show_as(EventType.TAG_TYPE_UPDATED, body.told())
    return Answer(HTTPStatus.OK)


async def _delete(request: Request) -> Answer:
    """The tag type is not there afterwards; that it never was is fine, as in 3.17.6."""
    name = request.parameters["name"]
    async with request.store.write(request.principal.actor) as work:
        if name in work.snapshot.tag_types:
            await delete_tag_type(work, name)
            work.show_as(EventType.TAG_TYPE_DELETED, {"name": name})
    return Answer(HTTPStatus.OK)


async def _validate(request: Request) -> Answer:
    body = await read(request, TagTypeBody)
    require_free(request.snapshot.tag_types, body.name, kind="tag type")
    return json_answer({"valid": True, "tagType": body.told()})


def _document(tag_type: TagType) -> dict[str, Any]:
    return {
        "name": tag_type.name,
        "description": tag_type.description,
        "icon": tag_type.icon,
        "color": tag_type.color,
    }


_PATH = "/api/admin/tag-types"

ROUTES: Routes = {
    _PATH: {"GET": Route(_list), "POST": Route(_create, v3_error_of)},
    f"{_PATH}/validate": {"POST": Route(_validate, v3_error_of)},
    f"{_PATH}/:name": {
        "GET": Route(_read),
        "PUT": Route(_update, v3_error_of),
        "DELETE": Route(_delete, v3_error_of),
    },
}
