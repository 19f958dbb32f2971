"""Changes of what people say of applications, and forgetting one.

Applications are not part of the snapshot: they are read and written by SQL in the unit's
transaction.
"""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from msgspec import UNSET, UnsetType, structs

from store.aggregates import table_of
from store.errors import Problems, refuse
from store.events import EventType, SubjectKind
from store.metrics.applications import Application, applications_by_name
from store.metrics.usage import Use
from store.operations.changing import changed_fields
from store.operations.existing import not_found
from store.operations.formats import is_web_address
from store.operations.limits import LONGEST_ADDRESS, LONGEST_DESCRIPTION, LONGEST_NAME
from store.operations.text import check_line, check_text, shown
from store.rows import ApplicationRow, ToggleUsageRow
from store.unit_of_work import UnitOfWork

_APPLICATION = table_of(ApplicationRow)
_USAGE = table_of(ToggleUsageRow)


async def update_application(
    work: UnitOfWork,
    name: str,
    *,
    description: str | UnsetType = UNSET,
    url: str | None | UnsetType = UNSET,
    icon: str | None | UnsetType = UNSET,
) -> Application:
    """The application with other values in the fields that are given.

    Raises: Refusal.
    """
    application = await _find(work, name)
    problems = Problems()
    _check_fields(description, url, icon, problems)
    problems.raise_any()

    changed = changed_fields(application, {"description": description, "url": url, "icon": icon})
    if not changed:
        return application
    changed["updated_at"] = work.now
    after = structs.replace(application, **changed)
    await work.connection.execute(
        sa.update(_APPLICATION).where(_APPLICATION.c.name == name).values(changed)
    )
    _record(work, EventType.APPLICATION_UPDATED, application, after, "Changed")
    return after


async def delete_application(work: UnitOfWork, name: str) -> Application:
    """The application, forgotten with its instances and its usages until it reports again.

    What it reported stays in the metrics of the toggles, which are theirs as well, for as long as
    metrics are kept.

    Raises: Refusal.
    """
    application = await _find(work, name)
    its_names = sa.select(_USAGE.c.toggle_name).where(_USAGE.c.app_name == name).distinct()
    toggle_names = (await work.connection.scalars(its_names)).all()
    others = await _uses_of_others(work, name, its_names)
    # Instances and usages go with the row, by their foreign keys.
    await work.connection.execute(sa.delete(_APPLICATION).where(_APPLICATION.c.name == name))
    work.after_commit(partial(work.usage.replace, toggle_names, others))
    _record(work, EventType.APPLICATION_DELETED, application, None, "Forgot")
    return application


async def _find(work: UnitOfWork, name: str) -> Application:
    found = await applications_by_name(work.connection, [name])
    if name not in found:
        refuse(not_found("application", name, path=("name",)))
    return found[name]


async def _uses_of_others(
    work: UnitOfWork, name: str, its_names: sa.Select[tuple[str]]
) -> Sequence[Use]:
    """What is known of the names that an application used without that application."""
    columns = [_USAGE.c[field] for field in Use.__struct_fields__]
    statement = sa.select(*columns).where(
        _USAGE.c.toggle_name.in_(its_names), _USAGE.c.app_name != name
    )
    return [Use(*row) for row in await work.connection.execute(statement)]


def _record(
    work: UnitOfWork,
    type: EventType,
    before: Application,
    after: Application | None,
    verb: str,
) -> None:
    work.record(
        type,
        subject_kind=SubjectKind.APPLICATION,
        subject_key=before.name,
        subject_name=before.name,
        before=before,
        after=after,
        summary=f"{verb} application '{shown(before.name)}'.",
    )


def _check_fields(
    description: str | UnsetType,
    url: str | None | UnsetType,
    icon: str | None | UnsetType,
    problems: Problems,
) -> None:
    check_text(
        description or "",
        what="The description",
        path=("description",),
        problems=problems,
        longest=LONGEST_DESCRIPTION,
    )
    fits = check_line(
        url or "", what="The address", path=("url",), problems=problems, longest=LONGEST_ADDRESS
    )
    if url and fits and not is_web_address(url):
        problems.invalid(
            f"The address '{shown(url)}' does not begin with http:// or https:// and a host.",
            rule="web-address",
            path=("url",),
        )
    check_line(icon or "", what="The icon", path=("icon",), problems=problems, longest=LONGEST_NAME)
