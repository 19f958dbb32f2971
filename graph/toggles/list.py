"""The list of toggles."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, TypeAlias

import strawberry

from graph.context import USAGE, Context
from graph.engine.run.reads import CLOCK
from graph.enums import OrderDirection, ToggleOrderField
from graph.filtering import Predicate, given
from graph.paging import Connection, PageArguments, connect_list
from graph.toggles.filter import ToggleFilter, choose_toggles, needs_index, reads_of_filter
from graph.toggles.ordering import ToggleOrdering
from graph.toggles.searching import index_toggles
from store.model import Toggle


@strawberry.input(description="The order of toggles. Toggles with equal values are sorted by name.")
class ToggleOrder:
    field: ToggleOrderField = strawberry.field(description="The field by which to sort.")
    direction: OrderDirection = strawberry.field(
        description="The direction of the sort.", default=OrderDirection.ASC
    )


def connect_toggles(
    context: Context,
    arguments: PageArguments,
    *,
    filter: ToggleFilter | None = None,
    order: ToggleOrder | None = None,
    among: Sequence[Toggle] | None = None,
    held: Predicate[Toggle] | None = None,
) -> Connection[Toggle]:
    """Return a page of the toggles that match a filter.

    `choose_toggles` explains `among` and `held`.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    chosen = choose_toggles(context, filter, among=among, held=held)
    order = given(order)
    field = order.field if order is not None else ToggleOrderField.NAME
    direction = order.direction if order is not None else OrderDirection.ASC
    by = ToggleOrdering(context, field, direction)
    if (field, direction) != (ToggleOrderField.NAME, OrderDirection.ASC):
        chosen = by.sort(chosen)
    return connect_list(chosen, arguments, by.ordering, by.key_of, sorted_by=by.sort_key)


def list_toggles(
    context: Context,
    arguments: PageArguments,
    *,
    filter: ToggleFilter | None = None,
    order: ToggleOrder | None = None,
    among: Sequence[Toggle] | None = None,
    held: Predicate[Toggle] | None = None,
) -> Connection[Toggle] | Awaitable[Connection[Toggle]]:
    """Return a page like `connect_toggles`, or an awaitable of the page if it takes long.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    connect = partial(
        connect_toggles, context, arguments, filter=filter, order=order, among=among, held=held
    )
    return _index_and(connect, context) if needs_index(context.snapshot, filter) else connect()


async def _index_and(
    connect: Callable[[], Connection[Toggle]], context: Context
) -> Connection[Toggle]:
    await index_toggles(context.snapshot)
    return connect()


def reads_of_toggles(arguments: Mapping[str, Any]) -> frozenset[str]:
    """Return what a list of toggles reads, given its arguments `filter` and `order_by`."""
    order = given(arguments.get("order_by"))
    field = ToggleOrderField.NAME if order is None else order.field
    return _READS.get(field, _UNKNOWN) | reads_of_filter(arguments.get("filter"))


# Maps each sort field to what sorting by the field reads. Lists sorted by other fields are never
# cached.
_UNKNOWN = frozenset({"toggles", CLOCK})
_READS: dict[ToggleOrderField, frozenset[str]] = {
    ToggleOrderField.NAME: frozenset({"toggles"}),
    ToggleOrderField.TYPE: frozenset({"toggles"}),
    ToggleOrderField.PROJECT: frozenset({"toggles"}),
    ToggleOrderField.CREATED_AT: frozenset({"toggles"}),
    ToggleOrderField.UPDATED_AT: frozenset({"toggles"}),
    ToggleOrderField.LAST_SEEN_AT: frozenset({"toggles", USAGE}),
    ToggleOrderField.EXPIRES_AT: frozenset({"toggles", "toggle_types"}),
}


WhichToggles: TypeAlias = Annotated[
    ToggleFilter | None,
    strawberry.argument(description="The toggles to return; by default all active toggles."),
]
ToggleSort: TypeAlias = Annotated[
    ToggleOrder | None, strawberry.argument(description="The order; by default sorted by name.")
]
