"""Archived toggles of the 3.x admin API: list and revive."""

from http import HTTPStatus

from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import EmptyError, v3_error_of
from rest_compat.unleash3.feature_document import answered_toggle
from store.operations.text import shown
from store.operations.toggles import revive_toggle


async def list_archive(request: Request) -> Answer:
    """The archived toggles by name, without a version (contract/rest-v3.yaml, archive-list)."""
    archived = request.snapshot.archived_toggles
    return json_answer({"features": [answered_toggle(request, it) for it in archived]})


async def revive_feature(request: Request) -> Answer:
    """The toggle comes back from the archive, off; to a live one nothing happens.

    3.17.6 switches a live toggle off, and answers 200 where there is none at all: bugs of its own
    (rest-differences.md, `revive-unknown`).
    """
    await request.json()
    async with request.store.write(request.principal.actor) as work:
        name = request.parameters["name"]
        toggle = work.snapshot.toggles.get(name)
        if toggle is None:
            raise EmptyError(HTTPStatus.NOT_FOUND, f"No toggle is named '{shown(name)}'.")
        if toggle.archived:
            await revive_toggle(work, name)
            work.show_as("feature-revived", {"name": name})
    return Answer(200)


ROUTES: Routes = {
    "/api/admin/archive/features": {"GET": Route(list_archive)},
    "/api/admin/archive/revive/:name": {"POST": Route(revive_feature, v3_error_of)},
}
