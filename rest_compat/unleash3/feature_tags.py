"""Tags of a toggle in the 3.x admin API: list, add, remove."""

from typing import Any

from rest_compat.http.errors import InvalidBodyError
from rest_compat.http.operation import Answer
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.bodies import read_body
from rest_compat.unleash3.errors import AbsentError, ConflictError, v3_error_of
from rest_compat.unleash3.feature_lookup import find_live
from rest_compat.unleash3.features import FEATURE, TOGGLE
from rest_compat.unleash3.models import TagsJson
from rest_compat.unleash3.named import created_response
from rest_compat.unleash3.tags import TAG, TYPE, VALUE, TagBody
from store.operations.strings import display
from store.operations.tags import change_tags, create_tag, put_tags
from store.values import Tag

routes = RouteTable(TAG, refusal_form=v3_error_of)

_TAGS = f"{FEATURE}/tags"


@routes.route("GET", _TAGS, id="listTags", parameters=(TOGGLE,), answers={200: TagsJson})
async def list_tags(request: Request) -> Response:
    """List the tags of a toggle, live or archived.

    The list is empty if the toggle does not exist.
    """
    # As in 3.17.6, the list of a missing toggle is empty.
    toggle = request.snapshot.toggles.get(request.parameters["name"])
    return json_response(TagsJson(tags=toggle.tags if toggle else ()))


@routes.route(
    "POST",
    _TAGS,
    id="addTag",
    parameters=(TOGGLE,),
    body=TagBody,
    example={"type": "simple", "value": "mobile"},
    answers={201: Answer("The tag.", Tag)},
    errors=(InvalidBodyError, AbsentError, ConflictError),
)
async def tag_feature(request: Request) -> Response:
    """Add a tag to a toggle.

    If the tag does not exist, it is created. The creation has a separate event.
    """
    tag = (await read_body(request, TagBody)).tag()
    async with request.store.write(request.principal.actor) as work:
        toggle = find_live(work.snapshot, request.parameters["name"])
        if tag in toggle.tags:
            message = (
                f"Toggle '{toggle.name}' already has the tag '{tag.type}:{display(tag.value)}'."
            )
            raise ConflictError(message, name="FeatureHasTagError")
        if (tag.type, tag.value) not in work.snapshot.tags:
            await create_tag(work, tag)
            work.show_as("tag-created", {"tag": _document(tag)})
        await change_tags(work, toggle.name, add=[tag])
        work.show_as("feature-tagged", _event_data(toggle.name, tag))
    return created_response(tag, toggle.name, "tags")


@routes.route("DELETE", f"{_TAGS}/:type/:value", id="removeTag", parameters=(TOGGLE, TYPE, VALUE))
async def untag_feature(request: Request) -> Response:
    """Remove a tag from a toggle, live or archived.

    The request also succeeds if the toggle does not exist or does not have the tag.
    """
    # As in 3.17.6, removing a missing tag succeeds.
    tag = Tag(request.parameters["type"], request.parameters["value"])
    async with request.store.write(request.principal.actor) as work:
        toggle = work.snapshot.toggles.get(request.parameters["name"])
        if toggle and tag in toggle.tags:
            put_tags(work, toggle, {*toggle.tags} - {tag})
            work.show_as("feature-untagged", _event_data(toggle.name, tag))
    return Response(200)


def _event_data(name: str, tag: Tag) -> dict[str, Any]:
    return {"featureName": name, "tag": _document(tag)}


def _document(tag: Tag) -> dict[str, str]:
    return {"type": tag.type, "value": tag.value}
