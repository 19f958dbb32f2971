"""Create, update and delete environments."""

import asyncio

from msgspec import UNSET, structs

from store.errors import BuiltInError, Problems
from store.events import EventType
from store.model import Environment, EnvironmentType, Toggle
from store.operations.changing import changed_fields, create_object, delete_object, update_object
from store.operations.copying import copy_of
from store.operations.existing import check_free, check_known, check_revision, find
from store.operations.fields import EnvironmentFields, given_fields
from store.operations.limits import MAX_SORT_ORDER, check_sort_order
from store.operations.names import check_name
from store.operations.toggle_configuration import put_configuration, record_configuration
from store.operations.uses import refuse_if_built_in, refuse_if_used, toggles_where
from store.unit_of_work import UnitOfWork

_PRODUCTION_NAMES = frozenset({"production", "prod"})


def environment_type_of(name: str) -> EnvironmentType:
    """Derive the type of an environment from its name."""
    if name.lower() in _PRODUCTION_NAMES:
        return EnvironmentType.PRODUCTION
    return EnvironmentType.DEVELOPMENT


async def create_environment(
    work: UnitOfWork,
    *,
    name: str,
    type: EnvironmentType | None = None,
    copy_from: str | None = None,
) -> Environment:
    """Create an environment, as the last in the order of environments.

    Without `type`, the type is derived from the name. With `copy_from`, the configurations of all
    live and archived toggles are copied from the environment `copy_from`.

    Raises: Refusal.
    """
    problems = Problems()
    if check_name(name, kind="environment", path=("name",), problems=problems):
        check_free(work.snapshot.environments, name, kind="environment", problems=problems)
    if copy_from is not None:
        check_known(
            work.snapshot.environments,
            copy_from,
            kind="environment",
            path=("copyFrom",),
            problems=problems,
        )
    problems.raise_any()

    last = max(other.sort_order for other in work.snapshot.environments.values())
    environment = Environment(
        name=name,
        type=type or environment_type_of(name),
        sort_order=min(last + 1, MAX_SORT_ORDER),
        created_at=work.now,
        served_revision=work.revision,
        revision=work.revision,
    )
    create_object(
        work,
        environment,
        EventType.ENVIRONMENT_CREATED,
        summary=f"Created environment '{name}'"
        + (f" as a copy of '{copy_from}'." if copy_from is not None else "."),
    )
    if copy_from is not None:
        await _copy_configurations(work, copy_from, name)
    return environment


async def update_environment(
    work: UnitOfWork,
    name: str,
    fields: EnvironmentFields,
    *,
    expected_revision: int | None = None,
) -> Environment:
    """Update the given fields of an environment.

    Raises: Refusal.
    """
    environment = find(work.snapshot.environments, name, kind="environment")
    problems = Problems()
    check_revision(work, environment, expected_revision, problems=problems)
    if environment.built_in and fields.enabled is False:
        problems.add(
            BuiltInError(
                f"Environment '{name}' is built in and cannot be disabled.", path=("enabled",)
            )
        )
    if fields.sort_order is not UNSET:
        check_sort_order(fields.sort_order, problems=problems)
    problems.raise_any()

    changed = changed_fields(environment, given_fields(EnvironmentFields, fields))
    return update_object(
        work,
        environment,
        changed,
        EventType.ENVIRONMENT_UPDATED,
        summary=f"Changed environment '{name}'.",
    )


async def delete_environment(work: UnitOfWork, name: str) -> Environment:
    """Delete an environment and all configurations of toggles in it.

    Raises: Refusal: for example, if API tokens are bound to the environment.
    """
    environment = find(work.snapshot.environments, name, kind="environment")
    refuse_if_built_in(f"Environment '{name}'", built_in=environment.built_in)
    tokens = sorted(
        (token for token in work.snapshot.tokens.values() if token.environment == name),
        key=lambda token: token.name,
    )
    refuse_if_used(f"Environment '{name}'", {"API token": tokens}, path=("name",))
    for toggle in _toggles_configured_in(work, name):
        # Yield to the event loop.
        await asyncio.sleep(0)
        others = {key: value for key, value in toggle.environments.items() if key != name}
        after = structs.replace(
            toggle, environments=others, revision=work.revision, updated_at=work.now
        )
        work.put(after)
        record_configuration(
            work,
            EventType.TOGGLE_CONFIGURED,
            toggle,
            after,
            name,
            f"Deleted the configuration of toggle '{toggle.name}' in {name} with it.",
        )
    return delete_object(
        work,
        environment,
        EventType.ENVIRONMENT_DELETED,
        summary=f"Deleted environment '{name}'.",
    )


async def _copy_configurations(work: UnitOfWork, source: str, target: str) -> None:
    for toggle in _toggles_configured_in(work, source):
        await asyncio.sleep(0)
        copied = copy_of(work, toggle.in_environment(source), toggle.in_environment(target))
        record_configuration(
            work,
            EventType.TOGGLE_CONFIGURED,
            toggle,
            put_configuration(work, toggle, copied),
            target,
            f"Copied the configuration of toggle '{toggle.name}' from {source} to {target}.",
        )


def _toggles_configured_in(work: UnitOfWork, environment: str) -> list[Toggle]:
    return toggles_where(
        work.snapshot, lambda toggle: environment in toggle.environments, archived=True
    )
