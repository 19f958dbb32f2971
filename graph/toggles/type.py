"""Toggles."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.applications.list import FromEnvironment, SeenWithinHours, connect_usages, hours_before
from graph.applications.series import (
    HOURS_BACK,
    BucketWidth,
    HoursBack,
    MetricsSeries,
    series_of_toggle,
    span_of,
)
from graph.context import USAGE, Context, Info
from graph.engine.run.fields import (
    REVISION,
    contextual,
    derived,
    immediate,
    or_empty,
    plain,
    resolved,
)
from graph.engine.run.reads import CLOCK
from graph.enums import MetricsDimension, MetricsInterval, Staleness
from graph.environments.type import InEnvironment
from graph.evaluation.evaluate import evaluate_toggle
from graph.events.list import WhichEvents, connect_events_of_toggle
from graph.filtering import given, string_set
from graph.indexes import enabled_environments
from graph.inner_lists import AfterName, FirstItems, InnerList, cut_by_name
from graph.loaders import Below
from graph.node import Node, id_field, shows
from graph.paging import (
    DEFAULT_PAGE_SIZE,
    After,
    Before,
    Connection,
    ConnectionOf,
    EdgeOf,
    First,
    Last,
    page_arguments,
)
from graph.projects.type import Project
from graph.tags.type import Tag
from graph.toggles.environment import ToggleEnvironment
from graph.toggles.lifecycle import ToggleLifecycle, staleness
from graph.toggles.strategy import ToggleStrategy
from graph.toggles.toggle_type import ToggleType
from graph.toggles.variant import Variant, with_shares
from graph.toggles.version_list import connect_versions
from graph.tokens.actor import Actor
from store import model, values
from store.events import Event
from store.lifecycle import Lifecycle, lifecycle_of
from store.lifetimes import expires_at
from store.model import DEFAULT_ENVIRONMENT
from store.toggle_versions import ToggleVersion
from store.usage import series
from store.usage.toggle_usages import ToggleUsage, UsageFilter

if TYPE_CHECKING:
    from graph.applications.usage import ToggleUsageConnection
    from graph.evaluation.type import Evaluation
    from graph.events.event import EventConnection
    from graph.toggles.version import ToggleVersionConnection


def _type(root: model.Toggle, context: Context) -> model.ToggleType:
    return context.snapshot.toggle_types[root.type]


def _project(root: model.Toggle, context: Context) -> model.Project:
    return context.snapshot.projects[root.project]


def _enabled(root: model.Toggle, environment: InEnvironment = DEFAULT_ENVIRONMENT) -> bool:
    return root.in_environment(environment).enabled


def _strategies(
    root: model.Toggle, environment: InEnvironment = DEFAULT_ENVIRONMENT
) -> Sequence[model.ToggleStrategy]:
    return root.in_environment(environment).strategies


def _variants(
    root: model.Toggle, environment: InEnvironment = DEFAULT_ENVIRONMENT
) -> Sequence[values.Variant]:
    return with_shares(root.in_environment(environment).variants)


def _environment(
    root: model.Toggle, info: Info, name: InEnvironment = DEFAULT_ENVIRONMENT
) -> model.ToggleEnvironment | None:
    if name not in info.context.snapshot.environments:
        return None
    return root.in_environment(name)


def _environments(
    root: model.Toggle,
    info: Info,
    names: Annotated[
        list[str] | None, strawberry.argument(description="Read only these environments.")
    ] = strawberry.UNSET,
    first: FirstItems = DEFAULT_PAGE_SIZE,
    after: AfterName = strawberry.UNSET,
) -> Sequence[model.ToggleEnvironment]:
    chosen = string_set(names, "names")
    found = enabled_environments(info.context.snapshot)
    if chosen is not None:
        found = [environment for environment in found if environment.name in chosen]
    page = cut_by_name(found, _name_of_environment, first, after, by_name=False)
    return [root.in_environment(environment.name) for environment in page]


def _name_of_environment(environment: model.Environment) -> str:
    return environment.name


_ENVIRONMENTS = InnerList(
    "environments",
    lambda _, context: enabled_environments(context.snapshot),
    _name_of_environment,
    by_name=False,
    reads=("environments",),
)


def _potentially_stale(root: model.Toggle, context: Context) -> bool:
    how = staleness(context.snapshot, root, context.now)
    return how is Staleness.POTENTIALLY_STALE


def _expires_at(root: model.Toggle, context: Context) -> datetime | None:
    return expires_at(context.snapshot, root)


def _lifecycle(root: model.Toggle, context: Context) -> Lifecycle:
    return lifecycle_of(context.snapshot, context.store.usage, root)


def _dependencies(root: model.Toggle, context: Context) -> Sequence[values.Dependency]:
    toggles = context.snapshot.toggles
    return [dependency for dependency in root.dependencies if dependency.toggle in toggles]


_DEPENDENTS = InnerList[model.Toggle](
    "dependents",
    lambda root, context: context.snapshot.dependents.get(root.name, ()),
    lambda toggle: toggle.name,
    reads=("toggles",),
)


def _last_seen_at(root: model.Toggle, context: Context) -> datetime | None:
    return context.store.usage.last_seen_at(root.name)


def _usages(
    root: model.Toggle,
    info: Info,
    environment: FromEnvironment = strawberry.UNSET,
    seen_within_hours: SeenWithinHours = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[ToggleUsage]]:
    return connect_usages(
        info.context,
        root.name,
        "toggle_name",
        page_arguments(first, after, last, before),
        UsageFilter(
            environment=given(environment),
            seen_since=hours_before(info.context.now, seen_within_hours),
        ),
    )


def _metrics(
    root: model.Toggle,
    info: Info,
    hours_back: HoursBack = HOURS_BACK,
    interval: BucketWidth = MetricsInterval.HOUR,
    group_by: Annotated[
        Sequence[MetricsDimension],
        strawberry.argument(description="The dimensions by which to split the counts."),
    ] = (),
    environments: Annotated[
        list[str] | None,
        strawberry.argument(description="Return only counts from these environments."),
    ] = strawberry.UNSET,
    applications: Annotated[
        list[str] | None,
        strawberry.argument(description="Return only counts from these applications."),
    ] = strawberry.UNSET,
) -> Awaitable[Sequence[series.MetricsSeries]]:
    return series_of_toggle(
        info.context,
        root.name,
        span_of(info.context, hours_back, interval),
        split_by=group_by,
        environments=string_set(environments, "environments"),
        applications=string_set(applications, "applications"),
    )


def _events(
    root: model.Toggle,
    info: Info,
    filter: WhichEvents = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[Event]]:
    return connect_events_of_toggle(
        info.context, root.id, page_arguments(first, after, last, before), filter
    )


def _versions(
    root: model.Toggle,
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Awaitable[Connection[ToggleVersion]]:
    return connect_versions(info.context, root.id, page_arguments(first, after, last, before))


def _version_at(
    root: model.Toggle,
    info: Info,
    time: Annotated[datetime, strawberry.argument(description="The time.")],
) -> Awaitable[ToggleVersion | None]:
    return info.context.loaders.versions_at.load(Below(root.id, (time,)))


def _required_toggle(root: values.Dependency, context: Context) -> model.Toggle:
    if isinstance(root, ResolvedDependency):
        return root.resolved_toggle
    return context.snapshot.toggles[root.toggle]


class ResolvedDependency(values.Dependency, frozen=True, kw_only=True):
    """A dependency together with the required toggle."""

    resolved_toggle: model.Toggle


@strawberry.type(
    description="A dependency on another toggle, and the state in which that toggle must be."
)
@shows(values.Dependency)
class ToggleDependency:
    toggle: Annotated["Toggle", strawberry.lazy("graph.toggles.type")] = contextual(
        _required_toggle, "The required toggle.", reads=("toggles",)
    )
    enabled: bool = plain("Whether the required toggle must be on (true) or off (false).")
    variants: list[str] = plain(
        "The variants that the required toggle may return; empty means any."
    )


@strawberry.type(
    description="A feature toggle: a named switch that applications evaluate at run time."
)
@shows(model.Toggle, cached_by=("id",))
class Toggle(Node):
    id: strawberry.ID = id_field(
        "Toggle",
        "id",
        "The globally unique ID of this toggle. The ID is never reused, even if another toggle "
        "gets the same name.",
    )
    name: str = plain("The unique and immutable name, by which applications request the toggle.")
    description: str = derived(
        or_empty("description"), "The purpose of the toggle, empty if not given."
    )
    type: ToggleType = contextual(
        _type, "The toggle type, which determines the expected lifetime.", reads=("toggle_types",)
    )
    project: Project = contextual(_project, "The project of the toggle.", reads=("projects",))
    enabled: bool = immediate(
        _enabled, "Whether the toggle is switched on in one environment.", reads=()
    )
    strategies: list[ToggleStrategy] = immediate(
        _strategies, "The activation strategies of one environment in evaluation order.", reads=()
    )
    variants: list[Variant] = immediate(_variants, "The variants of one environment.", reads=())
    environment: ToggleEnvironment | None = immediate(
        _environment,
        "The configuration in one environment, null if no such environment exists.",
        reads=("environments",),
    )
    environments: list[ToggleEnvironment] = immediate(
        _environments,
        "The configuration in every enabled environment, in the order of the environments.",
        reads=("environments",),
    )
    environment_count: int = _ENVIRONMENTS.count()
    has_more_environments: bool = _ENVIRONMENTS.has_more()
    tags: list[Tag] = plain("The tags on the toggle, sorted by type and value.")
    impression_data: bool = plain(
        "Whether SDKs should emit an impression event on each evaluation."
    )
    stale: bool = plain("Whether the toggle is marked as ready for removal from the code.")
    potentially_stale: bool = contextual(
        _potentially_stale,
        "Whether the toggle is past its expected lifetime but not marked as stale.",
        reads=("toggle_types", CLOCK),
    )
    expires_at: datetime | None = contextual(
        _expires_at,
        "When the expected lifetime ends, null for permanent types.",
        reads=("toggle_types",),
    )
    lifecycle: ToggleLifecycle = contextual(
        _lifecycle,
        "The lifecycle of the toggle, from creation to archive.",
        reads=("environments", USAGE),
    )
    archived: bool = plain("Whether the toggle is archived and no longer served to SDKs.")
    archived_at: datetime | None = plain("When the toggle was archived, null while it is active.")
    dependencies: list[ToggleDependency] = contextual(
        _dependencies,
        "The toggles on which this toggle depends, with the required states.",
        reads=("toggles",),
    )
    dependents: list[Annotated["Toggle", strawberry.lazy("graph.toggles.type")]] = _DEPENDENTS.page(
        "The active toggles that depend on this toggle, sorted by name."
    )
    dependent_count: int = _DEPENDENTS.count()
    has_more_dependents: bool = _DEPENDENTS.has_more()
    last_seen_at: datetime | None = contextual(
        _last_seen_at,
        "When an application last reported using the toggle in any environment, null if never.",
        reads=(USAGE,),
    )
    usages: Annotated["ToggleUsageConnection", strawberry.lazy("graph.applications.usage")] = (
        resolved(
            _usages,
            "The applications that reported using the toggle, sorted by the time of the last "
            "report, newest first.",
        )
    )
    metrics: list[MetricsSeries] = resolved(
        _metrics,
        "Usage counts over time: one series for each combination of the dimensions in `groupBy`, "
        "or a single series without `groupBy`.",
    )
    events: Annotated["EventConnection", strawberry.lazy("graph.events.event")] = resolved(
        _events, "The audit log of the toggle, newest first."
    )
    versions: Annotated["ToggleVersionConnection", strawberry.lazy("graph.toggles.version")] = (
        resolved(
            _versions,
            "The state of the toggle after each revision that changed the toggle, newest first. "
            "An archived toggle keeps its versions.",
        )
    )
    version_at: Annotated["ToggleVersion", strawberry.lazy("graph.toggles.version")] | None = (
        resolved(
            _version_at,
            "The state of the toggle at a given time. Null if the toggle was created later, or if "
            "the events up to that time have been deleted.",
        )
    )
    evaluate: Annotated["Evaluation", strawberry.lazy("graph.evaluation.type")] = immediate(
        evaluate_toggle, "The decision that an SDK would make for a context, with the reasons."
    )
    created_at: datetime = plain("When the toggle was created.")
    created_by: Actor | None = plain("Who created the toggle, null if unknown.")
    updated_at: datetime = plain("When the toggle or one of its configurations last changed.")
    revision: int = plain(REVISION)


@strawberry.type(description="An edge with one toggle and its cursor.")
class ToggleEdge(EdgeOf):
    node: Toggle = plain("The toggle at the end of the edge.")


@strawberry.type(description="A page of the list of toggles.")
class ToggleConnection(ConnectionOf[ToggleEdge, Toggle]):
    pass
