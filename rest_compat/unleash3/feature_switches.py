"""Switching toggles in the 3.x admin API: on, off, over, stale and not stale."""

from rest_compat.http.request import Answer, Handler, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import v3_error_of
from rest_compat.unleash3.feature_document import answered_toggle
from rest_compat.unleash3.feature_lookup import find_live
from store.model import DEFAULT_ENVIRONMENT
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import update_toggle


def _switch(*, enabled: bool | None) -> Handler:
    """A handler that switches a toggle on or off, or (None) over to the other state."""

    async def switch(request: Request) -> Answer:
        await request.json()
        async with request.store.write(request.principal.actor) as work:
            found = find_live(work.snapshot, request.parameters["name"])
            wanted = enabled
            if wanted is None:
                wanted = not found.in_environment(DEFAULT_ENVIRONMENT).enabled
            toggle = await set_enabled(work, found.name, enabled=wanted, record_always=True)
            document = answered_toggle(request, toggle)
            work.show_as("feature-updated", document)
        return json_answer(document)

    return switch


def _mark(*, stale: bool) -> Handler:
    """A handler that marks a toggle as stale, or takes the mark off."""

    async def mark(request: Request) -> Answer:
        await request.json()
        async with request.store.write(request.principal.actor) as work:
            name = find_live(work.snapshot, request.parameters["name"]).name
            toggle = await update_toggle(work, name, stale=stale, record_always=True)
            document = answered_toggle(request, toggle)
            work.show_as("feature-stale-on" if stale else "feature-stale-off", document)
        return json_answer(document)

    return mark


ROUTES: Routes = {
    "/api/admin/features/:name/toggle": {"POST": Route(_switch(enabled=None), v3_error_of)},
    "/api/admin/features/:name/toggle/on": {"POST": Route(_switch(enabled=True), v3_error_of)},
    "/api/admin/features/:name/toggle/off": {"POST": Route(_switch(enabled=False), v3_error_of)},
    "/api/admin/features/:name/stale/on": {"POST": Route(_mark(stale=True), v3_error_of)},
    "/api/admin/features/:name/stale/off": {"POST": Route(_mark(stale=False), v3_error_of)},
}
