"""Configurations of toggles: read a configuration, switch a toggle on or off in an environment."""

from msgspec import structs

from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import Parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.environments import ENVIRONMENT
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.features import FEATURE, PROJECT, TAG, TOGGLE
from rest_compat.unleash8.lookup import environment_of, toggle_of
from rest_compat.unleash8.models import FeatureEnvironmentJson, feature_environment_json
from rest_compat.unleash8.rules import GRADUAL_ROLLOUT, fill_parameters
from store.model import Toggle
from store.operations.inputs import StrategySpec
from store.operations.toggle_environments import (
    add_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.unit_of_work import UnitOfWork

routes = RouteTable(TAG, refusal_form=refusal_form())

CONFIGURATION = f"{FEATURE}/environments/:environment"

ACTIVATE = Parameter(
    "shouldActivateDisabledStrategies",
    "Whether to enable the disabled strategies of the toggle.",
    bool,
    example=False,
)


@routes.route(
    "GET",
    CONFIGURATION,
    id="getFeatureEnvironment",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT),
    answers={200: FeatureEnvironmentJson},
    errors=(MissingError,),
)
async def get_configuration(request: Request) -> Response:
    """Read the configuration of a toggle in an environment.

    The environment may be disabled.
    """
    toggle = toggle_of(request.snapshot, request)
    environment = environment_of(request.snapshot, request)
    configuration = feature_environment_json(toggle, environment, request.store.usage)
    # In 8.2, only this response has the name of the toggle in `name`.
    return json_response(structs.replace(configuration, name=toggle.name))


@routes.route(
    "POST",
    f"{CONFIGURATION}/on",
    id="toggleFeatureEnvironmentOn",
    parameters=(
        PROJECT,
        TOGGLE,
        ENVIRONMENT,
        ACTIVATE,
    ),
    errors=(BadDataError, MissingError),
)
async def switch_on(request: Request) -> Response:
    """Switch a toggle on in an environment.

    If the toggle has no enabled strategy, it gets a gradual rollout to everybody. If
    `shouldActivateDisabledStrategies` is true and the toggle has strategies, all its strategies are
    enabled instead.
    """
    return await _switch(request, enabled=True)


@routes.route(
    "POST",
    f"{CONFIGURATION}/off",
    id="toggleFeatureEnvironmentOff",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT),
    errors=(MissingError,),
)
async def switch_off(request: Request) -> Response:
    """Switch a toggle off in an environment.

    The strategies and variants remain.
    """
    return await _switch(request, enabled=False)


async def _switch(request: Request, *, enabled: bool) -> Response:
    activate = activates(request)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        if enabled:
            await provide_strategy(work, toggle, environment, activate=activate)
        await set_enabled(work, toggle.name, environment=environment, enabled=enabled)
    return Response(200)


def activates(request: Request) -> bool:
    """Whether the query requests that disabled strategies are enabled."""
    return (ACTIVATE.name, "true") in request.query()


async def provide_strategy(
    work: UnitOfWork, toggle: Toggle, environment: str, *, activate: bool
) -> None:
    """Ensure that a toggle which is about to be switched on has an enabled strategy.

    With `activate`, all its strategies are enabled. Otherwise, a toggle without an enabled strategy
    gets a gradual rollout to everybody.
    """
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
    elif all(strategy.disabled for strategy in strategies):
        parameters = fill_parameters(toggle.name, GRADUAL_ROLLOUT, {})
        await add_toggle_strategy(
            work,
            toggle.name,
            environment=environment,
            strategy=StrategySpec(name=GRADUAL_ROLLOUT, parameters=parameters),
            allow_unknown=True,
        )
