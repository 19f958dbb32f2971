"""The strategies of a toggle in an environment."""

from pydantic import Field

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import (
    ChangedStrategyBody,
    StrategyBody,
    checked_body,
    read_body,
)
from rest_compat.unleash8.configurations import CONFIGURATION
from rest_compat.unleash8.environments import ENVIRONMENT
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.features import PROJECT, TAG, TOGGLE
from rest_compat.unleash8.lookup import environment_of, strategy_of, toggle_of
from rest_compat.unleash8.models import FeatureStrategyJson, strategy_json
from rest_compat.unleash8.validating import Body, Number
from store import Snapshot
from store.constraints.checking import compile_patterns
from store.model import Toggle, ToggleStrategy
from store.operations.limits import MAX_ITEMS
from store.operations.strategy_order import order_strategies
from store.operations.strings import display
from store.operations.toggle_environments import (
    add_toggle_strategy,
    remove_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.unit_of_work import UnitOfWork

routes = RouteTable(TAG, refusal_form=refusal_form())

STRATEGIES = f"{CONFIGURATION}/strategies"
STRATEGY = f"{STRATEGIES}/:strategy"
STRATEGY_ID = path_parameter(
    "strategy", "The ID of the strategy.", "b4c1f2a0-6b0e-4d6e-9f4a-2f7f0a5d1c11"
)
_OTHER_STRATEGY_ID = STRATEGY_ID.with_example("6d0f1c52-7a4b-4f0e-8c5d-0b9a3e7f2d44")


class StrategyPositionBody(Body):
    """The ID of a strategy, and a number by which the strategies are sorted."""

    id: str
    sort_order: Number


class StrategyOrderBody(Body):
    """A body that is a list of strategies."""

    strategies: list[StrategyPositionBody] = Field(max_length=MAX_ITEMS)


@routes.route(
    "GET",
    STRATEGIES,
    id="getFeatureStrategies",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT),
    answers={200: Answer("The strategies.", list[FeatureStrategyJson])},
    errors=(MissingError,),
)
async def list_strategies(request: Request) -> Response:
    """List the strategies of a toggle in an environment, in order.

    The list includes disabled strategies.
    """
    toggle = toggle_of(request.snapshot, request)
    environment = environment_of(request.snapshot, request)
    strategies = toggle.in_environment(environment.name).strategies
    return json_response([strategy_json(toggle, strategy) for strategy in strategies])


@routes.route(
    "GET",
    STRATEGY,
    id="getFeatureStrategy",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT, STRATEGY_ID),
    answers={200: FeatureStrategyJson},
    errors=(MissingError,),
)
async def get_strategy(request: Request) -> Response:
    """Read one strategy of a toggle.

    Clients find the ID in the list of strategies.
    """
    return json_response(strategy_json(*strategy_of(request.snapshot, request)))


@routes.route(
    "POST",
    STRATEGIES,
    id="addFeatureStrategy",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT),
    body=StrategyBody,
    example={
        "name": "flexibleRollout",
        "title": "German first",
        "parameters": {"rollout": "35", "stickiness": "default", "groupId": "checkout"},
        "constraints": [{"contextName": "country", "operator": "IN", "values": ["DE", "AT"]}],
        "segments": [1],
    },
    answers={200: Answer("The new strategy, including default values.", FeatureStrategyJson)},
    errors=(BadDataError, MissingError),
    refusal_form=refusal_form(dropped=1),
)
async def add_strategy(request: Request) -> Response:
    """Add a strategy to a toggle in an environment.

    `sortOrder` determines the position of the strategy. If `sortOrder` is missing, the strategy
    becomes the last one. A gradual rollout gets defaults for missing parameters.
    """
    body = await read_body(request, StrategyBody)
    await compile_patterns(body.stored_constraints())
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = _existing_environment(work.snapshot, request)
        siblings = toggle.in_environment(environment).strategies
        toggle, strategy = await add_toggle_strategy(
            work,
            toggle.name,
            environment=environment,
            strategy=body.spec(work.snapshot, toggle.name),
            position=body.position_up_to(len(siblings)),
            allow_unknown=True,
        )
    return json_response(strategy_json(toggle, strategy))


