"""The subscription to the usage counts that the server receives."""

from collections.abc import Awaitable, Collection, Sequence
from datetime import datetime

import strawberry

from graph.applications.application import Application
from graph.applications.series import VariantCount
from graph.context import Context, Info
from graph.engine.errors import bad_user_input
from graph.engine.run.fields import contextual, derived, plain, resolved
from graph.engine.run.reads import CLOCK
from graph.engine.run.source_events import EndOfFeedError, SourceEvent, SourceEvents
from graph.environments.type import Environment, reported_environment
from graph.filtering import string_set
from graph.node import shows
from graph.scalars import BigInt
from graph.toggles.type import Toggle
from store import model
from store.usage import applications, series, updates


def _toggle(root: updates.ToggleUpdate, context: Context) -> model.Toggle | None:
    return context.snapshot.toggles.get(root.toggle_name)


def _environment(root: updates.ToggleUpdate, context: Context) -> model.Environment:
    return reported_environment(context, root.environment)


def _application(
    root: updates.ToggleUpdate, info: Info
) -> Awaitable[applications.Application | None]:
    return info.context.loaders.applications.load(root.app_name)


def _variants(root: updates.ToggleUpdate) -> Sequence[series.VariantCount]:
    return [series.VariantCount(name, count) for name, count in sorted(root.variants.items())]


@strawberry.type(description="Usage counts of one toggle received during a short interval.")
@shows(updates.ToggleUpdate)
class ToggleTick:
    toggle_name: str = plain("The toggle name that the application reported.")
    toggle: Toggle | None = contextual(
        _toggle, "The toggle with that name, null if there is none.", reads=("toggles",)
    )
    environment: Environment = contextual(
        _environment, "The environment of the report.", reads=("environments", CLOCK)
    )
    application: Application = resolved(_application, "The application that reported.")
    yes: BigInt = plain("The number of evaluations with the answer yes.")
    no: BigInt = plain("The number of evaluations with the answer no.")
    variants: list[VariantCount] = derived(
        _variants, "The number of times that each variant was returned."
    )


@strawberry.type(description="Usage counts received during a short interval.")
@shows(updates.MetricsUpdate)
class MetricsTick:
    start: datetime = plain("When the interval began.")
    end: datetime = plain("When the interval ended.")
    toggles: list[ToggleTick] = plain("The counts per toggle, environment and application.")


MAX_INTERVAL_S = 60


def publish_metrics_updates(
    context: Context,
    *,
    toggles: Collection[str] | None,
    environments: Collection[str] | None,
    interval_s: int,
) -> SourceEvents:
    """Publish the usage counts of each interval in which the server received counts.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    if not 1 <= interval_s <= MAX_INTERVAL_S:
        raise bad_user_input(
            f"The argument 'intervalSeconds' is {interval_s}; "
            f"it must be from 1 to {MAX_INTERVAL_S}."
        )
    return _metrics_updates(
        context,
        interval_s,
        string_set(toggles, "toggles"),
        string_set(environments, "environments"),
    )


async def _metrics_updates(
    context: Context,
    interval_s: int,
    toggles: Collection[str] | None,
    environments: Collection[str] | None,
) -> SourceEvents:
    stream = context.store.metrics_updates.subscribe(
        interval_s=interval_s, toggles=toggles, environments=environments
    )
    async for update in stream:
        yield SourceEvent(value=update, state=context.store.snapshot)
    raise EndOfFeedError
