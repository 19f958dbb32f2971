"""Import the environments of a state document."""

import asyncio
from collections.abc import Iterator

from msgspec import UNSET, UnsetType

from store.errors import Refusal
from store.model import Environment, EnvironmentType
from store.operations.environments import (
    create_environment,
    delete_environment,
    environment_type_of,
    update_environment,
)
from store.operations.fields import EnvironmentFields
from store.operations.strings import display
from store.transfer.unleash.context import UnleashImport, items_of
from store.transfer.unleash.environment_entries import EnvironmentEntry

# The import yields to the event loop after this many items.
_ITEMS_AT_A_TIME = 500
_TYPES = {type.value: type for type in EnvironmentType}


async def import_environments(context: UnleashImport) -> None:
    """Create and overwrite environments.

    If a configuration names an environment that the document does not define, the import creates
    the environment.
    """
    work, state = context.work, context.state
    for at, entry in enumerate(items_of(state.environments)):
        name = state.environment(entry.name)
        keep = context.keep and not context.drop
        if name in work.snapshot.environments and keep:
            continue
        try:
            await _import_environment(context, at, entry, name)
        except Refusal as refusal:
            context.note(refusal, "environments", str(at))
            _put_placeholder(context, name)
    if not state.in_toggles:
        for done, (name, section, at) in enumerate(_environments_of_toggles(context)):
            if done % _ITEMS_AT_A_TIME == 0:
                await asyncio.sleep(0)
            if name not in work.snapshot.environments:
                await _create_undefined(context, name, section, at)


async def drop_environments(context: UnleashImport) -> None:
    """Delete the environments that the document does not define.

    Built-in environments and environments to which API tokens are bound remain.
    """
    work, state = context.work, context.state
    if state.environments is UNSET:
        return
    context.begin_drop("environments")
    stay = {state.environment(environment.name) for environment in state.environments}
    if not state.in_toggles:
        stay.update(name for name, *_ in _environments_of_toggles(context))
    for name, environment in sorted(work.snapshot.environments.items()):
        if name in stay or environment.built_in:
            continue
        recorded = len(work.events)
        try:
            await delete_environment(work, name)
        except Refusal as refusal:
            context.warn(refusal.errors[0].message, "environments")
        else:
            if len(work.events) > recorded:
                context.show_as_part()


def _environments_of_toggles(context: UnleashImport) -> Iterator[tuple[str, str, int]]:
    """Yield the environment, section and index of each entry that configures a toggle."""
    state = context.state
    for section, entries in (
        ("featureEnvironments", items_of(state.feature_environments)),
        ("featureStrategies", items_of(state.feature_strategies)),
    ):
        for at, entry in enumerate(entries):
            yield state.environment(entry.environment), section, at


async def _import_environment(
    context: UnleashImport, at: int, entry: EnvironmentEntry, name: str
) -> None:
    """Create or overwrite an environment.

    Raises: Refusal.
    """
    work = context.work
    type, enabled = _type_of(context, at, entry), entry.enabled
    recorded = len(work.events)
    if name not in work.snapshot.environments:
        await create_environment(work, name=name, type=type or None)
        work.show_as("environment-import", context.sent("environments", at))
    elif work.snapshot.environments[name].built_in and enabled is False:
        enabled = UNSET
        context.warn(
            f"Environment '{name}' is built in and stays enabled.",
            "environments",
            str(at),
            "enabled",
        )
    created = len(work.events) > recorded
    recorded = len(work.events)
    sort_order = UNSET if entry.sort_order is None else entry.sort_order
    fields = EnvironmentFields(type=type, enabled=enabled, sort_order=sort_order)
    await update_environment(work, name, fields)
    if len(work.events) > recorded:
        if created:
            context.show_as_part()
        else:
            work.show_as("environment-import", context.sent("environments", at))


def _type_of(
    context: UnleashImport, at: int, entry: EnvironmentEntry
) -> EnvironmentType | UnsetType:
    """Return the type of an environment.

    If the type is unknown, add a warning and return UNSET.
    """
    if entry.type is UNSET or entry.type in _TYPES:
        return UNSET if entry.type is UNSET else _TYPES[entry.type]
    context.warn(
        f"The environment type '{display(entry.type)}' is unknown; the types are "
        f"{', '.join(_TYPES)}.",
        "environments",
        str(at),
        "type",
    )
    return UNSET


async def _create_undefined(context: UnleashImport, name: str, section: str, at: int) -> None:
    try:
        await create_environment(context.work, name=name)
    except Refusal as refusal:
        for error in refusal.errors:
            error.path = ("environment",)
        context.note(refusal, section, str(at))
        _put_placeholder(context, name)
        return
    context.warn(
        f"The document does not define the environment '{name}'; it is created with the type "
        f"{environment_type_of(name).value}.",
        section,
        str(at),
        "environment",
    )


def _put_placeholder(context: UnleashImport, name: str) -> None:
    """Add a placeholder for a refused environment, so that the toggles can be checked."""
    work = context.work
    if name not in work.snapshot.environments:
        type = EnvironmentType.DEVELOPMENT
        work.put(Environment(name=name, type=type, created_at=work.now))
