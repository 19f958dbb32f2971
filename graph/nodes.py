"""Find objects by their global IDs and by their names."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import isawaitable
from typing import Any, TypeAlias, TypeVar

from graphql import GraphQLError

from graph.context import Context
from graph.engine.errors import bad_user_input
from graph.ids import not_an_id, number_of_key, parse_id, split_key
from store import Snapshot, model
from store.events import SubjectKind

T = TypeVar("T")

MAX_NODES = 500

_InSnapshot: TypeAlias = Callable[[Snapshot, str], object | None]


def find_object(
    context: Context, type_name: str, key: str
) -> object | None | Awaitable[object | None]:
    """Return the object of a type with a key.

    Return None if the object does not exist or is not visible to the caller.
    """
    look_up = _IN_SNAPSHOT.get(type_name)
    if look_up is not None:
        return look_up(context.snapshot, key)
    match type_name:
        case "ApiToken":
            return context.snapshot.tokens.get(key) if context.sees_secrets else None
        case "Webhook":
            number = number_of_key(key) if context.sees_secrets else None
            return None if number is None else context.snapshot.webhooks.get(number)
        case "WebhookDelivery":
            return context.loaders.deliveries.load(key) if context.sees_secrets else None
        case "Application":
            return context.loaders.applications.load(key)
        case "ApplicationInstance":
            return context.loaders.instances.load(key)
        case "ChangeSet":
            return context.loaders.change_sets.load(key)
        case "Event":
            number = number_of_key(key)
            return None if number is None else context.loaders.events.load(number)
        case _:
            return None


def find_named(
    context: Context, kind: SubjectKind, name: str
) -> object | None | Awaitable[object | None]:
    """Return the object of a kind with a name; None if there is no such object."""
    if kind is SubjectKind.APPLICATION:
        return context.loaders.applications.load(name)
    names = _NAMED.get(kind)
    return None if names is None else names(context.snapshot).get(name)


def find_node(context: Context, id: str) -> object | None | Awaitable[object | None]:
    """Return the object with a global ID.

    Raises: GraphQLError: BAD_USER_INPUT, for a string that is not a global ID.
    """
    parsed = parse_id(id)
    if parsed is None:
        raise not_an_id(id)
    return find_object(context, *parsed)


async def find_nodes(context: Context, ids: Sequence[str]) -> list[object | None]:
    """Return the objects with these global IDs in the same order.

    All objects of a type are loaded with one SQL statement. The result has an error at the index of
    a string that is not a global ID.

    Raises: GraphQLError: BAD_USER_INPUT, if the list is too long.
    """
    if len(ids) > MAX_NODES:
        raise bad_user_input(
            f"The list 'ids' has {len(ids)} entries; at most {MAX_NODES} are allowed."
        )
    return await gather_found(ids, lambda id: find_node(context, id))


async def gather_found(
    references: Sequence[T], find: Callable[[T], object | None | Awaitable[object | None]]
) -> list[object | None]:
    """Return the object of each reference, or a GraphQLError for a malformed reference.

    All lookups start before the first lookup is awaited, so that their objects are loaded in one
    batch.
    """
    found: list[object | None] = []
    for reference in references:
        try:
            found.append(find(reference))
        except GraphQLError as error:
            found.append(error)
    return list(await asyncio.gather(*map(_awaited, found)))


async def _awaited(value: Any) -> Any:
    return await value if isawaitable(value) else value


def _toggle_environment(snapshot: Snapshot, key: str) -> model.ToggleEnvironment | None:
    parts = split_key(key, 2)
    if parts is None or parts[1] not in snapshot.environments:
        return None
    toggle = snapshot.toggles_by_id.get(parts[0])
    return None if toggle is None else toggle.in_environment(parts[1])


def _toggle_strategy(snapshot: Snapshot, key: str) -> model.ToggleStrategy | None:
    parts = split_key(key, 3)
    toggle = None if parts is None else snapshot.toggles_by_id.get(parts[0])
    if parts is None or toggle is None:
        return None
    strategies = toggle.in_environment(parts[1]).strategies
    return next((strategy for strategy in strategies if strategy.id == parts[2]), None)


def segment_of_key(snapshot: Snapshot, key: str) -> model.Segment | None:
    """Return the segment with the key of a global ID."""
    number = number_of_key(key)
    return None if number is None else snapshot.segments.get(number)


_IN_SNAPSHOT: dict[str, _InSnapshot] = {
    "Toggle": lambda snapshot, key: snapshot.toggles_by_id.get(key),
    "ToggleEnvironment": _toggle_environment,
    "ToggleStrategy": _toggle_strategy,
    "ToggleType": lambda snapshot, key: snapshot.toggle_types.get(key),
    "Strategy": lambda snapshot, key: snapshot.strategies.get(key),
    "Environment": lambda snapshot, key: snapshot.environments.get(key),
    "Project": lambda snapshot, key: snapshot.projects.get(key),
    "Segment": segment_of_key,
    "ContextField": lambda snapshot, key: snapshot.context_fields.get(key),
    "TagType": lambda snapshot, key: snapshot.tag_types.get(key),
}

_NAMED: Mapping[SubjectKind, Callable[[Snapshot], Mapping[str, object]]] = {
    SubjectKind.TOGGLE: lambda snapshot: snapshot.toggles,
    SubjectKind.STRATEGY: lambda snapshot: snapshot.strategies,
    SubjectKind.ENVIRONMENT: lambda snapshot: snapshot.environments,
    SubjectKind.PROJECT: lambda snapshot: snapshot.projects,
    SubjectKind.SEGMENT: lambda snapshot: snapshot.segments_by_name,
    SubjectKind.CONTEXT_FIELD: lambda snapshot: snapshot.context_fields,
    SubjectKind.TAG_TYPE: lambda snapshot: snapshot.tag_types,
    SubjectKind.TOGGLE_TYPE: lambda snapshot: snapshot.toggle_types,
}
