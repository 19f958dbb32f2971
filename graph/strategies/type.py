"""Strategy definitions."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.applications.filter import ApplicationFilter
from graph.applications.list import connect_implementers
from graph.context import Info
from graph.engine.run.fields import REVISION, derived, immediate, or_empty, plain, resolved
from graph.indexes import activation_strategies, toggles_by_strategy
from graph.node import Node, id_field, shows
from graph.paging import (
    After,
    Before,
    Connection,
    ConnectionOf,
    EdgeOf,
    First,
    Last,
    page_arguments,
)
from graph.toggles.list import ToggleSort, WhichToggles, list_toggles, reads_of_toggles
from graph.toggles.type import ToggleConnection
from store import model, values
from store.usage.applications import Application

if TYPE_CHECKING:
    from graph.applications.application import ApplicationConnection


def _toggles(
    root: model.Strategy,
    info: Info,
    filter: WhichToggles = strawberry.UNSET,
    order_by: ToggleSort = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[model.Toggle] | Awaitable[Connection[model.Toggle]]:
    return list_toggles(
        info.context,
        page_arguments(first, after, last, before),
        filter=filter,
        order=order_by,
        among=toggles_by_strategy(info.context.snapshot).get(root.name, ()),
        held=lambda toggle: any(
            strategy.name == root.name for strategy in activation_strategies(toggle)
        ),
    )


def _applications(
    root: model.Strategy,
    info: Info,
    filter: Annotated[
        ApplicationFilter | None, strawberry.argument(description="The applications to return.")
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[Application]]:
    return connect_implementers(
        info.context, root.name, page_arguments(first, after, last, before), filter
    )


@strawberry.type(description="A parameter of a strategy.")
@shows(values.StrategyParameter)
class StrategyParameter:
    name: str = plain("The name of the parameter.")
    type: str = plain(
        "The type of the parameter's value: `string`, `number`, `percentage`, `boolean` or `list`. "
        "Strategies that were created through REST may have other types."
    )
    description: str = derived(or_empty("description"), "The meaning of the value.")
    required: bool = derived(
        lambda parameter: bool(parameter.required),
        "Whether user interfaces should require a value. SDKs do not require a value.",
    )


@strawberry.type(description="The definition of an activation strategy that SDKs implement.")
@shows(model.Strategy, cached_by=("name",))
class Strategy(Node):
    id: strawberry.ID = id_field("Strategy", "name", "The globally unique ID of this strategy.")
    name: str = plain("The unique and immutable name, by which SDKs identify the strategy.")
    title: str = plain("The display name.")
    description: str = derived(
        or_empty("description"),
        "A description of the users for whom the strategy activates a toggle.",
    )
    parameters: list[StrategyParameter] = plain("The parameters of the strategy, in display order.")
    built_in: bool = plain(
        "Whether the strategy ships with the server, and therefore cannot be changed or deleted."
    )
    deprecated: bool = plain("Whether new configurations should avoid the strategy.")
    toggles: ToggleConnection = immediate(
        _toggles, "The toggles that use the strategy in any environment.", reads=reads_of_toggles
    )
    applications: Annotated[
        "ApplicationConnection", strawberry.lazy("graph.applications.application")
    ] = resolved(_applications, "The applications whose SDK reported implementing the strategy.")
    created_at: datetime = plain("When the strategy was defined.")
    revision: int = plain(REVISION)


@strawberry.type(description="An edge with one strategy and its cursor.")
class StrategyEdge(EdgeOf):
    node: Strategy = plain("The strategy at the end of the edge.")


@strawberry.type(description="A page of the list of strategies.")
class StrategyConnection(ConnectionOf[StrategyEdge, Strategy]):
    pass
