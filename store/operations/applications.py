"""Update and delete applications.

Applications are not part of the snapshot. The functions of this module read and write applications
with SQL, in the transaction of the unit of work.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from msgspec import UNSET, UnsetType, structs

from store.aggregates import table_of
from store.errors import LimitExceededError, Path, Problems, RevisionConflictError, refuse
from store.events import IMPORTED_REVISION, EventType, SubjectKind
from store.events_log import EventFilter, list_events
from store.operations.changing import changed_fields
from store.operations.existing import not_found
from store.operations.formats import is_web_address
from store.operations.limits import (
    MAX_ITEMS,
    MAX_NAME_LENGTH,
    MAX_REPORTED_NAME_LENGTH,
    MAX_URL_LENGTH,
    check_count,
)
from store.operations.strings import check_description, check_line, display
from store.paging import Window
from store.rows import ApplicationRow, ToggleUsageRow
from store.unit_of_work import UnitOfWork
from store.usage.applications import Application, applications_by_name
from store.usage.name_limits import MAX_APPLICATIONS
from store.usage.registration import application_body
from store.usage.room import make_room_for_applications
from store.usage.summary import Use
from store.usage_sequence import next_sequence

_APPLICATION = table_of(ApplicationRow)
_USAGE = table_of(ToggleUsageRow)

# `update_application` changes these fields.
_UNDOABLE = ("description", "url", "icon")


async def update_application(
    work: UnitOfWork,
    name: str,
    *,
    description: str | UnsetType = UNSET,
    url: str | None | UnsetType = UNSET,
    icon: str | None | UnsetType = UNSET,
) -> Application:
    """Update the given fields of an application.

    Raises: Refusal.
    """
    application = await _find(work, name)
    problems = Problems()
    _check_fields(description, url, icon, problems)
    problems.raise_any()

    changed = changed_fields(application, {"description": description, "url": url, "icon": icon})
    if not changed:
        return application
    return await _update(work, application, changed, "Changed")


async def undo_application_update(
    work: UnitOfWork,
    before: Application,
    after: Application,
    *,
    revision: int,
    force: bool,
    path: Path,
) -> None:
    """Undo the update at a revision, which changed an application from `before` to `after`.

    Raises: Refusal: for example, if `force` is false and the updated fields have changed since.
    """
    current = await _find(work, after.name, path=path)
    touched = [field for field in _UNDOABLE if getattr(before, field) != getattr(after, field)]
    since = [
        field
        for field in touched
        if getattr(current, field) not in (getattr(before, field), getattr(after, field))
    ]
    if since and not force:
        error = RevisionConflictError(
            expected=revision,
            actual=await _last_revision(work, current.name),
            current=current,
            path=path,
        )
        error.message = (
            f"The application '{display(current.name)}' has changed in the parts to restore: "
            f"{', '.join(sorted(since))}."
        )
        refuse(error)
    restored = {field: getattr(before, field) for field in touched}
    changed = changed_fields(current, restored, exact=True)
    if changed:
        await _update(work, current, changed, "Restored")


async def put_application(
    work: UnitOfWork,
    name: str,
    *,
    description: str | UnsetType = UNSET,
    url: str | None | UnsetType = UNSET,
    icon: str | None | UnsetType = UNSET,
    color: str | None | UnsetType = UNSET,
    strategies: Sequence[str] | UnsetType = UNSET,
) -> Application:
    """Update the given fields of an application, or create it.

    If the application has never registered, it becomes registered. The REST API allows any string
    as the URL, and distinguishes an empty string from a missing URL.

    Raises: Refusal.
    """
    problems = Problems()
    _check_name(name, problems)
    _check_fields(description, url, icon, problems, any_address=True)
    check_line(
        color or "",
        what="The colour",
        path=("color",),
        problems=problems,
        max_length=MAX_NAME_LENGTH,
    )
    _check_strategies(strategies or (), problems)
    problems.raise_any()

    known = (await applications_by_name(work.connection, [name])).get(name)
    if known is None:
        await _make_room(work)
    registered = known is not None and known.registered_at is not None
    given = {"description": description, "url": url, "icon": icon, "color": color}
    before = known or Application(
        name=name, created_at=work.now, updated_at=work.now, last_seen_at=work.now
    )
    given = given | {"strategies": _without_duplicates(strategies)}
    changed = changed_fields(before, given, exact=True)
    if registered and not changed:
        return before
    changed["updated_at"] = work.now
    if not registered:
        changed["registered_at"] = work.now
    after = structs.replace(before, **changed)
    if known is None:
        await work.connection.execute(sa.insert(_APPLICATION).values(structs.asdict(after)))
    else:
        await work.connection.execute(
            sa.update(_APPLICATION).where(_APPLICATION.c.name == name).values(changed)
        )
    if registered:
        _record(work, EventType.APPLICATION_UPDATED, before, after, "Changed")
    else:
        _record(work, EventType.APPLICATION_CREATED, known, after, "Registered")
        work.show_as(EventType.APPLICATION_CREATED.value, application_body(after))
    return after


async def delete_application(work: UnitOfWork, name: str) -> Application:
    """Delete an application with its instances and usages.

    If the application sends another report, it is created again.

    The metrics of toggles include the application's reports until the reports expire.

    Raises: Refusal.
    """
    application = await _find(work, name)
    used_names = sa.select(_USAGE.c.toggle_name).where(_USAGE.c.app_name == name).distinct()
    toggle_names = (await work.connection.scalars(used_names)).all()
    others = await _uses_of_others(work, name, used_names)
    await next_sequence(work.connection, removes=True)
    # Foreign keys cascade to instances and usages.
    await work.connection.execute(sa.delete(_APPLICATION).where(_APPLICATION.c.name == name))
    work.after_commit(partial(work.usage.replace, toggle_names, others))
    _record(work, EventType.APPLICATION_DELETED, application, None, "Forgot")
    return application


async def _find(work: UnitOfWork, name: str, *, path: Path = ("name",)) -> Application:
    found = await applications_by_name(work.connection, [name])
    if name not in found:
        refuse(not_found("application", name, path=path))
    return found[name]


async def _update(
    work: UnitOfWork, application: Application, changed: Mapping[str, Any], verb: str
) -> Application:
    """Store the changed fields of an application."""
    values = {**changed, "updated_at": work.now}
    after = structs.replace(application, **values)
    if not work.what_if:
        await work.connection.execute(
            sa.update(_APPLICATION).where(_APPLICATION.c.name == application.name).values(values)
        )
    _record(work, EventType.APPLICATION_UPDATED, application, after, verb)
    return after


async def _last_revision(work: UnitOfWork, name: str) -> int:
    """Return the revision of the last change of an application."""
    of_application = EventFilter(subjects=[(SubjectKind.APPLICATION, name)])
    page = await list_events(work.connection, of_application, Window(1), documents=False)
    # Imported applications have no event of this server.
    return page.items[0].revision if page.items else IMPORTED_REVISION


async def _uses_of_others(
    work: UnitOfWork, name: str, used_names: sa.Select[tuple[str]]
) -> Sequence[Use]:
    """Return other applications' uses of the toggles that an application uses."""
    columns = [_USAGE.c[field] for field in Use.__struct_fields__]
    statement = sa.select(*columns).where(
        _USAGE.c.toggle_name.in_(used_names), _USAGE.c.app_name != name
    )
    return [Use(*row) for row in await work.connection.execute(statement)]


