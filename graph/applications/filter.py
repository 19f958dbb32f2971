"""Define the inputs that filter and sort applications, and convert the inputs to a query."""

import strawberry
from msgspec import structs

from graph.context import Context
from graph.enums import ApplicationOrderField, OrderDirection
from graph.filtering import DateTimeRangeInput, given, optional, searched, string_set
from graph.loaders import LIVE
from store.usage import applications


@strawberry.input(
    description=(
        "Selects the applications that match all given fields. A field with a list matches if one "
        "of the list's entries matches."
    )
)
class ApplicationFilter:
    search: str | None = optional(
        "Only applications whose name or description contains this text, ignoring case."
    )
    names: list[str] | None = optional("Only applications with one of these names.")
    environments: list[str] | None = optional(
        "Only applications that have reported from at least one of these environments."
    )
    strategies: list[str] | None = optional(
        "Only applications whose SDK reported implementing at least one of these strategies."
    )
    toggles: list[str] | None = optional(
        "Only applications that reported using at least one of these toggles."
    )
    sdks: list[str] | None = optional(
        "Only applications with an instance that uses one of these SDKs, given by name."
    )
    has_issues: bool | None = optional(
        "Only applications with issues (true), or only applications without issues (false)."
    )
    last_seen_at: DateTimeRangeInput | None = optional(
        "Only applications that last reported in this span."
    )


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
