"""The filter and the order of applications: their inputs, and what they ask of the store."""

import strawberry

from graph.enums import ApplicationOrderField, OrderDirection
from graph.filters import DateTimeRange, given, optional, texts
from store.metrics import applications


@strawberry.input(description="Which applications to return; all given fields must hold.")
class ApplicationFilter:
    search: str | None = optional("Text found in the name or the description, ignoring case.")
    names: list[str] | None = optional("Exactly these names.")
    environments: list[str] | None = optional("An environment it has reported from.")
    strategies: list[str] | None = optional("A strategy its SDK says it implements.")
    toggles: list[str] | None = optional("A toggle it reported using.")
    sdks: list[str] | None = optional("The name of an SDK its instances run.")
    last_seen_at: DateTimeRange | None = optional("When it last reported.")


@strawberry.input(description="How to sort applications; names break ties.")
class ApplicationOrder:
    field: ApplicationOrderField = strawberry.field(description="The field to sort by.")
    direction: OrderDirection = strawberry.field(
        description="The direction of the sort.", default=OrderDirection.ASC
    )


def asked_of_store(filter: ApplicationFilter | None) -> applications.ApplicationFilter:
    """The filter as the store takes it, hashable.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    filter = given(filter)
    if filter is None:
        return applications.ApplicationFilter()
    seen = given(filter.last_seen_at)
    return applications.ApplicationFilter(
        search=given(filter.search),
        names=texts(filter.names, "names"),
        environments=texts(filter.environments, "environments"),
        strategies=texts(filter.strategies, "strategies"),
        toggles=texts(filter.toggles, "toggles"),
        sdks=texts(filter.sdks, "sdks"),
        last_seen_from=None if seen is None else seen.earliest,
        last_seen_to=None if seen is None else seen.last,
    )
