"""Create, update, archive, revive and delete toggles."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType, structs

from store.errors import InUseError, Problems, WrongStateError, refuse
from store.events import EventType
from store.model import DEFAULT_ENVIRONMENT, DEFAULT_STRATEGY, Toggle, ToggleEnvironment
from store.operations.activation import build_strategy
from store.operations.changing import changed_fields
from store.operations.existing import check_revision, find, find_live_toggle
from store.operations.fields import ToggleFields, given_fields
from store.operations.inputs import StrategySpec
from store.operations.names import check_name
from store.operations.toggle_configuration import check_configuration
from store.operations.toggle_fields import (
    check_fields,
    check_free,
    check_tags,
    declare_references,
    put_new_tags,
    with_fields,
)
from store.operations.uses import dependents_of
from store.operations.variants import reuse_unchanged_variants
from store.unit_of_work import UnitOfWork
from store.values import Tag, Variant


async def create_toggle(
    work: UnitOfWork,
    *,
    name: str,
    fields: ToggleFields = ToggleFields(),
    stale: bool = False,
    tags: Sequence[Tag] = (),
    environment: str = DEFAULT_ENVIRONMENT,
    enabled: bool = False,
    strategies: Sequence[StrategySpec] | None = None,
    variants: Sequence[Variant] | None | UnsetType = (),
    allow_unknown: bool = False,
) -> Toggle:
    """Create a toggle with a configuration in one environment.

    By default, the configuration consists of the strategy `default`.

    Raises: Refusal.
    """
    problems = Problems()
    specs = (StrategySpec(name=DEFAULT_STRATEGY),) if strategies is None else strategies
    if check_name(name, kind="toggle", path=("name",), problems=problems):
        check_free(work.snapshot, name, problems)
    check_fields(work, fields, problems, allow_unknown=allow_unknown)
    check_tags(work, tags, problems)
    await check_configuration(
        work, environment, specs, variants or (), problems, allow_unknown=allow_unknown
    )
    problems.raise_any()

    toggle_id = work.new_id()
    configured = ToggleEnvironment(
        toggle_id=toggle_id,
        environment=environment,
        enabled=enabled,
        strategies=tuple(
            build_strategy(
                spec,
                id=work.new_id(),
                toggle_id=toggle_id,
                environment=environment,
                sort_order=index,
                allow_unknown=allow_unknown,
            )
            for index, spec in enumerate(specs)
        ),
        variants=reuse_unchanged_variants(UNSET, variants, allow_unknown=allow_unknown),
        revision=work.revision,
        updated_at=work.now,
    )
    toggle = Toggle(
        id=toggle_id,
        name=name,
        **given_fields(ToggleFields, fields),
        stale_at=work.now if stale else None,
        created_at=work.now,
        created_by=work.actor,
        updated_at=work.now,
        tags=tuple(sorted(set(tags))),
        environments={environment: configured},
        revision=work.revision,
    )
    declare_references(work, toggle)
    put_new_tags(work, toggle)
    work.put(toggle)
    work.record(
        EventType.TOGGLE_CREATED, subject=toggle, after=toggle, summary=f"Created toggle '{name}'."
    )
    return toggle


async def update_toggle(
    work: UnitOfWork,
    name: str,
    fields: ToggleFields = ToggleFields(),
    *,
    stale: bool | UnsetType = UNSET,
    expected_revision: int | None = None,
    allow_unknown: bool = False,
    record_always: bool = False,
) -> Toggle:
    """Update the given fields of a toggle.

    Raises: Refusal.
    """
    toggle = find_live_toggle(work, name)
    problems = Problems()
    check_revision(work, toggle, expected_revision, problems=problems)
    check_fields(work, fields, problems, allow_unknown=allow_unknown)
    problems.raise_any()

    given = given_fields(ToggleFields, fields)
    if stale is not UNSET:
        given["stale"] = stale
    changed = changed_fields(toggle, given, exact=allow_unknown)
    if not changed and not record_always:
        return toggle
    after = toggle
    if changed:
        after = with_fields(work, toggle, changed)
        work.put(after)
    names = list(changed or given)
    work.record(
        _update_type(after, names),
        subject=after,
        before=toggle,
        after=after,
        summary=_update_summary(after, names),
    )
    return after


async def archive_toggle(
    work: UnitOfWork,
    name: str,
    *,
    expected_revision: int | None = None,
    switch_off_in: str | None = None,
) -> Toggle:
    """Archive a toggle.

    SDKs no longer get the toggle. Its name and configuration are retained. If `switch_off_in` is
    given, the toggle is also switched off in this environment.

    Raises: Refusal.
    """
    toggle = find(work.snapshot.toggles, name, kind="toggle")
    if toggle.archived:
        refuse(WrongStateError(f"Toggle '{toggle.name}' is already archived.", path=("name",)))
    problems = Problems()
    check_revision(work, toggle, expected_revision, problems=problems)
    problems.raise_any()

    after = structs.replace(
        toggle, archived_at=work.now, revision=work.revision, updated_at=work.now
    )
    configured = toggle.environments.get(switch_off_in) if switch_off_in else None
    if configured is not None and configured.enabled:
        off = structs.replace(
            configured, enabled=False, revision=work.revision, updated_at=work.now
        )
        after = structs.replace(after, environments=after.environments | {off.environment: off})
    work.put(after)
    work.record(
        EventType.TOGGLE_ARCHIVED,
        subject=after,
        before=toggle,
        after=after,
        summary=f"Archived toggle '{name}'.",
    )
    return after


async def revive_toggle(work: UnitOfWork, name: str) -> Toggle:
    """Revive an archived toggle, and switch it off in all environments.

    Raises: Refusal.
    """
    toggle = find(work.snapshot.toggles, name, kind="toggle")
    if not toggle.archived:
        refuse(WrongStateError(f"Toggle '{toggle.name}' is not archived.", path=("name",)))

    after = structs.replace(
        toggle,
        archived_at=None,
        environments={
            environment: structs.replace(
                configured, enabled=False, revision=work.revision, updated_at=work.now
            )
            if configured.enabled
            else configured
            for environment, configured in toggle.environments.items()
        },
        revision=work.revision,
        updated_at=work.now,
    )
    work.put(after)
    work.record(
        EventType.TOGGLE_REVIVED,
        subject=after,
        before=toggle,
        after=after,
        summary=f"Revived toggle '{name}'.",
    )
    return after


async def delete_toggle(work: UnitOfWork, name: str) -> Toggle:
    """Delete an archived toggle permanently.

    Raises: Refusal.
    """
    toggle = find(work.snapshot.toggles, name, kind="toggle")
    if not toggle.archived:
        refuse(
            WrongStateError(
                f"Toggle '{toggle.name}' is not archived; only archived toggles can be deleted.",
                path=("name",),
            )
        )
    require_no_dependents(work, toggle)
    work.remove(toggle)
    work.record(
        EventType.TOGGLE_DELETED, subject=toggle, before=toggle, summary=f"Deleted toggle '{name}'."
    )
    return toggle


def require_no_dependents(work: UnitOfWork, toggle: Toggle) -> None:
    """Check that no other toggle depends on the toggle.

    Raises: Refusal: other toggles depend on the toggle.
    """
    dependents = dependents_of(work.snapshot, toggle, archived=True)
    if dependents:
        refuse(
            InUseError(
                f"Toggle '{toggle.name}' cannot be deleted: "
                f"{_count_dependents(len(dependents))} on it.",
                used_by=dependents,
                count=len(dependents),
                path=("name",),
            )
        )


def _update_type(toggle: Toggle, fields: list[str]) -> EventType:
    if fields != ["stale"]:
        return EventType.TOGGLE_UPDATED
    return EventType.TOGGLE_STALE_ON if toggle.stale else EventType.TOGGLE_STALE_OFF


def _update_summary(toggle: Toggle, fields: list[str]) -> str:
    if fields == ["stale"]:
        return (
            f"Marked toggle '{toggle.name}' as stale."
            if toggle.stale
            else f"Marked toggle '{toggle.name}' as not stale."
        )
    *first, last = [_describe_field(field) for field in fields] or ["fields"]
    words = f"{', '.join(first)} and {last}" if first else last
    return f"Changed the {words} of toggle '{toggle.name}'."


def _describe_field(field: str) -> str:
    return "staleness" if field == "stale" else field.replace("_", " ")


def _count_dependents(dependents: int) -> str:
    return "one toggle depends" if dependents == 1 else f"{dependents:,} toggles depend"
