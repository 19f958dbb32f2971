"""The inputs for the filter and the order of applications, and their conversion to a query."""

import strawberry
from msgspec import structs

from graph.context import Context
from graph.enums import ApplicationOrderField, OrderDirection
from graph.filtering import DateTimeRangeInput, given, optional, searched, string_set
from graph.loaders import LIVE
from store.usage import applications


@strawberry.input(
    description=(
        "Selects applications. All given fields must match; a list matches if any of its "
        "entries does."
    )
)
class ApplicationFilter:
    search: str | None = optional("A substring of the name or the description, ignoring case.")
    names: list[str] | None = optional("The exact name.")
    environments: list[str] | None = optional(
        "An environment from which the application has reported."
    )
    strategies: list[str] | None = optional(
        "A strategy that, by its own report, the application's SDK implements."
    )
    toggles: list[str] | None = optional("A toggle that the application reported using.")
    sdks: list[str] | None = optional(
        "The name of an SDK that an instance of the application uses."
    )
    has_issues: bool | None = optional("Whether the application has issues.")
    last_seen_at: DateTimeRangeInput | None = optional("When the application last reported.")


@strawberry.input(
    description="The order of applications. Applications with equal values are sorted by name."
)
class ApplicationOrder:
    field: ApplicationOrderField = strawberry.field(description="The field by which to sort.")
    direction: OrderDirection = strawberry.field(
        description="The direction of the sort.", default=OrderDirection.ASC
    )


async def store_query(
    context: Context, filter: ApplicationFilter | None
) -> applications.ApplicationFilter:
    """Convert the filter to the hashable filter of the store.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    filter = given(filter)
    if filter is None:
        return applications.ApplicationFilter()
    seen = given(filter.last_seen_at)
    query = applications.ApplicationFilter(
        search=searched(filter.search),
        names=string_set(filter.names, "names"),
        environments=string_set(filter.environments, "environments"),
        strategies=string_set(filter.strategies, "strategies"),
        toggles=string_set(filter.toggles, "toggles"),
        sdks=string_set(filter.sdks, "sdks"),
        last_seen_from=None if seen is None else seen.earliest,
        last_seen_to=None if seen is None else seen.last,
    )
    has_issues = given(filter.has_issues)
    if has_issues is None:
        return query
    troubled = await context.loaders.troubled.load(context.now - LIVE) or frozenset[str]()
    if has_issues:
        names = troubled if query.names is None else troubled.intersection(query.names)
        return structs.replace(query, names=names)
    return structs.replace(query, except_names=troubled)
