"""Tags of the 3.x admin API: list, read, create, delete."""

from http import HTTPStatus

from msgspec import Struct

from rest_compat.http.errors import InvalidBodyError
from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.bodies import TagTypeName, TagValue, read_body
from rest_compat.unleash3.errors import AbsentError, ConflictError, v3_error_of
from rest_compat.unleash3.models import OneTagJson, TagsJson
from rest_compat.unleash3.named import created_response
from store.events import EventType
from store.operations.strings import display
from store.operations.tags import create_tag, delete_tag
from store.values import Tag

TAG = "admin: tags"
TYPE = path_parameter("type", "The type of the tag.", "simple")
VALUE = path_parameter("value", "The value of the tag.", "checkout")

routes = RouteTable(TAG, refusal_form=v3_error_of)

_TAGS = "/api/admin/tags"
_OF_TYPE = f"{_TAGS}/:type"
_TAG = f"{_OF_TYPE}/:value"


class TagBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """A tag."""

    value: TagValue
    type: TagTypeName = "simple"

    def tag(self) -> Tag:
        """Convert this body to a tag of the store."""
        return Tag(self.type, self.value)


@routes.route("GET", _TAGS, id="getTags", answers={200: TagsJson})
async def list_tags(request: Request) -> Response:
    """List all tags.

    The tags are sorted by type and value.
    """
    tags = sorted(request.snapshot.tags.items())
    return json_response(TagsJson(tags=[tag for _, tag in tags]))


@routes.route("GET", _OF_TYPE, id="getTagsByType", parameters=(TYPE,), answers={200: TagsJson})
async def list_tags_of_type(request: Request) -> Response:
    """List the tags of a type.

    The list is empty if the type does not exist.
    """
    type = request.parameters["type"]
    tags = sorted(request.snapshot.tags.items())
    return json_response(TagsJson(tags=[tag for _, tag in tags if tag.type == type]))


@routes.route(
    "GET",
    _TAG,
    id="getTag",
    parameters=(TYPE, VALUE),
    answers={200: OneTagJson},
    errors=(AbsentError,),
)
async def get_tag(request: Request) -> Response:
    """Read one tag.

    A tag can exist although no toggle has the tag.
    """
    tag = _tag_in_path(request)
    if (tag.type, tag.value) not in request.snapshot.tags:
        message = f"The tag '{display(tag.type)}:{display(tag.value)}' does not exist."
        raise AbsentError(message)
    return json_response(OneTagJson(tag=tag))


@routes.route(
    "POST",
    _TAGS,
    id="createTag",
    body=TagBody,
    example={"type": "simple", "value": "summer-sale"},
    answers={201: OneTagJson},
    errors=(InvalidBodyError, ConflictError),
)
async def create(request: Request) -> Response:
    """Create a tag that no toggle has yet.

    Adding a tag to a toggle creates the tag as well.
    """
    # As in 8.2, the body of the response is the tag. In 3.17.6 the response has no body.
    tag = (await read_body(request, TagBody)).tag()
    async with request.store.write(request.principal.actor) as work:
        await create_tag(work, tag)
        work.show_as(EventType.TAG_CREATED, _document(tag))
    return created_response(OneTagJson(tag=tag), "tags", tag.type, tag.value)


@routes.route("DELETE", _TAG, id="deleteTag", parameters=(TYPE, VALUE.with_example("obsolete")))
async def delete(request: Request) -> Response:
    """Delete a tag, and remove it from all toggles.

    Deleting a tag that does not exist succeeds.
    """
    # As in 3.17.6, deleting a missing tag succeeds.
    tag = _tag_in_path(request)
    async with request.store.write(request.principal.actor) as work:
        if (tag.type, tag.value) in work.snapshot.tags:
            await delete_tag(work, tag)
            work.show_as(EventType.TAG_DELETED, _document(tag))
    return Response(HTTPStatus.OK)


def _tag_in_path(request: Request) -> Tag:
    return Tag(request.parameters["type"], request.parameters["value"])


def _document(tag: Tag) -> dict[str, str]:
    return {"type": tag.type, "value": tag.value}
