"""Applications that registered or reported usage."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from graph.applications.instance import ApplicationInstanceConnection, Sdk, name_of_sdk
from graph.applications.issues import ApplicationIssues
from graph.applications.list import (
    FromEnvironment,
    SeenWithinHours,
    connect_instances,
    connect_usages,
    hours_before,
)
from graph.applications.series import (
    HOURS_BACK,
    BucketWidth,
    HoursBack,
    MetricsSeries,
    series_of_application,
    span_of,
)
from graph.applications.usage import ToggleUsageConnection
from graph.context import Context, Info
from graph.engine.run.fields import contextual, derived, plain, resolved
from graph.enums import MetricsInterval
from graph.environments.type import Environment, reported_environments
from graph.filtering import given, string_set
from graph.inner_lists import LoadedInnerList
from graph.loaders import LIVE_HOURS
from graph.node import Node, id_field, shows
from graph.paging import (
    After,
    Before,
    Connection,
    CountedConnectionOf,
    EdgeOf,
    First,
    Last,
    page_arguments,
)
from graph.strategies.type import Strategy
from store import model
from store.usage import applications as apps
from store.usage import instances, issues, series, toggle_usages


@strawberry.type(description="A strategy that an application implements, as reported by its SDK.")
class ApplicationStrategy:
    name: str = plain("The name that the SDK reported.")
    strategy: Strategy | None = plain(
        "The definition of the strategy, null if this server has no strategy with that name."
    )


@strawberry.type(
    description="An SDK version, and the number of an application's instances that use it."
)
class SdkUsage:
    sdk: Sdk = plain("The SDK version.")
    instance_count: int = plain("The number of instances that reported in the last 24 hours.")


def _registered(root: apps.Application) -> bool:
    return root.registered_at is not None


async def _environments(root: apps.Application, info: Info) -> Sequence[model.Environment]:
    names = await info.context.loaders.environments.load(root.name) or ()
    return reported_environments(info.context, names)


_ENVIRONMENTS = LoadedInnerList(
    "environments", _environments, lambda environment: environment.name, by_name=False
)


def _strategies(root: apps.Application, context: Context) -> Sequence[ApplicationStrategy]:
    known = context.snapshot.strategies
    return [
        ApplicationStrategy(name=name, strategy=known.get(name))  # pyright: ignore[reportArgumentType] (shown as the GraphQL type)
        for name in root.strategies
    ]


async def _sdks(root: apps.Application, info: Info) -> Sequence[SdkUsage]:
    running = await info.context.loaders.live_sdks.load(root.name) or ()
    return [
        SdkUsage(sdk=Sdk.reported(sdk_version), instance_count=count)
        for sdk_version, count in running
    ]


_SDKS = LoadedInnerList("SDKs", _sdks, lambda usage: name_of_sdk(usage.sdk), by_name=False)


def _instances(
    root: apps.Application,
    info: Info,
    environment: Annotated[
        str | None, strawberry.argument(description="Return only instances of this environment.")
    ] = strawberry.UNSET,
    seen_within_hours: Annotated[
        int,
        strawberry.argument(
            description="Return only instances that reported within this number of hours."
        ),
    ] = LIVE_HOURS,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[instances.ApplicationInstance]]:
    return connect_instances(
        info.context,
        root.name,
        page_arguments(first, after, last, before),
        instances.InstanceFilter(
            environment=given(environment),
            seen_since=hours_before(info.context.now, seen_within_hours),
        ),
    )


def _usages(
    root: apps.Application,
    info: Info,
    environment: FromEnvironment = strawberry.UNSET,
    seen_within_hours: SeenWithinHours = strawberry.UNSET,
    unknown: Annotated[
        bool | None,
        strawberry.argument(
            description=(
                "Return only names for which no toggle exists (true), or only names of existing "
                "toggles (false)."
            )
        ),
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[toggle_usages.ToggleUsage]]:
    return connect_usages(
        info.context,
        root.name,
        "app_name",
        page_arguments(first, after, last, before),
        toggle_usages.UsageFilter(
            environment=given(environment),
            seen_since=hours_before(info.context.now, seen_within_hours),
            unknown=given(unknown),
        ),
    )


def _metrics(
    root: apps.Application,
    info: Info,
    hours_back: HoursBack = HOURS_BACK,
    interval: BucketWidth = MetricsInterval.HOUR,
    environments: Annotated[
        list[str] | None,
        strawberry.argument(description="Return only counts from these environments."),
    ] = strawberry.UNSET,
) -> Awaitable[Sequence[series.MetricsSeries]]:
    return series_of_application(
        info.context,
        root.name,
        span_of(info.context, hours_back, interval),
        environments=string_set(environments, "environments"),
    )


async def _issues(root: apps.Application, info: Info) -> issues.ApplicationIssues:
    loaders = info.context.loaders
    # The lookups run concurrently, so that a page of applications takes one statement per lookup.
    suspects, running = await asyncio.gather(
        loaders.suspects.load(root), loaders.live_sdks.load(root.name)
    )
    return issues.find_issues(
        info.context.snapshot,
        strategies=root.strategies,
        requested=suspects or (),
        sdk_versions=[sdk_version for sdk_version, _ in running or ()],
    )


@strawberry.type(description="An application that has registered or sent metrics through an SDK.")
@shows(apps.Application)
class Application(Node):
    id: strawberry.ID = id_field(
        "Application", "name", "The globally unique ID of this application."
    )
    name: str = plain("The unique name, which the SDK reports as appName.")
    registered: bool = derived(
        _registered,
        "Whether the application has registered. False if it has only sent metrics.",
    )
    description: str = plain("The purpose of the application, empty if not given.")
    url: str | None = plain("The URL of the application, null if not given.")
    icon: str | None = plain("The name of an icon, null if not given.")
    color: str | None = plain("A colour for display, null if not given.")
    environments: list[Environment] = _ENVIRONMENTS.page(
        "The environments from which the application has reported, in their sort order. Disabled "
        "and deleted environments come last."
    )
    environment_count: int = _ENVIRONMENTS.count()
    has_more_environments: bool = _ENVIRONMENTS.has_more()
    strategies: list[ApplicationStrategy] = contextual(
        _strategies,
        "The strategies that the application's SDK implements, as reported by the SDK.",
        reads=("strategies",),
    )
    sdks: list[SdkUsage] = _SDKS.page(
        "The SDK versions of the instances that reported in the last 24 hours. The version with "
        "the most instances comes first."
    )
    sdk_count: int = _SDKS.count()
    has_more_sdks: bool = _SDKS.has_more()
    instances: ApplicationInstanceConnection = resolved(
        _instances,
        "The application's instances, sorted by the time of their last report, newest first.",
    )
    usages: ToggleUsageConnection = resolved(
        _usages,
        "The toggles that the application reported using, sorted by the time of the last report, "
        "newest first.",
    )
    metrics: list[MetricsSeries] = resolved(
        _metrics,
        "Usage counts over time, summed over all toggles that the application uses: one series "
        "for each environment with reports.",
    )
    issues: ApplicationIssues = resolved(
        _issues, "Mismatches between the application and this server."
    )
    created_at: datetime = plain("When the application first reported.")
    last_seen_at: datetime = plain("When the application last reported.")


@strawberry.type(description="An edge with one application and its cursor.")
class ApplicationEdge(EdgeOf):
    node: Application = plain("The application at the end of the edge.")


@strawberry.type(description="A page of the list of applications.")
class ApplicationConnection(CountedConnectionOf[ApplicationEdge, Application]):
    pass
