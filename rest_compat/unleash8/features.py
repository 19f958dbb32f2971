"""Toggles of a project: list, read, create, change, archive."""

from msgspec import UNSET
from pydantic import Field

from rest_compat.http.bodies import Body, Flag, TagValue, Text
from rest_compat.http.errors import BadDataError, Detail, FilterError
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.sdk.filters import narrowed
from rest_compat.sdk.payload import PayloadScope
from rest_compat.unleash8.bodies import Description, LooseFlag, Word, read
from rest_compat.unleash8.documents import feature_document, feature_summary
from rest_compat.unleash8.errors import InvalidOperationError, refused
from rest_compat.unleash8.lookup import project_of, toggle_of
from rest_compat.unleash8.rules import check_toggle_type
from store.model import DEFAULT_TOGGLE_TYPE, Toggle
from store.operations.fields import ToggleFields
from store.operations.limits import MOST_ITEMS
from store.operations.toggles import archive_toggle, create_toggle, update_toggle
from store.operations.uses import dependents_of
from store.values import Tag

# What the peers call the form of this list; that of the older routes is 1.
LIST_VERSION = 2


class TagBody(Body):
    """A tag that a new toggle carries from the start."""

    type: Text
    value: TagValue


class NewFeatureBody(Body):
    """A toggle to be made; whatever it does in an environment is said later."""

    name: Word
    type: Text = DEFAULT_TOGGLE_TYPE
    description: Description = None
    impression_data: LooseFlag = False
    stale: Flag = False
    tags: list[TagBody] = Field(default=[], max_length=MOST_ITEMS)


class ChangedFeatureBody(Body):
    """All values of a toggle; what is left out goes back to its default, as in 8.2."""

    name: Word | None = None
    type: Text = DEFAULT_TOGGLE_TYPE
    description: Description = None
    impression_data: LooseFlag = False
    stale: LooseFlag = False


async def list_features(request: Request) -> Answer:
    """The live toggles of a project, by name, or those that the filters name."""
    snapshot = request.snapshot
    scope = PayloadScope(request.principal.environment, (project_of(snapshot, request),))
    try:
        toggles = narrowed(scope, request).toggles(snapshot)
    except FilterError as error:
        details = (Detail(it.message, (it.path or "").partition("/")[0]) for it in error.details)
        raise BadDataError(*details) from None
    usage = request.store.usage
    features = [feature_summary(it, snapshot, usage) for it in toggles]
    return json_answer({"version": LIST_VERSION, "features": features})


async def get_feature(request: Request) -> Answer:
    """One toggle with all its configurations."""
    return _feature(request, toggle_of(request.snapshot, request))


async def create_feature(request: Request) -> Answer:
    """A new toggle, off everywhere and without strategies."""
    body = await read(request, NewFeatureBody)
    async with request.store.write(request.principal.actor) as work:
        project = project_of(work.snapshot, request)
        check_toggle_type(work.snapshot, body.type)
        toggle = await create_toggle(
            work,
            name=body.name,
            fields=body.store_fields(ToggleFields, project=project),
            stale=body.stale,
            tags=[Tag(it.type, it.value) for it in body.tags],
            strategies=(),
            variants=UNSET,
            allow_unknown=True,
        )
    return _feature(request, toggle, status=201)


async def update_feature(request: Request) -> Answer:
    """Replace the values of a toggle; answers it."""
    body = await read(request, ChangedFeatureBody)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        if body.name not in (None, "", toggle.name):
            raise BadDataError(Detail("The name of a toggle never changes.", "/body/name"))
        check_toggle_type(work.snapshot, body.type)
        toggle = await update_toggle(
            work,
            toggle.name,
            body.store_fields(ToggleFields),
            stale=body.stale,
            allow_unknown=True,
        )
    return _feature(request, toggle)


async def archive_feature(request: Request) -> Answer:
    """Archive a toggle; one that is archived already stays so.

    Raises: InvalidOperationError: other toggles depend on it.
    """
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request, archived=True)
        if dependents := dependents_of(work.snapshot, toggle, archived=False):
            raise InvalidOperationError(
                f"Toggle '{dependents[0].name}' depends on toggle '{toggle.name}'."
            )
        if not toggle.archived:
            await archive_toggle(work, toggle.name)
    return Answer(202)


def _feature(request: Request, toggle: Toggle, *, status: int = 200) -> Answer:
    # After a write the newest snapshot holds it; the one of the request does not.
    store = request.store
    return json_answer(feature_document(toggle, store.snapshot, store.usage), status=status)


ROUTES: Routes = {
    "/api/admin/projects/:project/features": {
        "GET": Route(list_features),
        "POST": Route(create_feature, refused()),
    },
    "/api/admin/projects/:project/features/:name": {
        "GET": Route(get_feature),
        "PUT": Route(update_feature, refused()),
        "DELETE": Route(archive_feature, refused()),
    },
}
