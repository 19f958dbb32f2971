"""Environments, and switching a toggle on and off in one."""

from functools import partial

from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash8.documents import (
    environment_counts,
    environment_document,
    feature_environment_document,
)
from rest_compat.unleash8.errors import refused
from rest_compat.unleash8.lookup import environment_of, toggle_of
from rest_compat.unleash8.rules import GRADUAL_ROLLOUT, filled_parameters
from store.model import Toggle
from store.operations.environments import update_environment
from store.operations.fields import EnvironmentFields
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import (
    add_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.unit_of_work import UnitOfWork

FEATURE_ENVIRONMENT = "/api/admin/projects/:project/features/:name/environments/:environment"


async def list_environments(request: Request) -> Answer:
    """All environments in order, those that are not in use, too."""
    snapshot = request.snapshot
    environments = [
        environment_document(it) | environment_counts(it, snapshot)
        for it in snapshot.environments_in_order
    ]
    return json_answer({"version": 1, "environments": environments})


async def get_environment(request: Request) -> Answer:
    """One environment."""
    return json_answer(environment_document(environment_of(request.snapshot, request)))


async def switch_environment(request: Request, *, enabled: bool) -> Answer:
    """Nothing more; the environment is, or is not, in use."""
    async with request.store.write(request.principal.actor) as work:
        environment = environment_of(work.snapshot, request)
        await update_environment(work, environment.name, EnvironmentFields(enabled=enabled))
    return Answer(204)


async def get_feature_environment(request: Request) -> Answer:
    """What a toggle is set to in one environment."""
    toggle = toggle_of(request.snapshot, request)
    environment = environment_of(request.snapshot, request)
    document = feature_environment_document(toggle, environment, request.store.usage)
    # Here, and only here, 8.2 has the name of the toggle in `name`.
    return json_answer(document | {"name": toggle.name})


async def switch_feature(request: Request, *, enabled: bool) -> Answer:
    """Switch a toggle on or off in one environment.

    One that is switched on without a strategy in use gets a gradual rollout to everybody, as in
    8.2. With `?shouldActivateDisabledStrategies=true` its disabled strategies are used instead.
    """
    activate = ("shouldActivateDisabledStrategies", "true") in request.query()
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        if enabled:
            await _provide_strategy(work, toggle, environment, activate=activate)
        await set_enabled(work, toggle.name, environment=environment, enabled=enabled)
    return Answer(200)


async def _provide_strategy(
    work: UnitOfWork, toggle: Toggle, environment: str, *, activate: bool
) -> None:
    strategies = toggle.in_environment(environment).strategies
    if activate and strategies:
        for strategy in strategies:
            await update_toggle_strategy(
                work,
                toggle_id=toggle.id,
                environment=environment,
                strategy_id=strategy.id,
                disabled=False,
                allow_unknown=True,
            )
    elif all(it.disabled for it in strategies):
        parameters = filled_parameters(toggle.name, GRADUAL_ROLLOUT, {})
        await add_toggle_strategy(
            work,
            toggle.name,
            environment=environment,
            strategy=StrategySpec(name=GRADUAL_ROLLOUT, parameters=parameters),
            allow_unknown=True,
        )


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
