"""The list of toggles and its order."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import strawberry

from graph.context import USAGE, Context
from graph.engine.run.reads import CLOCK
from graph.enums import OrderDirection, ToggleOrderField
from graph.filtering import Predicate, given
from graph.paging import (
    Connection,
    KeyText,
    KeyTimeOrNone,
    Ordering,
    PageArguments,
    connect_list,
)
from graph.toggles.filter import ToggleFilter, choose_toggles, reads_of_filter
from graph.toggles.lifecycle import expires_at
from store.model import Toggle
from store.paging import Key


@strawberry.input(description="The order of toggles. Toggles with equal values are sorted by name.")
class ToggleOrder:
    field: ToggleOrderField = strawberry.field(description="The field by which to sort.")
    direction: OrderDirection = strawberry.field(
        description="The direction of the sort.", default=OrderDirection.ASC
    )


class Descending:
    """A sort key that reverses the order of its values."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and self.value == other.value

    def __lt__(self, other: "Descending") -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # pyright: ignore[reportAssignmentType] (a sort key is never looked up)


_STRING_FIELDS = frozenset({ToggleOrderField.NAME, ToggleOrderField.TYPE, ToggleOrderField.PROJECT})


class _ToggleOrdering:
    """One order of toggles; a key is a pair of the sort value, which may be None, and the name."""

    def __init__(
        self, context: Context, field: ToggleOrderField, direction: OrderDirection
    ) -> None:
        self.value_of = _value_reader(context, field)
        self.descending = direction is OrderDirection.DESC
        key_type = (
            tuple[KeyText, KeyText] if field in _STRING_FIELDS else tuple[KeyTimeOrNone, KeyText]
        )
        self.ordering = Ordering(f"toggles {field.name} {direction.name}", key_type)

    def key_of(self, toggle: Toggle) -> Key:
        return (self.value_of(toggle), toggle.name)

    def sort_key(self, key: Key) -> Key:
        """Return the sort key of a cursor key; missing values come last in both directions."""
        value, name = key
        if value is None:
            return (1, 0, name)
        return (0, Descending(value) if self.descending else value, name)

    def sort(self, toggles: Sequence[Toggle]) -> Sequence[Toggle]:
        """Sort toggles in this order; the argument must be sorted by name."""
        valued = [(self.value_of(toggle), toggle) for toggle in toggles]
        present = [pair for pair in valued if pair[0] is not None]
        # The sort is stable, so toggles with the same value remain sorted by name.
        present.sort(key=_first, reverse=self.descending)
        return [toggle for _, toggle in present] + [
            toggle for value, toggle in valued if value is None
        ]


def _first(pair: tuple[Any, Toggle]) -> Any:
    return pair[0]


def connect_toggles(
    context: Context,
    arguments: PageArguments,
    *,
    filter: ToggleFilter | None = None,
    order: ToggleOrder | None = None,
    among: Sequence[Toggle] | None = None,
    held: Predicate[Toggle] | None = None,
) -> Connection[Toggle]:
    """Return a page of the toggles that match a filter; `among` and `held` as in `choose_toggles`.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    chosen = choose_toggles(context, filter, among=among, held=held)
    order = given(order)
    field = order.field if order is not None else ToggleOrderField.NAME
    direction = order.direction if order is not None else OrderDirection.ASC
    by = _ToggleOrdering(context, field, direction)
    if (field, direction) != (ToggleOrderField.NAME, OrderDirection.ASC):
        chosen = by.sort(chosen)
    return connect_list(chosen, arguments, by.ordering, by.key_of, sorted_by=by.sort_key)


def reads_of_toggles(arguments: Mapping[str, Any]) -> frozenset[str]:
    """Return what a list of toggles reads with its arguments `filter` and `order_by`."""
    order = given(arguments.get("order_by"))
    field = ToggleOrderField.NAME if order is None else order.field
    return _READS.get(field, _UNKNOWN) | reads_of_filter(arguments.get("filter"))


# What each order reads. Lists with another order are never cached.
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


def _value_reader(
    context: Context, field: ToggleOrderField
) -> Callable[[Toggle], str | datetime | None]:
    match field:
        case ToggleOrderField.NAME:
            return lambda toggle: toggle.name
        case ToggleOrderField.TYPE:
            return lambda toggle: toggle.type
        case ToggleOrderField.PROJECT:
            return lambda toggle: toggle.project
        case ToggleOrderField.CREATED_AT:
            return lambda toggle: toggle.created_at
        case ToggleOrderField.UPDATED_AT:
            return lambda toggle: toggle.updated_at
        case ToggleOrderField.LAST_SEEN_AT:
            return lambda toggle: context.store.usage.last_seen_at(toggle.name)
        case ToggleOrderField.EXPIRES_AT:
            return lambda toggle: expires_at(context.snapshot, toggle)


WhichToggles: TypeAlias = Annotated[
    ToggleFilter | None,
    strawberry.argument(description="The toggles to return; by default the active ones."),
]
ToggleSort: TypeAlias = Annotated[
    ToggleOrder | None, strawberry.argument(description="The order; by default sorted by name.")
]
