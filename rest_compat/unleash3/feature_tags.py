"""Tags on toggles in the 3.x admin API."""

from typing import Any

from rest_compat.http.bodies import read
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import ConflictError, v3_error_of
from rest_compat.unleash3.feature_lookup import find_live
from rest_compat.unleash3.named import created
from rest_compat.unleash3.tags import TagBody
from store.operations.tags import change_tags, create_tag, put_tags
from store.operations.text import shown
from store.values import Tag


async def list_tags(request: Request) -> Answer:
    """The tags of a toggle, live or archived; one that is not there has none, as in 3.17.6."""
    toggle = request.snapshot.toggles.get(request.parameters["name"])
    return json_answer({"version": 1, "tags": toggle.tags if toggle else ()})


async def tag_feature(request: Request) -> Answer:
    """The toggle gets a tag, which is made if there is none such yet: then it is two events."""
    tag = (await read(request, TagBody)).tag()
    async with request.store.write(request.principal.actor) as work:
        toggle = find_live(work.snapshot, request.parameters["name"])
        if tag in toggle.tags:
            message = f"Toggle '{toggle.name}' has the tag '{tag.type}:{shown(tag.value)}' already."
            raise ConflictError(message, name="FeatureHasTagError")
        if (tag.type, tag.value) not in work.snapshot.tags:
            await create_tag(work, tag)
            work.show_as("tag-created", {"tag": _document(tag)})
        await change_tags(work, toggle.name, add=[tag])
        work.show_as("feature-tagged", _event_data(toggle.name, tag))
    return created(tag, toggle.name, "tags")


async def untag_feature(request: Request) -> Answer:
    """The toggle, live or archived, is without the tag afterwards; that there is no such toggle, or
    that it never had the tag, is fine, as in 3.17.6."""
    tag = Tag(request.parameters["type"], request.parameters["value"])
    async with request.store.write(request.principal.actor) as work:
        toggle = work.snapshot.toggles.get(request.parameters["name"])
        if toggle and tag in toggle.tags:
            put_tags(work, toggle, {*toggle.tags} - {tag})
            work.show_as("feature-untagged", _event_data(toggle.name, tag))
    return Answer(200)


def _event_data(name: str, tag: Tag) -> dict[str, Any]:
    return {"featureName": name, "tag": _document(tag)}


def _document(tag: Tag) -> dict[str, str]:
    return {"type": tag.type, "value": tag.value}


ROUTES: Routes = {
    "/api/admin/features/:name/tags": {
        "GET": Route(list_tags),
        "POST": Route(tag_feature, v3_error_of),
    },
    "/api/admin/features/:name/tags/:type/:value": {
        "DELETE": Route(untag_feature, v3_error_of),
    },
}
