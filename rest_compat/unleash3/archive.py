"""Archived toggles of the 3.x admin API: list and revive."""

from rest_compat.http.errors import BODY_ERRORS
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.errors import AbsentError, v3_error_of
from rest_compat.unleash3.features import TAG, TOGGLE
from rest_compat.unleash3.models import ArchivedTogglesJson, answered_toggle
from store.operations.strings import display
from store.operations.toggles import revive_toggle

routes = RouteTable(TAG, refusal_form=v3_error_of)


# In 3.17.6 the body of this list has no `version` (contract/rest-v3.yaml, "archive-list").
@routes.route(
    "GET",
    "/api/admin/archive/features",
    id="getArchivedFeatures",
    answers={200: ArchivedTogglesJson},
)
async def list_archive(request: Request) -> Response:
    """List the archived toggles, sorted by name.

    Each toggle has the state that it had when it was archived.
    """
    archived = request.snapshot.archived_toggles
    features = [answered_toggle(request, toggle) for toggle in archived]
    return json_response(ArchivedTogglesJson(features=features))


@routes.route(
    "POST",
    "/api/admin/archive/revive/:name",
    id="reviveFeature",
    parameters=(TOGGLE.with_example("newsletter-popup"),),
    errors=(AbsentError, *BODY_ERRORS),
)
async def revive_feature(request: Request) -> Response:
    """Revive an archived toggle.

    The toggle becomes live, and is switched off. A toggle that is already live does not change.
    """
    # Unleash 3.17.6 has two bugs in this route. It switches off a live toggle, and it answers 200
    # if the toggle does not exist (rest-differences.md, `revive-unknown`). Flagstaff does not copy
    # these bugs.
    await request.json()
    async with request.store.write(request.principal.actor) as work:
        name = request.parameters["name"]
        toggle = work.snapshot.toggles.get(name)
        if toggle is None:
            raise AbsentError(f"No toggle is named '{display(name)}'.")
        if toggle.archived:
            await revive_toggle(work, name)
            work.show_as("feature-revived", {"name": name})
    return Response(200)