def _record(
    work: UnitOfWork,
    type: EventType,
    before: Application | None,
    after: Application | None,
    verb: str,
) -> None:
    application = after or before
    assert application is not None
    work.record(
        type,
        subject_kind=SubjectKind.APPLICATION,
        subject_key=application.name,
        subject_name=application.name,
        before=before,
        after=after,
        summary=f"{verb} application '{display(application.name)}'.",
    )


def _check_name(name: str, problems: Problems) -> None:
    check_line(
        name,
        what="The name of the application",
        path=("name",),
        problems=problems,
        min_length=1,
        max_length=MAX_REPORTED_NAME_LENGTH,
    )


def _check_strategies(strategies: Sequence[str], problems: Problems) -> None:
    check_count(strategies, what="strategies", path=("strategies",), problems=problems)
    for index, strategy in enumerate(strategies[:MAX_ITEMS]):
        check_line(
            strategy,
            what="The name of the strategy",
            path=("strategies", str(index)),
            problems=problems,
            max_length=MAX_REPORTED_NAME_LENGTH,
        )


def _without_duplicates(strategies: Sequence[str] | UnsetType) -> tuple[str, ...] | UnsetType:
    return UNSET if strategies is UNSET else tuple(dict.fromkeys(strategies))


async def _make_room(work: UnitOfWork) -> None:
    """If the limit of applications is reached, delete unused applications.

    Raises: Refusal: the limit is reached, and all applications are in use.
    """
    removed = await make_room_for_applications(work.connection, MAX_APPLICATIONS, 1, work.now)
    if removed is not None:
        for name in removed.applications:
            work.after_commit(partial(work.usage.forget_application, name))
    else:
        message = f"There are already {MAX_APPLICATIONS:,} applications, the maximum."
        refuse(LimitExceededError(message, path=("name",)))


def _check_fields(
    description: str | UnsetType,
    url: str | None | UnsetType,
    icon: str | None | UnsetType,
    problems: Problems,
    *,
    any_address: bool = False,
) -> None:
    check_description(description or "", path=("description",), problems=problems)
    fits = check_line(
        url or "", what="The address", path=("url",), problems=problems, max_length=MAX_URL_LENGTH
    )
    if url and fits and not any_address and not is_web_address(url):
        problems.invalid(
            f"The address '{display(url)}' does not begin with http:// or https:// and a host.",
            rule="web-address",
            path=("url",),
        )
    check_line(
        icon or "", what="The icon", path=("icon",), problems=problems, max_length=MAX_NAME_LENGTH
    )
