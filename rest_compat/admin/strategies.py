"""The strategies of a toggle in one environment."""

from rest_compat.admin.bodies import ChangedStrategyBody, StrategyBody, read
from rest_compat.admin.documents import strategy_document
from rest_compat.admin.environments import FEATURE_ENVIRONMENT
from rest_compat.admin.errors import refused
from rest_compat.admin.lookup import environment_of, strategy_of, toggle_of
from rest_compat.errors import BadDataError, Detail
from rest_compat.routing import Route, Routes
from rest_compat.wire import Answer, Request, json_answer
from store.operations.toggle_environments import (
    add_toggle_strategy,
    remove_toggle_strategy,
    update_toggle_strategy,
)


async def list_strategies(request: Request) -> Answer:
    """The strategies in order."""
    toggle = toggle_of(request.snapshot, request)
    environment = environment_of(request.snapshot, request)
    strategies = toggle.in_environment(environment.name).strategies
    return json_answer([strategy_document(toggle, it) for it in strategies])


async def get_strategy(request: Request) -> Answer:
    """One strategy."""
    return json_answer(strategy_document(*strategy_of(request.snapshot, request)))


async def add_strategy(request: Request) -> Answer:
    """The new strategy."""
    body = await read(request, StrategyBody)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        siblings = toggle.in_environment(environment).strategies
        toggle, strategy = await add_toggle_strategy(
            work,
            toggle.name,
            environment=environment,
            strategy=body.spec(),
            position=body.place_among(len(siblings)),
            allow_unknown=True,
        )
    return json_answer(strategy_document(toggle, strategy))


async def update_strategy(request: Request) -> Answer:
    """The strategy with other settings."""
    body = await read(request, ChangedStrategyBody)
    async with request.store.write(request.principal.actor) as work:
        toggle, strategy = strategy_of(work.snapshot, request)
        if body.name not in (None, strategy.name):
            raise BadDataError(
                Detail("A strategy cannot become another; add that one instead.", "/body/name")
            )
        siblings = toggle.in_environment(strategy.environment).strategies
        toggle, strategy = await update_toggle_strategy(
            work,
            toggle_id=toggle.id,
            environment=strategy.environment,
            strategy_id=strategy.id,
            **body.settings(),
            position=body.place_among(len(siblings) - 1),
            allow_unknown=True,
        )
    return json_answer(strategy_document(toggle, strategy))


async def remove_strategy(request: Request) -> Answer:
    """Nothing more; the strategy is gone."""
    async with request.store.write(request.principal.actor) as work:
        toggle, strategy = strategy_of(work.snapshot, request)
        await remove_toggle_strategy(
            work,
            toggle_id=toggle.id,
            environment=strategy.environment,
            strategy_id=strategy.id,
        )
    return Answer(200)


ROUTES: Routes = {
    f"{FEATURE_ENVIRONMENT}/strategies": {
        "GET": Route(list_strategies),
        "POST": Route(add_strategy, refused(dropped=1)),
    },
    f"{FEATURE_ENVIRONMENT}/strategies/:strategy": {
        "GET": Route(get_strategy),
        "PUT": Route(update_strategy, refused()),
        "DELETE": Route(remove_strategy, refused()),
    },
}
