"""The list of strategy definitions, and the filter of the list."""

from collections.abc import Iterator

import strawberry

from graph.context import Context
from graph.filtering import Predicate, given, optional, searching, where
from graph.indexes import toggles_by_strategy
from graph.paging import Connection, KeyString, Ordering, PageArguments, connect_list
from store.model import Strategy
from store.paging import Key

_STRATEGIES = Ordering("strategies", tuple[bool, KeyString])


@strawberry.input(description="Selects the strategies that match all given fields.")
class StrategyFilter:
    search: str | None = optional(
        "Only strategies whose name or description contains this text, ignoring case."
    )
    built_in: bool | None = optional(
        "Only strategies that ship with the server (true), or only custom strategies (false)."
    )
    deprecated: bool | None = optional(
        "Only deprecated strategies (true), or only strategies that are not deprecated (false)."
    )
    used: bool | None = optional(
        "Only strategies that an active toggle uses (true), or only unused strategies (false)."
    )


def connect_strategies(
    context: Context, arguments: PageArguments, filter: StrategyFilter | None
) -> Connection[Strategy]:
    """Return a page of the strategy definitions, sorted by name, with built-in strategies first.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    filter = given(filter)
    conditions = [] if filter is None else [*_of_strategies(context, filter)]
    strategies = sorted(context.snapshot.strategies.values(), key=_strategy_key)
    return connect_list(where(strategies, conditions), arguments, _STRATEGIES, _strategy_key)


def _of_strategies(context: Context, filter: StrategyFilter) -> Iterator[Predicate[Strategy]]:
    built_in, deprecated = given(filter.built_in), given(filter.deprecated)
    used, users = given(filter.used), toggles_by_strategy(context.snapshot)
    yield from searching(filter.search, _searched_fields)
    if built_in is not None:
        yield lambda strategy: strategy.built_in is built_in
    if deprecated is not None:
        yield lambda strategy: strategy.deprecated is deprecated
    if used is not None:
        yield lambda strategy: (strategy.name in users) is used


def _searched_fields(strategy: Strategy) -> tuple[str | None, ...]:
    return (strategy.name, strategy.description)


def _strategy_key(strategy: Strategy) -> Key:
    return (not strategy.built_in, strategy.name)
