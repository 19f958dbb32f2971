"""Strategy definitions of the 3.x admin API: list, read, create, update, delete, deprecate."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from rest_compat.http.errors import InvalidBodyError
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.bodies import Name, read_body, read_model
from rest_compat.unleash3.errors import (
    AbsentError,
    BuiltInObjectError,
    ConflictError,
    MissingError,
    v3_error_of,
)
from rest_compat.unleash3.models import (
    StrategyDefinitionJson,
    StrategyDefinitionsJson,
    strategy_definition_json,
)
from rest_compat.unleash3.named import created_response, delete_named
from store.events import EventType
from store.operations.fields import StrategyFields
from store.operations.limits import MAX_ITEMS
from store.operations.strategies import create_strategy, delete_strategy, update_strategy
from store.operations.strings import display
from store.transfer.unleash.activation_entries import NonEmptyString
from store.transfer.unleash.document import ParameterEntry

routes = RouteTable("admin: strategies", refusal_form=v3_error_of)

_STRATEGIES = "/api/admin/strategies"
_STRATEGY = f"{_STRATEGIES}/:name"
_NAME = path_parameter("name", "The name of the strategy.", "storeLocation")


class ParameterBody(ParameterEntry, frozen=True, kw_only=True, rename="camel"):
    """A parameter of a strategy."""

    type: NonEmptyString


class StrategyDefinitionBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """A strategy. `editable` and `deprecated` are validated, but appear only in events."""

    name: Name
    description: str | None | UnsetType = UNSET
    parameters: Annotated[tuple[ParameterBody, ...], Meta(max_length=MAX_ITEMS)]
    editable: bool | UnsetType = UNSET
    deprecated: bool | UnsetType = UNSET

    def definition(self) -> StrategyFields:
        """Return the fields to store. An omitted description remains unchanged."""
        return StrategyFields(
            description=self.description,
            parameters=tuple(parameter.parameter() for parameter in self.parameters),
        )

    def event_data(self, **other: bool) -> dict[str, Any]:
        """Return the `data` of events: the sent body with defaults and the values in `other`."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        data.setdefault("editable", True)
        data.setdefault("deprecated", False)
        return data | other


class ChangedStrategyBody(StrategyDefinitionBody, frozen=True, kw_only=True, rename="camel"):
    """A changed strategy. The body may repeat the name, which is in the path."""

    name: str = ""


@routes.route("GET", _STRATEGIES, id="getAllStrategies", answers={200: StrategyDefinitionsJson})
async def list_strategies(request: Request) -> Response:
    """List all strategies, sorted by name.

    Built-in strategies are not editable.
    """
    strategies = sorted(request.snapshot.strategies.items())
    definitions = [strategy_definition_json(strategy) for _, strategy in strategies]
    return json_response(StrategyDefinitionsJson(strategies=definitions))


@routes.route(
    "GET",
    _STRATEGY,
    id="getStrategy",
    parameters=(_NAME,),
    answers={200: StrategyDefinitionJson},
    errors=(MissingError,),
)
async def get_strategy(request: Request) -> Response:
    """Read one strategy.

    The response lists the parameters that toggles can set.
    """
    name = request.parameters["name"]
    strategy = request.snapshot.strategies.get(name)
    if strategy is None:
        raise MissingError(f"No strategy is named '{display(name)}'.")
    return json_response(strategy_definition_json(strategy))


@routes.route(
    "POST",
    _STRATEGIES,
    id="createStrategy",
    body=StrategyDefinitionBody,
    example={
        "name": "happyHour",
        "description": "On between two hours of the day.",
        "parameters": [
            {"name": "from", "type": "number", "description": "The first hour.", "required": True},
            {"name": "to", "type": "number", "description": "The last hour.", "required": True},
        ],
    },
    answers={201: Answer("The new strategy.", StrategyDefinitionJson)},
    errors=(InvalidBodyError, ConflictError),
)
async def create(request: Request) -> Response:
    """Create a strategy.

    Toggles can use the strategy at once, but SDKs must implement it.
    """
    # As in 8.2, the body of the response is the strategy. In 3.17.6 the response has no body.
    body = await read_body(request, StrategyDefinitionBody)
    async with request.store.write(request.principal.actor) as work:
        strategy = await create_strategy(
            work, name=body.name, fields=body.definition(), allow_unknown=True
        )
        work.show_as(EventType.STRATEGY_CREATED, body.event_data(deprecated=False))
    return created_response(strategy_definition_json(strategy), "strategies", strategy.name)


@routes.route(
    "PUT",
    _STRATEGY,
    id="updateStrategy",
    parameters=(_NAME,),
    body=ChangedStrategyBody,
    example={
        "description": "On for orders that are picked up in one of the listed stores.",
        "parameters": [
            {
                "name": "storeIds",
                "type": "list",
                "description": "The numbers of the stores.",
                "required": True,
            }
        ],
    },
    errors=(InvalidBodyError, BuiltInObjectError, AbsentError),
)
async def update(request: Request) -> Response:
    """Change a strategy.

    The body may omit the name. If the body has another name than the path, the response is 404.
    """
    name = request.parameters["name"]
    body = read_model({"name": name} | await request.json_object(), StrategyDefinitionBody)
    if body.name != name:
        # 3.17.6 changes the strategy that is named in the body. The contract requires 404
        # (rest-contract.md).
        message = f"The body names the strategy '{body.name}', not '{display(name)}'."
        raise AbsentError(message)
    async with request.store.write(request.principal.actor) as work:
        await update_strategy(work, name, body.definition(), allow_unknown=True, record_always=True)
        work.show_as(EventType.STRATEGY_UPDATED, body.event_data())
    return Response(HTTPStatus.OK)


@routes.route(
    "DELETE",
    _STRATEGY,
    id="removeStrategy",
    parameters=(_NAME.with_example("couponHolders"),),
    errors=(ConflictError, BuiltInObjectError, AbsentError),
)
async def delete(request: Request) -> Response:
    """Delete a strategy that no toggle uses.

    Built-in strategies cannot be deleted.
    """
    return await delete_named(request, delete_strategy, EventType.STRATEGY_DELETED)


@routes.route(
    "POST",
    f"{_STRATEGY}/deprecate",
    id="deprecateStrategy",
    parameters=(_NAME.with_example("loyaltyTier"),),
    errors=(BuiltInObjectError, AbsentError),
)
async def deprecate(request: Request) -> Response:
    """Mark a strategy as deprecated.

    Toggles that use the strategy are evaluated as before.
    """
    return await _mark(request, deprecated=True)


@routes.route(
    "POST",
    f"{_STRATEGY}/reactivate",
    id="reactivateStrategy",
    parameters=(_NAME.with_example("loyaltyTier"),),
    errors=(AbsentError,),
)
async def reactivate(request: Request) -> Response:
    """Mark a strategy as no longer deprecated.

    A strategy that is not deprecated does not change.
    """
    return await _mark(request, deprecated=False)


async def _mark(request: Request, *, deprecated: bool) -> Response:
    name = request.parameters["name"]
    event_type = EventType.STRATEGY_DEPRECATED if deprecated else EventType.STRATEGY_REACTIVATED
    async with request.store.write(request.principal.actor) as work:
        fields = StrategyFields(deprecated=deprecated)
        await update_strategy(work, name, fields, record_always=True)
        work.show_as(event_type, {"name": name})
    return Response(HTTPStatus.OK)
