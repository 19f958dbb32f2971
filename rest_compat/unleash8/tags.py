"""Add tags to toggles and remove tags, in one request."""

from collections.abc import Sequence

from msgspec import Struct
from pydantic import Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import read_body
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.features import TOGGLE, TagBody
from rest_compat.unleash8.validating import Body
from store.model import Toggle
from store.operations.limits import MAX_ITEMS
from store.operations.strings import display
from store.operations.tags import change_tags
from store.unit_of_work import UnitOfWork
from store.values import Tag

_RENAMED = {"add": "addedTags", "remove": "removedTags"}

routes = RouteTable("admin: tags", refusal_form=refusal_form(renamed=_RENAMED))


class TagChangesBody(Body):
    """Tags to add, and tags to remove. Tags that a toggle does not have are not removed."""

    added_tags: list[TagBody] = Field(max_length=MAX_ITEMS)
    removed_tags: list[TagBody] = Field(max_length=MAX_ITEMS)

    async def apply(self, work: UnitOfWork, toggle: Toggle) -> Toggle:
        """Change the tags of a toggle.

        Raises: Refusal: with paths below `add` and `remove`.
        """
        removed = [Tag(tag.type, tag.value) for tag in self.removed_tags]
        return await change_tags(
            work,
            toggle.name,
            add=[Tag(tag.type, tag.value) for tag in self.added_tags],
            remove=[tag for tag in removed if tag in toggle.tags],
        )


class FeatureTagsJson(Struct, kw_only=True):
    """The tags of the toggle."""

    version: int = 1
    tags: Sequence[Tag]


@routes.route(
    "PUT",
    "/api/admin/features/:name/tags",
    id="updateTags",
    parameters=(TOGGLE,),
    body=TagChangesBody,
    example={
        "addedTags": [{"type": "simple", "value": "web"}],
        "removedTags": [{"type": "simple", "value": "mobile"}],
    },
    answers={200: FeatureTagsJson},
    errors=(BadDataError, MissingError),
)
async def update_tags(request: Request) -> Response:
    """Add tags to a toggle and remove tags.

    Added tags that the toggle already has, and removed tags that it does not have, are ignored.
    """
    body = await read_body(request, TagChangesBody)
    name = request.parameters["name"]
    async with request.store.write(request.principal.actor) as work:
        toggle = work.snapshot.toggles.get(name)
        if toggle is None or toggle.archived:
            raise MissingError(f"No live toggle is named '{display(name)}'.")
        toggle = await body.apply(work, toggle)
    return json_response(FeatureTagsJson(tags=toggle.tags))
