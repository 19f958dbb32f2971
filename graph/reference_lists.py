"""Lists of what surrounds toggles: strategies, segments, tags, API tokens."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

import strawberry

from graph.context import Context
from graph.enums import ApiTokenType
from graph.filtering import (
    Predicate,
    entries,
    found_in,
    given,
    optional,
    searched,
    texts,
    where,
)
from graph.indexes import tag_counts, toggles_by_strategy
from graph.paging import Connection, KeyText, Ordering, PageArguments, connect_list
from store.model import ApiToken, Segment, Strategy
from store.paging import Key
from store.values import Tag

T = TypeVar("T")

_STRATEGIES = Ordering("strategies", tuple[bool, KeyText])
_SEGMENTS = Ordering("segments", tuple[KeyText])
_TAGS = Ordering("tags", tuple[KeyText, KeyText])
_TOKENS = Ordering("tokens", tuple[KeyText, KeyText])


@strawberry.input(description="Which strategies to return; all given fields must hold.")
class StrategyFilter:
    search: str | None = optional("Text found in the name or the description, ignoring case.")
    built_in: bool | None = optional("Whether the strategy ships with the server.")
    deprecated: bool | None = optional("Whether the strategy is deprecated.")
    used: bool | None = optional("Whether any active toggle uses the strategy.")


@strawberry.input(description="Which tokens to return; all given fields must hold.")
class ApiTokenFilter:
    search: str | None = optional("Text found in the name, ignoring case.")
    types: list[ApiTokenType] | None = optional("What the holder may do.")
    environments: list[str] | None = optional("The environment it reads.")
    projects: list[str] | None = optional("A project it may see.")
    expired: bool | None = optional("Whether it has stopped working.")


def connect_strategies(
    context: Context, arguments: PageArguments, filter: StrategyFilter | None
) -> Connection[Strategy]:
    """A page of the strategy definitions, built-in ones first and then by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    filter = given(filter)
    conditions = [] if filter is None else [*_of_strategies(context, filter)]
    strategies = sorted(context.snapshot.strategies.values(), key=_strategy_key)
    return connect_list(where(strategies, conditions), arguments, _STRATEGIES, _strategy_key)


def connect_segments(
    context: Context, arguments: PageArguments, search: str | None
) -> Connection[Segment]:
    """A page of the segments, by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    segments = sorted(context.snapshot.segments.values(), key=_segment_key)
    conditions = _searching(search, _texts_of_segment)
    return connect_list(where(segments, conditions), arguments, _SEGMENTS, _segment_key)


def connect_tags(
    context: Context, arguments: PageArguments, types: list[str] | None, search: str | None
) -> Connection[Tag]:
    """A page of the tags that toggles carry, by type and value.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    conditions = _searching(search, _texts_of_tag)
    chosen = texts(types, "types")
    if chosen is not None:
        conditions.append(lambda tag: tag.type in chosen)
    tags = sorted(tag_counts(context.snapshot))
    return connect_list(where(tags, conditions), arguments, _TAGS, _tag_key)


def connect_tokens(
    context: Context, arguments: PageArguments, filter: ApiTokenFilter | None
) -> Connection[ApiToken]:
    """A page of the API tokens, by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    filter = given(filter)
    conditions = [] if filter is None else [*_of_tokens(filter, context.now)]
    tokens = sorted(context.snapshot.tokens.values(), key=_token_key)
    return connect_list(where(tokens, conditions), arguments, _TOKENS, _token_key)


def _of_strategies(context: Context, filter: StrategyFilter) -> Iterator[Predicate[Strategy]]:
    built_in, deprecated = given(filter.built_in), given(filter.deprecated)
    used, users = given(filter.used), toggles_by_strategy(context.snapshot)
    yield from _searching(filter.search, _texts_of_strategy)
    if built_in is not None:
        yield lambda strategy: strategy.built_in is built_in
    if deprecated is not None:
        yield lambda strategy: strategy.deprecated is deprecated
    if used is not None:
        yield lambda strategy: (strategy.name in users) is used


def _of_tokens(filter: ApiTokenFilter, now: datetime) -> Iterator[Predicate[ApiToken]]:
    types, expired = entries(filter.types, "types"), given(filter.expired)
    environments = texts(filter.environments, "environments")
    projects = texts(filter.projects, "projects")
    yield from _searching(filter.search, _texts_of_token)
    if types is not None:
        yield lambda token: token.type in types
    if environments is not None:
        yield lambda token: token.environment in environments
    if projects is not None:
        # A token that names no project may see all of them.
        yield lambda token: not token.projects or not projects.isdisjoint(token.projects)
    if expired is not None:
        yield lambda token: token.expired(now) is expired


def _searching(
    text: str | None, fields: Callable[[T], tuple[str | None, ...]]
) -> list[Predicate[T]]:
    text = searched(text)
    if not text:
        return []
    folded = text.casefold()
    return [lambda it: found_in(folded, fields(it))]


def _texts_of_strategy(strategy: Strategy) -> tuple[str | None, ...]:
    return (strategy.name, strategy.description)


def _texts_of_segment(segment: Segment) -> tuple[str | None, ...]:
    return (segment.name, segment.description)


def _texts_of_token(token: ApiToken) -> tuple[str | None, ...]:
    return (token.name,)


def _texts_of_tag(tag: Tag) -> tuple[str | None, ...]:
    return (tag.value,)


def _strategy_key(strategy: Strategy) -> Key:
    return (not strategy.built_in, strategy.name)


def _segment_key(segment: Segment) -> Key:
    return (segment.name,)


def _tag_key(tag: Tag) -> Key:
    return (tag.type, tag.value)


def _token_key(token: ApiToken) -> Key:
    return (token.name, token.id)
