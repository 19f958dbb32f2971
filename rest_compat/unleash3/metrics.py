"""Usage in the 3.x admin API: requested toggles by application, and recent counts."""

import asyncio
from collections import defaultdict
from typing import Any

from msgspec import Struct, structs

from rest_compat.http.models import Count
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.models import ApplicationJson, RecentCountsJson, SeenTogglesJson
from store.model import DEFAULT_ENVIRONMENT
from store.usage.applications import NO_FILTER, Application, all_applications
from store.usage.recent import Answers, recent_counts
from store.usage.registration import application_body
from store.usage.seen import names_reported

routes = RouteTable("admin: usage")

_METRICS = "/api/admin/metrics"
_NAME = path_parameter("name", "The name of the toggle.", "checkout-one-page")
_ERRORS = (UnavailableError,)


@routes.route(
    "GET",
    f"{_METRICS}/seen-toggles",
    id="getSeenToggles",
    answers={200: Answer("The applications.", list[SeenTogglesJson])},
    errors=_ERRORS,
)
async def list_seen_toggles(request: Request) -> Response:
    """List the names that each application requests.

    The list includes names of toggles that do not exist.
    """
    applications = await _reporting(request)
    return await asyncio.to_thread(
        json_response,
        [
            SeenTogglesJson(
                app_name=application.name,
                seen_toggles=names,
                metrics_count=application.metrics_count,
            )
            for application, names in applications
        ],
    )


@routes.route(
    "GET",
    f"{_METRICS}/seen-apps",
    id="getSeenApplications",
    answers={200: Answer("The applications by name.", dict[str, list[ApplicationJson]])},
    errors=_ERRORS,
)
async def list_seen_applications(request: Request) -> Response:
    """List the applications that request each name.

    An application that has never registered has only a name.
    """
    return await asyncio.to_thread(_seen_applications, await _reporting(request))


def _seen_applications(reporting: list[tuple[Application, list[str]]]) -> Response:
    applications: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for application, names in reporting:
        registered = application.registered_at is not None
        document = application_body(application) if registered else {"appName": application.name}
        for name in names:
            applications[name].append(document)
    return json_response(applications)


@routes.route(
    "GET",
    f"{_METRICS}/feature-toggles",
    id="getFeatureCounts",
    answers={200: RecentCountsJson},
    errors=_ERRORS,
)
async def list_counts(request: Request) -> Response:
    """Count the answers for each name in the last hour and the last minute.

    The counts are from the environment `default`.
    """
    last_hour: dict[str, Answers] = {}
    last_minute: dict[str, Answers] = {}
    async with request.store.read() as session:
        found = await recent_counts(session, DEFAULT_ENVIRONMENT, request.store.clock())
    for name, recent in found.items():
        last_hour[name], last_minute[name] = recent.last_hour, recent.last_minute
    body = RecentCountsJson(last_hour=last_hour, last_minute=last_minute)
    return await asyncio.to_thread(json_response, body)


class CountsOfNameJson(Struct, kw_only=True, rename="camel"):
    """The counts of the answers `yes` and `no`. If the name was not evaluated, they are empty."""

    last_hour: dict[str, Count]
    last_minute: dict[str, Count]


@routes.route(
    "GET",
    f"{_METRICS}/feature-toggles/:name",
    id="getFeatureCountsByName",
    parameters=(_NAME,),
    answers={200: CountsOfNameJson},
    errors=_ERRORS,
)
async def get_counts(request: Request) -> Response:
    """Count the answers for one name in the last hour and the last minute.

    The counts are from the environment `default`. If the name was not evaluated, the counts are
    empty.
    """
    name = request.parameters["name"]
    async with request.store.read() as session:
        found = await recent_counts(
            session, DEFAULT_ENVIRONMENT, request.store.clock(), toggle_name=name
        )
    counts = CountsOfNameJson(last_hour={}, last_minute={})
    if recent := found.get(name):
        counts.last_hour = structs.asdict(recent.last_hour)
        counts.last_minute = structs.asdict(recent.last_minute)
    return json_response(counts)


async def _reporting(request: Request) -> list[tuple[Application, list[str]]]:
    """Return the applications that reported toggles, sorted by name, with the toggle names."""
    async with request.store.read() as session:
        reported = await names_reported(session)
        known = await all_applications(session, NO_FILTER)
    return [
        (application, [*reported[application.name]])
        for application in known
        if application.name in reported
    ]
