"""Tag types of the 3.x admin API: list, read, create, update, delete, validate."""

import re
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from rest_compat.http.errors import InvalidBodyError
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.bodies import TagTypeName, read_body
from rest_compat.unleash3.errors import AbsentError, ConflictError, v3_error_of
from rest_compat.unleash3.models import OneTagTypeJson, TagTypesJson, tag_type_json
from rest_compat.unleash3.named import created_response, read_named_body, require_free
from rest_compat.unleash3.tags import TAG
from store.errors import Path, Problems
from store.events import EventType
from store.operations.fields import TagTypeFields, fields_from
from store.operations.strings import display
from store.operations.tag_types import create_tag_type, delete_tag_type, update_tag_type

routes = RouteTable(TAG, refusal_form=v3_error_of)

_TAG_TYPES = "/api/admin/tag-types"
_TAG_TYPE = f"{_TAG_TYPES}/:name"
_NAME = path_parameter("name", "The name of the type of tags.", "team")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def _check_color(color: str, path: Path, problems: Problems) -> None:
    if not _COLOR.fullmatch(color):
        problems.invalid(
            f"The color '{display(color)}' is not hexadecimal, such as #00ff7f.",
            rule="string.pattern.name",
            path=path,
        )


class TagTypeBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """A tag type. `color` is newer than 3.x."""

    name: TagTypeName
    description: str | None | UnsetType = UNSET
    icon: str | None | UnsetType = UNSET
    color: Annotated[str, Meta(extra={"check": _check_color})] | None | UnsetType = UNSET

    def fields(self) -> TagTypeFields:
        """Return the fields to store, without omitted fields."""
        return fields_from(TagTypeFields, self)

    def as_sent(self) -> dict[str, Any]:
        """Return the sent fields for responses and events."""
        return msgspec.to_builtins(self)


class ChangedTagTypeBody(TagTypeBody, frozen=True, kw_only=True, rename="camel"):
    """A changed tag type. The body may repeat the name, which is in the path."""

    name: str = ""


class ValidatedTagTypeJson(Struct, kw_only=True, rename="camel"):
    """The tag type, as the client sent it."""

    valid: bool = True
    tag_type: Any


@routes.route("GET", _TAG_TYPES, id="getTagTypes", answers={200: TagTypesJson})
async def list_tag_types(request: Request) -> Response:
    """List all types of tags.

    The types are sorted by name.
    """
    types = sorted(request.snapshot.tag_types.items())
    return json_response(TagTypesJson(tag_types=[tag_type_json(tag_type) for _, tag_type in types]))


@routes.route(
    "GET",
    _TAG_TYPE,
    id="getTagType",
    parameters=(_NAME,),
    answers={200: OneTagTypeJson},
    errors=(AbsentError,),
)
async def get_tag_type(request: Request) -> Response:
    """Read one type of tags.

    The icon and the color are for display.
    """
    name = request.parameters["name"]
    tag_type = request.snapshot.tag_types.get(name)
    if tag_type is None:
        raise AbsentError(f"No tag type is named '{display(name)}'.")
    return json_response(OneTagTypeJson(tag_type=tag_type_json(tag_type)))


@routes.route(
    "POST",
    _TAG_TYPES,
    id="createTagType",
    body=TagTypeBody,
    example={
        "name": "squad",
        "description": "The squad that owns the toggle.",
        "icon": "S",
        "color": "#1f6feb",
    },
    answers={201: Answer("The tag type, as the client sent it.", TagTypeBody)},
    errors=(InvalidBodyError, ConflictError),
)
async def create(request: Request) -> Response:
    """Create a type of tags.

    A color has six hexadecimal digits, such as #00ff7f.
    """
    body = await read_body(request, TagTypeBody)
    async with request.store.write(request.principal.actor) as work:
        await create_tag_type(work, name=body.name, fields=body.fields())
        work.show_as(EventType.TAG_TYPE_CREATED, body.as_sent())
    return created_response(body.as_sent(), "tag-types", body.name)


@routes.route(
    "PUT",
    _TAG_TYPE,
    id="updateTagType",
    parameters=(_NAME,),
    body=ChangedTagTypeBody,
    example={"description": "The team that owns the toggle.", "icon": "T"},
    errors=(InvalidBodyError, AbsentError),
)
async def update(request: Request) -> Response:
    """Change a type of tags.

    An omitted field is unchanged.
    """
    body = await read_named_body(request, TagTypeBody)
    async with request.store.write(request.principal.actor) as work:
        fields = body.fields()
        await update_tag_type(work, body.name, fields, record_always=True)
        work.show_as(EventType.TAG_TYPE_UPDATED, body.as_sent())
    return Response(HTTPStatus.OK)


@routes.route(
    "DELETE",
    _TAG_TYPE,
    id="deleteTagType",
    parameters=(_NAME.with_example("priority"),),
    errors=(ConflictError,),
)
async def delete(request: Request) -> Response:
    """Delete a type of tags that no tag has.

    Deleting a type that does not exist succeeds.
    """
    # As in 3.17.6, deleting a missing tag type succeeds.
    name = request.parameters["name"]
    async with request.store.write(request.principal.actor) as work:
        if name in work.snapshot.tag_types:
            await delete_tag_type(work, name)
            work.show_as(EventType.TAG_TYPE_DELETED, {"name": name})
    return Response(HTTPStatus.OK)


@routes.route(
    "POST",
    f"{_TAG_TYPES}/validate",
    id="validateTagType",
    body=TagTypeBody,
    example={"name": "quarter", "description": "When the toggle is to go."},
    answers={200: ValidatedTagTypeJson},
    errors=(InvalidBodyError, ConflictError),
)
async def validate_tag_type(request: Request) -> Response:
    """Check whether a type of tags can be created.

    Nothing is created. The response repeats the tag type in the body.
    """
    body = await read_body(request, TagTypeBody)
    require_free(request.snapshot.tag_types, body.name, kind="tag type")
    return json_response(ValidatedTagTypeJson(tag_type=body.as_sent()))
