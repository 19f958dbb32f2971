"""Environments, and switching a toggle on and off in one."""

from functools import partial

from rest_compat.admin.documents import environment_document, feature_environment_document
from rest_compat.admin.errors import refused
from rest_compat.admin.lookup import environment_of, toggle_of
from rest_compat.routing import Route, Routes
from rest_compat.wire import Answer, Request, json_answer
from store.operations.environments import update_environment
from store.operations.toggle_environments import set_enabled

FEATURE_ENVIRONMENT = "/api/admin/projects/:project/features/:name/environments/:environment"


async def list_environments(request: Request) -> Answer:
    """All environments in order, those that are not in use, too."""
    environments = map(environment_document, request.snapshot.environments_in_order)
    return json_answer({"version": 1, "environments": list(environments)})


async def get_environment(request: Request) -> Answer:
    """One environment."""
    return json_answer(environment_document(environment_of(request.snapshot, request)))


async def switch_environment(request: Request, *, enabled: bool) -> Answer:
    """Nothing more; the environment is, or is not, in use."""
    async with request.store.write(request.principal.actor) as work:
        environment = environment_of(work.snapshot, request)
        await update_environment(work, environment.name, enabled=enabled)
    return Answer(204)


async def get_feature_environment(request: Request) -> Answer:
    """What a toggle is set to in one environment."""
    toggle = toggle_of(request.snapshot, request)
    environment = environment_of(request.snapshot, request)
    return json_answer(feature_environment_document(toggle, environment, request.store.usage))


async def switch_feature(request: Request, *, enabled: bool) -> Answer:
    """Nothing more; the toggle is on, or off, in one environment."""
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request)
        await set_enabled(work, toggle.name, environment=environment.name, enabled=enabled)
    return Answer(200)


ROUTES: Routes = {
    "/api/admin/environments": {"GET": Route(list_environments)},
    "/api/admin/environments/:environment": {"GET": Route(get_environment)},
    FEATURE_ENVIRONMENT: {"GET": Route(get_feature_environment)},
} | {
    f"{path}/{word}": {"POST": Route(partial(switch, enabled=word == "on"), refused())}
    for word in ("on", "off")
    for path, switch in (
        ("/api/admin/environments/:environment", switch_environment),
        (FEATURE_ENVIRONMENT, switch_feature),
    )
}
