"""Routes of the 3.x admin API that switch toggles, or mark them as stale or not stale."""

from rest_compat.http.errors import BODY_ERRORS
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.errors import AbsentError, v3_error_of
from rest_compat.unleash3.feature_lookup import find_live
from rest_compat.unleash3.features import FEATURE, TAG, TOGGLE
from rest_compat.unleash3.models import ToggleJson, toggle_document
from store.model import DEFAULT_ENVIRONMENT
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import update_toggle

routes = RouteTable(TAG, refusal_form=v3_error_of)

_ANSWERS = {200: ToggleJson}


@routes.route(
    "POST",
    f"{FEATURE}/toggle",
    id="toggleFeatureV3",
    parameters=(TOGGLE,),
    answers=_ANSWERS,
    errors=(AbsentError, *BODY_ERRORS),
)
async def invert_state(request: Request) -> Response:
    """Switch a toggle to its other state.

    The toggle is switched in the environment `default`.
    """
    return await _switch(request, enabled=None)


@routes.route(
    "POST",
    f"{FEATURE}/toggle/on",
    id="toggleFeatureOnV3",
    parameters=(TOGGLE,),
    answers=_ANSWERS,
    errors=(AbsentError, *BODY_ERRORS),
)
async def switch_on(request: Request) -> Response:
    """Switch a toggle on.

    The toggle is switched on in the environment `default`. A toggle that is already on stays on.
    """
    return await _switch(request, enabled=True)


@routes.route(
    "POST",
    f"{FEATURE}/toggle/off",
    id="toggleFeatureOffV3",
    parameters=(TOGGLE,),
    answers=_ANSWERS,
    errors=(AbsentError, *BODY_ERRORS),
)
async def switch_off(request: Request) -> Response:
    """Switch a toggle off.

    The toggle is switched off in the environment `default`. A toggle that is already off stays off.
    """
    return await _switch(request, enabled=False)


@routes.route(
    "POST",
    f"{FEATURE}/stale/on",
    id="setStaleOnV3",
    parameters=(TOGGLE,),
    answers=_ANSWERS,
    errors=(AbsentError, *BODY_ERRORS),
)
async def mark_stale(request: Request) -> Response:
    """Mark a toggle as stale.

    SDKs get the value of `stale`, but evaluate the toggle as before.
    """
    return await _mark(request, stale=True)


@routes.route(
    "POST",
    f"{FEATURE}/stale/off",
    id="setStaleOffV3",
    parameters=(TOGGLE,),
    answers=_ANSWERS,
    errors=(AbsentError, *BODY_ERRORS),
)
async def unmark_stale(request: Request) -> Response:
    """Mark a toggle as no longer stale.

    A toggle that is not stale does not change.
    """
    return await _mark(request, stale=False)


async def _switch(request: Request, *, enabled: bool | None) -> Response:
    """Switch a toggle on or off. None means the opposite of the present state."""
    await request.json()
    async with request.store.write(request.principal.actor) as work:
        found = find_live(work.snapshot, request.parameters["name"])
        if enabled is None:
            enabled = not found.in_environment(DEFAULT_ENVIRONMENT).enabled
        toggle = await set_enabled(work, found.name, enabled=enabled, record_always=True)
        document = toggle_document(
            toggle, last_seen_at=request.store.usage.last_seen_at(found.name)
        )
        work.show_as("feature-updated", document)
    return json_response(document)


async def _mark(request: Request, *, stale: bool) -> Response:
    await request.json()
    async with request.store.write(request.principal.actor) as work:
        name = find_live(work.snapshot, request.parameters["name"]).name
        toggle = await update_toggle(work, name, stale=stale, record_always=True)
        document = toggle_document(toggle, last_seen_at=request.store.usage.last_seen_at(name))
        work.show_as("feature-stale-on" if stale else "feature-stale-off", document)
    return json_response(document)
