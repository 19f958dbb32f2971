"""The list of API tokens, and the filter of the list."""

from collections.abc import Iterator
from datetime import datetime

import strawberry

from graph.context import Context
from graph.enums import ApiTokenType
from graph.filtering import Predicate, entries, given, optional, searching, string_set, where
from graph.paging import Connection, KeyString, Ordering, PageArguments, connect_list
from store.model import ApiToken
from store.paging import Key

_TOKENS = Ordering("tokens", tuple[KeyString, KeyString])


@strawberry.input(
    description=(
        "Selects the tokens that match all given fields. A field with a list matches if one "
        "of the list's entries matches."
    )
)
class ApiTokenFilter:
    search: str | None = optional("Only tokens whose name contains this text, ignoring case.")
    types: list[ApiTokenType] | None = optional("Only tokens of these types.")
    environments: list[str] | None = optional(
        "Only tokens that can read one of these environments."
    )
    projects: list[str] | None = optional(
        "Only tokens that may see at least one of these projects."
    )
    expired: bool | None = optional(
        "Only tokens that have expired (true), or that have not expired (false)."
    )


def connect_tokens(
    context: Context, arguments: PageArguments, filter: ApiTokenFilter | None
) -> Connection[ApiToken]:
    """Return a page of the API tokens, sorted by name.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    filter = given(filter)
    conditions = [] if filter is None else [*_of_tokens(filter, context.now)]
    tokens = sorted(context.snapshot.tokens.values(), key=_token_key)
    return connect_list(where(tokens, conditions), arguments, _TOKENS, _token_key)


def _of_tokens(filter: ApiTokenFilter, now: datetime) -> Iterator[Predicate[ApiToken]]:
    types, expired = entries(filter.types, "types"), given(filter.expired)
    environments = string_set(filter.environments, "environments")
    projects = string_set(filter.projects, "projects")
    yield from searching(filter.search, _searched_fields)
    if types is not None:
        yield lambda token: token.type in types
    if environments is not None:
        yield lambda token: token.environment in environments
    if projects is not None:
        # A token without projects may access all projects.
        yield lambda token: not token.projects or not projects.isdisjoint(token.projects)
    if expired is not None:
        yield lambda token: token.expired(now) is expired


def _searched_fields(token: ApiToken) -> tuple[str | None, ...]:
    return (token.name,)


def _token_key(token: ApiToken) -> Key:
    return (token.name, token.id)
