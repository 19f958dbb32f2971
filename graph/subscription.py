"""The fields of the subscription type."""

from collections.abc import AsyncGenerator, Callable
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, argument

from graph.applications.metrics_updates import MetricsTick, publish_metrics_updates
from graph.context import Info
from graph.engine.run.source_events import SourceEvents
from graph.events.event import EventEdge
from graph.events.filter import EventFilter
from graph.events.subscription import publish_events
from graph.filtering import given
from graph.toggles.subscription import ToggleChange, publish_toggles


async def _events(
    info: Info,
    filter: Annotated[EventFilter | None, argument(description="The events to send.")] = UNSET,
    after: Annotated[
        str | None,
        argument(
            description=(
                "The cursor of the last event that the caller received. The subscription first "
                "sends the events that followed that event."
            )
        ),
    ] = UNSET,
) -> SourceEvents:
    return await publish_events(info.context, filter, given(after))


async def _toggle_changed(
    info: Info,
    names: Annotated[
        list[str] | None, argument(description="Send only changes to these toggles.")
    ] = UNSET,
    projects: Annotated[
        list[str] | None, argument(description="Send only changes to toggles of these projects.")
    ] = UNSET,
    environments: Annotated[
        list[str] | None,
        argument(
            description="Send only changes that affect these environments or all environments."
        ),
    ] = UNSET,
    after: Annotated[
        str | None,
        argument(
            description=(
                "The cursor of the last change that the caller received. The subscription first "
                "sends the changes that followed that change."
            )
        ),
    ] = UNSET,
) -> SourceEvents:
    return await publish_toggles(
        info.context,
        names=names,
        projects=projects,
        environments=environments,
        after=given(after),
    )


async def _metrics_tick(
    info: Info,
    toggles: Annotated[
        list[str] | None, argument(description="Send only counts of these toggles.")
    ] = UNSET,
    environments: Annotated[
        list[str] | None, argument(description="Send only counts from these environments.")
    ] = UNSET,
    interval_seconds: Annotated[
        int, argument(description="The length of the interval, from 1 to 60 seconds.")
    ] = 5,
) -> SourceEvents:
    return publish_metrics_updates(
        info.context, toggles=toggles, environments=environments, interval_s=interval_seconds
    )


def _subscription(resolver: Callable[..., Any], description: str) -> Any:
    """Create a field of the subscription type. The annotation is the GraphQL type of the values."""
    return strawberry.subscription(resolver=resolver, description=description)


@strawberry.type(description="All subscriptions.")
class Subscription:
    events: AsyncGenerator[EventEdge, None] = _subscription(
        _events,
        "Each new event of the audit log, with a cursor for resuming the subscription.",
    )
    toggle_changed: AsyncGenerator[ToggleChange, None] = _subscription(
        _toggle_changed,
        "Each changed toggle in its state after the change, with a cursor for resuming the "
        "subscription.",
    )
    metrics_tick: AsyncGenerator[MetricsTick, None] = _subscription(
        _metrics_tick,
        "The usage counts that the server received from applications, sent once per interval.",
    )
