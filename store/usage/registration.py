"""Register applications, and record an event for each application in the audit log."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import sqlalchemy as sa
from msgspec import structs

from store.aggregates import table_of
from store.events import EventType, SubjectKind
from store.http_times import format_time
from store.model import Actor, ActorKind
from store.rows import ApplicationRow
from store.unit_of_work import UnitOfWork
from store.usage.applications import Application, applications_by_name
from store.usage.reports import AnyReport, RegistrationReport

_APPLICATION = table_of(ApplicationRow)
_REGISTERED = ("registered_at", "updated_at", "strategies", "created_by")


async def register_applications(
    write: Callable[[Actor], AbstractAsyncContextManager[UnitOfWork]],
    reports: Iterable[AnyReport],
) -> None:
    """Mark applications as registered, and record an event for each application.

    Applications that are already registered are skipped.

    As in 3.x, the actor of an event is the client's address (rest-contract.md, "Events, 3.x").
    """
    by_address: dict[str | None, list[AnyReport]] = defaultdict(list)
    for report in reports:
        by_address[report.client_ip].append(report)
    for address, group in by_address.items():
        async with write(Actor(address or "unknown", ActorKind.SYSTEM)) as work:
            await _register(work, group)


async def _register(work: UnitOfWork, reports: Sequence[AnyReport]) -> None:
    names = [report.app_name for report in reports]
    known = await applications_by_name(work.connection, names)
    for report in reports:
        before = known.get(report.app_name)
        if before is not None and before.registered_at is not None:
            continue
        after = structs.replace(
            before or _unknown(report),
            registered_at=report.received_at,
            updated_at=report.received_at,
            strategies=report.strategies if isinstance(report, RegistrationReport) else (),
            created_by=report.client_ip,
        )
        await _put(work, before, after)
        work.record(
            EventType.APPLICATION_CREATED,
            subject_kind=SubjectKind.APPLICATION,
            subject_key=after.name,
            subject_name=after.name,
            # If the application has no counts, the row of the application was created for this
            # report.
            before=before if before is not None and before.metrics_count else None,
            after=after,
            summary=f"Application '{after.name}' registered.",
        )
        work.show_as(EventType.APPLICATION_CREATED.value, application_body(after))


def _unknown(report: AnyReport) -> Application:
    return Application(
        name=report.app_name,
        created_at=report.received_at,
        updated_at=report.received_at,
        last_seen_at=report.received_at,
    )


async def _put(work: UnitOfWork, before: Application | None, after: Application) -> None:
    values = structs.asdict(after)
    if before is None:
        await work.connection.execute(sa.insert(_APPLICATION).values(values))
        return
    # Write only the `_REGISTERED` columns, because other columns may have changed since the row was
    # read.
    changed = {name: values[name] for name in _REGISTERED}
    await work.connection.execute(
        sa.update(_APPLICATION).where(_APPLICATION.c.name == after.name).values(changed)
    )


def application_body(application: Application) -> dict[str, Any]:
    """Return the body for an application in 3.x (contract/rest-v3.yaml, "register-then-listed")."""
    return {
        "appName": application.name,
        "createdAt": format_time(application.created_at),
        "updatedAt": format_time(application.updated_at),
        "description": application.description or None,
        "strategies": application.strategies,
        "createdBy": application.created_by,
        "url": application.url,
        "color": application.color,
        "icon": application.icon,
    }
