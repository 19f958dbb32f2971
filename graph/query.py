"""The query type: the root fields of queries."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

import strawberry
from strawberry import UNSET, argument

from graph import nodes
from graph.applications.application import Application, ApplicationConnection
from graph.applications.filter import ApplicationFilter, ApplicationOrder
from graph.applications.list import connect_applications
from graph.applications.unknown_toggles import UnknownToggleConnection, connect_unknown_toggles
from graph.context import Context, Info
from graph.context_fields.type import ContextField
from graph.engine.run.fields import resolved
from graph.engine.run.reads import VIEWER
from graph.enums import StateFormat
from graph.environments.type import Environment
from graph.evaluation.playground import PlaygroundResultConnection, play
from graph.events.change_set import ChangeSetConnection
from graph.events.event import EventConnection
from graph.events.root import find_actors, find_change_sets, find_events
from graph.filtering import given, string_set
from graph.ids import decode_query_id, number_of_key
from graph.loaders import LIVE_HOURS
from graph.node import Node
from graph.paging import After, Before, Connection, First, Last, page_arguments
from graph.projects.type import Project
from graph.segments.list import connect_segments
from graph.segments.type import Segment, SegmentConnection
from graph.server import ServerInfo, Viewer
from graph.strategies.list import StrategyFilter, connect_strategies
from graph.strategies.type import Strategy, StrategyConnection
from graph.tags.list import connect_tags
from graph.tags.type import TagConnection, TagType
from graph.toggles.filter import ToggleFilter
from graph.toggles.list import ToggleSort, list_toggles, reads_of_toggles
from graph.toggles.toggle_type import ToggleType
from graph.toggles.type import Toggle, ToggleConnection
from graph.toggles.version import ToggleVersionConnection
from graph.toggles.version_list import connect_versions_of_name
from graph.tokens.actor import ActorConnection
from graph.tokens.list import ApiTokenFilter, connect_tokens
from graph.tokens.type import ApiTokenConnection
from graph.transfer.export import StateDocument, export_state
from graph.webhooks.type import Webhook
from store import model
from store.identity import Principal
from store.toggle_versions import ToggleVersion
from store.transfer.writing import WrittenDocument
from store.usage import applications
from store.usage.unknown import UnknownToggle
from store.values import Tag


async def _nodes(
    info: Info, ids: Annotated[list[strawberry.ID], argument(description="The IDs of the objects.")]
) -> Sequence[object | None]:
    return await nodes.find_nodes(info.context, ids)


def _node(
    info: Info, id: Annotated[strawberry.ID, argument(description="The ID of the object.")]
) -> object | None | Awaitable[object | None]:
    return nodes.find_node(info.context, id)


def _toggle(
    info: Info, name: Annotated[str, argument(description="The name of the toggle.")]
) -> model.Toggle | None:
    return info.context.snapshot.toggles.get(name)


def _toggles(
    info: Info,
    filter: Annotated[
        ToggleFilter | None,
        argument(description="The toggles to return; by default all active toggles."),
    ] = UNSET,
    order_by: ToggleSort = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[model.Toggle] | Awaitable[Connection[model.Toggle]]:
    arguments = page_arguments(first, after, last, before)
    return list_toggles(info.context, arguments, filter=filter, order=order_by)


def _toggle_versions(
    info: Info,
    name: Annotated[str, argument(description="The name of the toggles.")],
    first: First = UNSET,
    after: After = UNSET,
) -> Awaitable[Connection[ToggleVersion]]:
    arguments = page_arguments(first, after, UNSET, UNSET)
    return connect_versions_of_name(info.context, name, arguments)


def _toggle_types(info: Info) -> Sequence[model.ToggleType]:
    types = info.context.snapshot.toggle_types.values()
    return sorted(types, key=lambda toggle_type: (toggle_type.sort_order, toggle_type.name))


def _strategy(
    info: Info, name: Annotated[str, argument(description="The name of the strategy.")]
) -> model.Strategy | None:
    return info.context.snapshot.strategies.get(name)


def _strategies(
    info: Info,
    filter: Annotated[
        StrategyFilter | None, argument(description="The strategies to return.")
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[model.Strategy]:
    return connect_strategies(info.context, page_arguments(first, after, last, before), filter)


def _application(
    info: Info, name: Annotated[str, argument(description="The name of the application.")]
) -> Awaitable[applications.Application | None]:
    return info.context.loaders.applications.load(name)


def _applications(
    info: Info,
    filter: Annotated[
        ApplicationFilter | None, argument(description="The applications to return.")
    ] = UNSET,
    order_by: Annotated[
        ApplicationOrder | None, argument(description="The order; by default sorted by name.")
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Awaitable[Connection[applications.Application]]:
    arguments = page_arguments(first, after, last, before)
    return connect_applications(info.context, arguments, filter=filter, order=order_by)


def _unknown_toggles(
    info: Info,
    applications: Annotated[
        list[str] | None,
        argument(description="Return only names that these applications request."),
    ] = UNSET,
    seen_within_hours: Annotated[
        int,
        argument(description="Return only names that were reported within this number of hours."),
    ] = LIVE_HOURS,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Awaitable[Connection[UnknownToggle]]:
    return connect_unknown_toggles(
        info.context,
        page_arguments(first, after, last, before),
        applications=string_set(applications, "applications"),
        seen_within_hours=seen_within_hours,
    )


def _environment(
    info: Info, name: Annotated[str, argument(description="The name of the environment.")]
) -> model.Environment | None:
    return info.context.snapshot.environments.get(name)


def _environments(
    info: Info,
    enabled: Annotated[
        bool | None,
        argument(
            description=(
                "Return only environments that are in use (true), or only environments that are "
                "not in use (false)."
            )
        ),
    ] = UNSET,
) -> Sequence[model.Environment]:
    enabled, environments = given(enabled), info.context.snapshot.environments_in_order
    if enabled is None:
        return environments
    return [environment for environment in environments if environment.enabled is enabled]


def _project(
    info: Info, name: Annotated[str, argument(description="The name of the project.")]
) -> model.Project | None:
    return info.context.snapshot.projects.get(name)


def _projects(info: Info) -> Sequence[model.Project]:
    return sorted(info.context.snapshot.projects.values(), key=lambda project: project.name)


def _segment(
    info: Info, name: Annotated[str, argument(description="The name of the segment.")]
) -> model.Segment | None:
    return info.context.snapshot.segments_by_name.get(name)


def _segments(
    info: Info,
    search: Annotated[
        str | None,
        argument(
            description=(
                "Return only segments whose name or description contains this text, ignoring case."
            )
        ),
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[model.Segment]:
    return connect_segments(info.context, page_arguments(first, after, last, before), search)


def _context_fields(info: Info) -> Sequence[model.ContextField]:
    fields = info.context.snapshot.context_fields.values()
    return sorted(fields, key=lambda field: (field.sort_order, field.name))


def _tag_types(info: Info) -> Sequence[model.TagType]:
    return sorted(info.context.snapshot.tag_types.values(), key=lambda tag_type: tag_type.name)


def _tags(
    info: Info,
    types: Annotated[
        list[str] | None, argument(description="Return only tags of these types.")
    ] = UNSET,
    search: Annotated[
        str | None,
        argument(description="Return only tags whose value contains this text, ignoring case."),
    ] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[Tag]:
    return connect_tags(info.context, page_arguments(first, after, last, before), types, search)


def _api_tokens(
    info: Info,
    filter: Annotated[ApiTokenFilter | None, argument(description="The tokens to return.")] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Connection[model.ApiToken]:
    return connect_tokens(info.context, page_arguments(first, after, last, before), filter)


def _state_export(
    info: Info,
    filter: Annotated[
        ToggleFilter | None,
        argument(description="The toggles to export; by default all active toggles."),
    ] = UNSET,
    environments: Annotated[
        list[str] | None,
        argument(description="The environments to export; by default all."),
    ] = UNSET,
    toggles: Annotated[
        bool, argument(description="Whether to export toggles and the objects they refer to.")
    ] = True,
    strategies: Annotated[
        bool, argument(description="Whether to export custom strategy definitions.")
    ] = True,
    archived: Annotated[
        bool, argument(description="Whether to export archived toggles, too.")
    ] = False,
    format: Annotated[
        StateFormat, argument(description="The text format of the document.")
    ] = StateFormat.JSON,
) -> Awaitable[WrittenDocument]:
    return export_state(
        info.context,
        filter=filter,
        environments=environments,
        toggles=toggles,
        strategies=strategies,
        archived=archived,
        format=format,
    )


def _webhook(
    info: Info, id: Annotated[strawberry.ID, argument(description="The ID of the webhook.")]
) -> model.Webhook | None:
    number = number_of_key(decode_query_id(id, "Webhook"))
    return None if number is None else info.context.snapshot.webhooks.get(number)


def _webhooks(info: Info) -> Sequence[model.Webhook]:
    webhooks = info.context.snapshot.webhooks.values()
    return sorted(webhooks, key=lambda webhook: (webhook.name, webhook.id))


def _viewer(info: Info) -> Principal:
    return info.context.principal


def _server_info(info: Info) -> Context:
    return info.context


@strawberry.type(description="All queries.")
class Query:
    node: Node | None = resolved(_node, "The object with the given ID, null if there is none.")
    nodes: list[Node | None] = resolved(
        _nodes,
        "The objects with the given IDs, in the order of the IDs. An entry is null if no object "
        "has the ID.",
    )
    toggle: Toggle | None = resolved(
        _toggle,
        "The toggle with the given name, archived or not; null if there is none.",
        reads=("toggles",),
    )
    toggles: ToggleConnection = resolved(_toggles, "The toggles.", reads=reads_of_toggles)
    toggle_versions: ToggleVersionConnection = resolved(
        _toggle_versions,
        "The versions of all toggles that have or had the given name, newest first. Deleted "
        "toggles are included.",
    )
    toggle_types: list[ToggleType] = resolved(
        _toggle_types, "All toggle types.", reads=("toggle_types",)
    )
    strategy: Strategy | None = resolved(
        _strategy, "The strategy with the given name, null if there is none.", reads=("strategies",)
    )
    strategies: StrategyConnection = resolved(
        _strategies,
        "The strategy definitions, sorted by name; built-in strategies come first.",
        reads=("strategies", "toggles"),
    )
    application: Application | None = resolved(
        _application, "The application with the given name, null if there is none."
    )
    applications: ApplicationConnection = resolved(_applications, "The applications.")
    unknown_toggles: UnknownToggleConnection = resolved(
        _unknown_toggles,
        "The requested names for which no toggle exists, sorted by the time of the last report, "
        "newest first.",
    )
    events: EventConnection = resolved(find_events, "The audit log, newest first.")
    actors: ActorConnection = resolved(
        find_actors,
        "The parties that made changes, sorted by name. Each name is listed once, as in its "
        "newest event.",
    )
    change_sets: ChangeSetConnection = resolved(find_change_sets, "The change sets, newest first.")
    environment: Environment | None = resolved(
        _environment,
        "The environment with the given name, null if there is none.",
        reads=("environments",),
    )
    environments: list[Environment] = resolved(
        _environments, "All environments in their sort order.", reads=("environments",)
    )
    project: Project | None = resolved(
        _project, "The project with the given name, null if there is none.", reads=("projects",)
    )
    projects: list[Project] = resolved(
        _projects, "All projects, sorted by name.", reads=("projects",)
    )
    segment: Segment | None = resolved(
        _segment, "The segment with the given name, null if there is none.", reads=("segments",)
    )
    segments: SegmentConnection = resolved(
        _segments, "The segments, sorted by name.", reads=("segments",)
    )
    context_fields: list[ContextField] = resolved(
        _context_fields, "All context fields in their sort order.", reads=("context_fields",)
    )
    tag_types: list[TagType] = resolved(
        _tag_types, "All tag types, sorted by name.", reads=("tag_types",)
    )
    tags: TagConnection = resolved(
        _tags, "The tags in use, sorted by type and value.", reads=("toggles",)
    )
    api_tokens: ApiTokenConnection = resolved(
        _api_tokens, "The API tokens, sorted by name. This field requires an admin token."
    )
    webhook: Webhook | None = resolved(
        _webhook,
        "The webhook with the given ID, null if there is none. This field requires an admin token.",
    )
    webhooks: list[Webhook] = resolved(
        _webhooks, "All webhooks, sorted by name. This field requires an admin token."
    )
    playground: PlaygroundResultConnection = resolved(
        play, "The decisions that SDKs would make about many toggles, with the reasons."
    )
    state_export: StateDocument = resolved(
        _state_export,
        "A snapshot of the configuration. This field requires an admin or viewer token.",
    )
    viewer: Viewer = resolved(_viewer, "The party making this request.", reads=(VIEWER,))
    server_info: ServerInfo = resolved(_server_info, "Information about this server.")
