"""Toggles of the 3.x admin API: list, create, read, replace, archive."""

from typing import Any

from rest_compat.http.bodies import checked, read, read_object
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.sdk.filters import narrowed
from rest_compat.sdk.payload import PayloadScope
from rest_compat.unleash3.errors import v3_error_of
from rest_compat.unleash3.feature_bodies import FeatureBody, NameBody
from rest_compat.unleash3.feature_document import answered_toggle, toggle_settings
from rest_compat.unleash3.feature_lookup import find_live, named
from store import Snapshot
from store.errors import Problems
from store.model import DEFAULT_ENVIRONMENT, Toggle
from store.operations.fields import ToggleFields
from store.operations.replacing import replace_toggle
from store.operations.toggle_fields import check_free
from store.operations.toggles import archive_toggle, create_toggle


async def list_features(request: Request) -> Answer:
    """The live toggles that the filters of the query let through, by name."""
    toggles = narrowed(PayloadScope(DEFAULT_ENVIRONMENT), request).toggles(request.snapshot)
    return json_answer({"version": 1, "features": [answered_toggle(request, it) for it in toggles]})


async def get_feature(request: Request) -> Answer:
    """One live toggle."""
    return json_answer(answered_toggle(request, named(request)))


async def create_feature(request: Request) -> Answer:
    """A new toggle. The name is looked at alone, then whether it is taken, then everything else."""
    sent = await read_object(request)
    name = checked(sent, NameBody).name
    _require_free(request.snapshot, name)
    body = checked(sent, FeatureBody)
    async with request.store.write(request.principal.actor) as work:
        toggle = await create_toggle(
            work,
            name=name,
            fields=body.store_fields(ToggleFields),
            stale=body.stale,
            enabled=body.enabled,
            strategies=body.strategy_specs(),
            variants=body.stored_variants(),
            allow_unknown=True,
        )
        work.show_as("feature-created", _cleaned(body, toggle))
    return json_answer(answered_toggle(request, toggle), status=201)


async def replace_feature(request: Request) -> Answer:
    """Another toggle of the same name; only a description that is not sent stays."""
    sent = await read_object(request)
    name = find_live(request.snapshot, request.parameters["name"]).name
    body = checked(sent, FeatureBody)
    async with request.store.write(request.principal.actor) as work:
        find_live(work.snapshot, name)
        await replace_toggle(
            work,
            name,
            body.store_fields(ToggleFields, kept=("description",)),
            stale=body.stale,
            enabled=body.enabled,
            strategies=body.strategy_specs(),
            variants=body.stored_variants(),
            allow_unknown=True,
            record_always=True,
        )
        work.show_as("feature-updated", sent | {"name": name})
    return Answer(200)


async def archive_feature(request: Request) -> Answer:
    """The toggle goes to the archive, off."""
    async with request.store.write(request.principal.actor) as work:
        name = find_live(work.snapshot, request.parameters["name"]).name
        await archive_toggle(work, name, switch_off_in=DEFAULT_ENVIRONMENT)
        work.show_as("feature-archived", {"name": name})
    return Answer(200)


async def validate_name(request: Request) -> Answer:
    """Whether a new toggle can have the name."""
    body = await read(request, NameBody)
    _require_free(request.snapshot, body.name)
    return Answer(200)


def _require_free(snapshot: Snapshot, name: str) -> None:
    problems = Problems()
    check_free(snapshot, name, problems)
    problems.raise_any()


def _cleaned(body: FeatureBody, toggle: Toggle) -> dict[str, Any]:
    """The body with defaults, less the keys that have none and were not sent."""
    settings = toggle_settings(toggle)
    for key in ("description", "variants"):
        if key not in body.sent:
            del settings[key]
    return settings


ROUTES: Routes = {
    "/api/admin/features": {
        "GET": Route(list_features),
        "POST": Route(create_feature, v3_error_of),
    },
    "/api/admin/features/validate": {"POST": Route(validate_name, v3_error_of)},
    "/api/admin/features/:name": {
        "GET": Route(get_feature),
        "PUT": Route(replace_feature, v3_error_of),
        "DELETE": Route(archive_feature, v3_error_of),
    },
}
