"""Strategy definitions in the 3.x admin API."""

from http import HTTPStatus
from typing import Any

from msgspec import UNSET
from pydantic import Field

from rest_compat.http.bodies import Body, Flag, Name, Text, checked, read, read_object
from rest_compat.http.request import Answer, Handler, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import EmptyError, MissingError, v3_error_of
from rest_compat.unleash3.named import created, deleting
from rest_compat.unleash3.strategy_document import strategy_document
from store.events import EventType
from store.operations.fields import StrategyFields
from store.operations.limits import MOST_ITEMS
from store.operations.strategies import create_strategy, delete_strategy, update_strategy
from store.operations.text import shown
from store.values import StrategyParameter


class ParameterBody(Body):
    """A parameter that a strategy takes."""

    name: Text
    type: Text
    description: str | None = None
    required: Flag = False

    def parameter(self) -> StrategyParameter:
        """What is stored of it."""
        return StrategyParameter(
            name=self.name,
            type=self.type,
            description=self.description if "description" in self.sent else UNSET,
            required=self.required if "required" in self.sent else UNSET,
        )


class StrategyBody(Body):
    """A strategy.

    Whether it may be edited and is deprecated is checked and repeated by events, but not stored.
    """

    name: Name
    description: str | None = None
    parameters: list[ParameterBody] = Field(max_length=MOST_ITEMS)
    editable: Flag = True
    deprecated: Flag = False

    def definition(self) -> StrategyFields:
        """The fields that operations take; a description that was not sent stays as it is."""
        return self.store_fields(
            StrategyFields,
            kept=("description",),
            parameters=tuple(it.parameter() for it in self.parameters),
            deprecated=UNSET,
        )

    def told(self, **other: bool) -> dict[str, Any]:
        """What events say of the body: as it was sent, with defaults and `other` values."""
        defaults = {"editable": self.editable, "deprecated": self.deprecated}
        return {**self.model_dump(by_alias=True, exclude_unset=True), **defaults, **other}


async def _list(request: Request) -> Answer:
    strategies = sorted(request.snapshot.strategies.items())
    return json_answer(
        {"version": 1, "strategies": [strategy_document(it) for _, it in strategies]}
    )


async def _read(request: Request) -> Answer:
    name = request.parameters["name"]
    strategy = request.snapshot.strategies.get(name)
    if strategy is None:
        raise MissingError(f"No strategy is named '{shown(name)}'.")
    return json_answer(strategy_document(strategy))


async def _create(request: Request) -> Answer:
    """Create a strategy; answers it, as 8.2 does (3.17.6: no body)."""
    body = await read(request, StrategyBody)
    async with request.store.write(request.principal.actor) as work:
        strategy = await create_strategy(
            work, name=body.name, fields=body.definition(), allow_unknown=True
        )
        work.show_as(EventType.STRATEGY_CREATED, body.told(deprecated=False))
    return created(strategy_document(strategy), "strategies", strategy.name)


async def _update(request: Request) -> Answer:
    """Change a strategy; a body without a name is about the one in the path, as in 8.2."""
    name = request.parameters["name"]
    body = checked({"name": name} | await read_object(request), StrategyBody)
    if body.name != name:
        # 3.17.6 changes the one that the body names; the reference says 404 (rest-contract.md).
        message = f"The body is that of strategy '{body.name}', not of '{shown(name)}'."
        raise EmptyError(HTTPStatus.NOT_FOUND, message)
    async with request.store.write(request.principal.actor) as work:
        await update_strategy(work, name, body.definition(), allow_unknown=True, record_always=True)
        work.show_as(EventType.STRATEGY_UPDATED, body.told())
    return Answer(HTTPStatus.OK)


def _marking(*, deprecated: bool) -> Handler:
    event_type = EventType.STRATEGY_DEPRECATED if deprecated else EventType.STRATEGY_REACTIVATED

    async def mark(request: Request) -> Answer:
        name = request.parameters["name"]
        async with request.store.write(request.principal.actor) as work:
            fields = StrategyFields(deprecated=deprecated)
            await update_strategy(work, name, fields, record_always=True)
            work.show_as(event_type, {"name": name})
        return Answer(HTTPStatus.OK)

    return mark


_PATH = "/api/admin/strategies"

ROUTES: Routes = {
    _PATH: {"GET": Route(_list), "POST": Route(_create, v3_error_of)},
    f"{_PATH}/:name": {
        "GET": Route(_read),
        "PUT": Route(_update, v3_error_of),
        "DELETE": Route(deleting(delete_strategy, EventType.STRATEGY_DELETED), v3_error_of),
    },
    f"{_PATH}/:name/deprecate": {"POST": Route(_marking(deprecated=True), v3_error_of)},
    f"{_PATH}/:name/reactivate": {"POST": Route(_marking(deprecated=False), v3_error_of)},
}
