"""Usage in the 3.x admin API: who asks for which toggles, and what was answered lately."""

import asyncio
from collections import defaultdict
from typing import Any

from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from store.metrics.applications import NO_FILTER, Application, all_applications
from store.metrics.recent import Answers, recent_counts
from store.metrics.registration import wire_document
from store.metrics.seen import names_reported
from store.model import DEFAULT_ENVIRONMENT


async def _seen_toggles(request: Request) -> Answer:
    applications = await _reporting(request)
    return await asyncio.to_thread(
        json_answer,
        [
            {
                "appName": application.name,
                "seenToggles": names,
                "metricsCount": application.metrics_count,
            }
            for application, names in applications
        ],
    )


async def _seen_apps(request: Request) -> Answer:
    return await asyncio.to_thread(_seen_apps_answer, await _reporting(request))


def _seen_apps_answer(reporting: list[tuple[Application, list[str]]]) -> Answer:
    applications: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for application, names in reporting:
        registered = application.registered_at is not None
        document = wire_document(application) if registered else {"appName": application.name}
        for name in names:
            applications[name].append(document)
    return json_answer(applications)


async def _counts(request: Request) -> Answer:
    last_hour: dict[str, Answers] = {}
    last_minute: dict[str, Answers] = {}
    async with request.store.read() as session:
        found = await recent_counts(session, DEFAULT_ENVIRONMENT, request.store.clock())
    for name, recent in found.items():
        last_hour[name], last_minute[name] = recent.last_hour, recent.last_minute
    return await asyncio.to_thread(json_answer, {"lastHour": last_hour, "lastMinute": last_minute})


async def _counts_of_name(request: Request) -> Answer:
    name = request.parameters["name"]
    async with request.store.read() as session:
        found = await recent_counts(
            session, DEFAULT_ENVIRONMENT, request.store.clock(), toggle_name=name
        )
    recent = found.get(name)
    if recent is None:
        return json_answer({"lastHour": {}, "lastMinute": {}})
    return json_answer({"lastHour": recent.last_hour, "lastMinute": recent.last_minute})


async def _reporting(request: Request) -> list[tuple[Application, list[str]]]:
    """The applications that reported toggles, by name, with the names of these."""
    async with request.store.read() as session:
        reported = await names_reported(session)
        known = await all_applications(session, NO_FILTER)
    return [(it, [*reported[it.name]]) for it in known if it.name in reported]


_PATH = "/api/admin/metrics"

ROUTES: Routes = {
    f"{_PATH}/seen-toggles": {"GET": Route(_seen_toggles)},
    f"{_PATH}/seen-apps": {"GET": Route(_seen_apps)},
    f"{_PATH}/feature-toggles": {"GET": Route(_counts)},
    f"{_PATH}/feature-toggles/:name": {"GET": Route(_counts_of_name)},
}