@routes.route(
    "PUT",
    STRATEGY,
    id="updateFeatureStrategy",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT, STRATEGY_ID),
    body=ChangedStrategyBody,
    example={
        "name": "flexibleRollout",
        "title": "Half of all",
        "parameters": {"rollout": "50", "stickiness": "default", "groupId": "checkout"},
        "constraints": [],
    },
    answers={200: FeatureStrategyJson},
    errors=(BadDataError, MissingError),
)
async def update_strategy(request: Request) -> Response:
    """Change a strategy of a toggle.

    The parameters, constraints and variants are replaced. The title, `disabled` and segments are
    unchanged if they are omitted. A toggle that no longer has an enabled strategy is switched off.
    """
    body = await read_body(request, ChangedStrategyBody)
    await compile_patterns(body.stored_constraints())
    async with request.store.write(request.principal.actor) as work:
        toggle, strategy = await change_strategy(work, *strategy_of(work.snapshot, request), body)
    return json_response(strategy_json(toggle, strategy))


@routes.route(
    "POST",
    f"{STRATEGIES}/set-sort-order",
    id="setStrategySortOrder",
    parameters=(PROJECT, TOGGLE.with_example("store-finder"), ENVIRONMENT),
    body=list[StrategyPositionBody],
    example=[{"id": "0e5b7c31-9d2a-4c8f-b6e1-5a3f8d9c7b22", "sortOrder": 0}],
    errors=(BadDataError, MissingError),
)
async def order(request: Request) -> Response:
    """Change the order of the strategies of a toggle in an environment.

    The body contains each strategy once. Only the order of the numbers matters.
    """
    body = checked_body({"strategies": await request.json()}, StrategyOrderBody, dropped=1)
    ids = [item.id for item in sorted(body.strategies, key=lambda item: item.sort_order)]
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        await order_strategies(work, toggle.name, environment=environment, ids=ids)
    return Response(200)


@routes.route(
    "DELETE",
    STRATEGY,
    id="deleteFeatureStrategy",
    parameters=(PROJECT, TOGGLE.with_example("search-by-photo"), ENVIRONMENT, _OTHER_STRATEGY_ID),
    errors=(MissingError,),
)
async def remove_strategy(request: Request) -> Response:
    """Remove a strategy from a toggle.

    A toggle that no longer has an enabled strategy is switched off.
    """
    async with request.store.write(request.principal.actor) as work:
        toggle, strategy = strategy_of(work.snapshot, request)
        toggle = await remove_toggle_strategy(
            work,
            toggle_id=toggle.id,
            environment=strategy.environment,
            strategy_id=strategy.id,
        )
        await _switch_off_unused(work, toggle, strategy.environment)
    return Response(200)


def _existing_environment(snapshot: Snapshot, request: Request) -> str:
    """Return the environment in the path.

    Raises: BadDataError: the environment does not exist. If a client adds a strategy, Unleash 8.2
        also answers 400 instead of 404.
    """
    name = request.parameters["environment"]
    if name not in snapshot.environments:
        raise BadDataError(
            Detail(f"No environment is named '{display(name)}'.", "/params/environment")
        )
    return name


async def change_strategy(
    work: UnitOfWork, toggle: Toggle, strategy: ToggleStrategy, body: ChangedStrategyBody
) -> tuple[Toggle, ToggleStrategy]:
    """Change a strategy of a toggle. Switch the toggle off if it has no enabled strategy left.

    Raises: BadDataError, MissingError, Refusal.
    """
    settings = body.settings(work.snapshot, toggle.name, body.new_name)
    siblings = toggle.in_environment(strategy.environment).strategies
    toggle, strategy = await update_toggle_strategy(
        work,
        toggle_id=toggle.id,
        environment=strategy.environment,
        strategy_id=strategy.id,
        name=body.new_name or strategy.name,
        **settings,
        position=body.position_up_to(len(siblings) - 1),
        allow_unknown=True,
    )
    await _switch_off_unused(work, toggle, strategy.environment)
    return toggle, strategy


async def _switch_off_unused(work: UnitOfWork, toggle: Toggle, environment: str) -> None:
    """Switch a toggle off in an environment in which it has no enabled strategy."""
    configured = toggle.in_environment(environment)
    if configured.enabled and all(strategy.disabled for strategy in configured.strategies):
        await set_enabled(work, toggle.name, environment=environment, enabled=False)
