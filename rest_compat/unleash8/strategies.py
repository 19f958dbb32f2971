"""The strategies of a toggle in one environment."""

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash8.bodies import ChangedStrategyBody, StrategyBody, read
from rest_compat.unleash8.documents import strategy_document
from rest_compat.unleash8.environments import FEATURE_ENVIRONMENT
from rest_compat.unleash8.errors import refused
from rest_compat.unleash8.lookup import environment_of, strategy_of, toggle_of
from store import Snapshot
from store.constraints.checking import compile_patterns
from store.model import Toggle
from store.operations.text import shown
from store.operations.toggle_environments import (
    add_toggle_strategy,
    remove_toggle_strategy,
    set_enabled,
    update_toggle_strategy,
)
from store.unit_of_work import UnitOfWork


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
    """Add a strategy; answers it, with what 8.2 fills in."""
    body = await read(request, StrategyBody)
    await compile_patterns(body.stored_constraints())
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = _added_to(work.snapshot, request)
        siblings = toggle.in_environment(environment).strategies
        toggle, strategy = await add_toggle_strategy(
            work,
            toggle.name,
            environment=environment,
            strategy=body.spec(work.snapshot, toggle.name),
            position=body.place_among(len(siblings)),
            allow_unknown=True,
        )
    return json_answer(strategy_document(toggle, strategy))


async def update_strategy(request: Request) -> Answer:
    """Change a strategy, also into another one; answers it.

    A toggle that is left without a strategy in use is switched off, as in 8.2.
    """
    body = await read(request, ChangedStrategyBody)
    await compile_patterns(body.stored_constraints())
    async with request.store.write(request.principal.actor) as work:
        toggle, strategy = strategy_of(work.snapshot, request)
        settings = body.settings(work.snapshot, toggle.name, body.new_name)
        siblings = toggle.in_environment(strategy.environment).strategies
        toggle, strategy = await update_toggle_strategy(
            work,
            toggle_id=toggle.id,
            environment=strategy.environment,
            strategy_id=strategy.id,
            name=body.new_name or strategy.name,
            **settings,
            position=body.place_among(len(siblings) - 1),
            allow_unknown=True,
        )
        await _switch_off_unused(work, toggle, strategy.environment)
    return json_answer(strategy_document(toggle, strategy))


async def remove_strategy(request: Request) -> Answer:
    """Remove a strategy; a toggle without another one in use is switched off, as in 8.2."""
    async with request.store.write(request.principal.actor) as work:
        toggle, strategy = strategy_of(work.snapshot, request)
        toggle = await remove_toggle_strategy(
            work,
            toggle_id=toggle.id,
            environment=strategy.environment,
            strategy_id=strategy.id,
        )
        await _switch_off_unused(work, toggle, strategy.environment)
    return Answer(200)


def _added_to(snapshot: Snapshot, request: Request) -> str:
    """The environment in the path, which 8.2 takes for data where a strategy is added.

    Raises: BadDataError.
    """
    name = request.parameters["environment"]
    if name not in snapshot.environments:
        raise BadDataError(
            Detail(f"No environment is named '{shown(name)}'.", "/params/environment")
        )
    return name


async def _switch_off_unused(work: UnitOfWork, toggle: Toggle, environment: str) -> None:
    """Switch a toggle off where all its strategies are disabled, or it has none."""
    configured = toggle.in_environment(environment)
    if configured.enabled and all(it.disabled for it in configured.strategies):
        await set_enabled(work, toggle.name, environment=environment, enabled=False)


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
