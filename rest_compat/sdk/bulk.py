"""`POST /api/client/metrics/bulk`: the reports of a proxy for many instances."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.bodies import (
    Object,
    Origin,
    counts_in,
    fits,
    object_at,
    origin_of,
    registration_in,
)
from rest_compat.sdk.conversions import is_name, refuse, to_string, to_time
from rest_compat.sdk.models import BulkMetricsJson
from rest_compat.sdk.reporting import (
    REPORT_ANSWERS,
    REPORT_ERRORS,
    read_report,
    store_reports,
)
from store.usage.reports import (
    MAX_COUNT,
    AnyReport,
    RegistrationReport,
    ToggleCounts,
    UsageReport,
)

_BODY = "/body"


routes = RouteTable("client")

_EXAMPLE: dict[str, Any] = {
    "applications": [
        {
            "appName": "shop-app",
            "instanceId": "phone-7",
            "environment": "production",
            "sdkVersion": "unleash-android:1.2.0",
            "strategies": [],
            "started": "2026-03-02T08:00:00.000Z",
            "interval": 60_000,
        }
    ],
    "metrics": [
        {
            "featureName": "checkout-one-page",
            "appName": "shop-app",
            "environment": "production",
            "timestamp": "2026-03-02T08:00:00.000Z",
            "yes": 12,
            "no": 3,
        }
    ],
}


@routes.route(
    "POST",
    "/api/client/metrics/bulk",
    id="clientBulkMetrics",
    body=BulkMetricsJson,
    example=_EXAMPLE,
    answers=REPORT_ANSWERS,
    errors=REPORT_ERRORS,
)
async def post_bulk(request: Request) -> Response:
    """Report the usage and the registrations of many instances at once.

    The response is sent once all reports are durable. Proxies use this route. Objects for
    environments other than the token's environment are ignored. Objects with names that cannot be
    stored are ignored, too.
    """
    # Invalid names are ignored, because an error would make the proxy repeat the reports of all
    # instances.
    origin = origin_of(request)
    reports = await read_report(request, lambda body: bulk_of(body, origin))
    await store_reports(request, *reports)
    return Response(HTTPStatus.ACCEPTED)


def bulk_of(body: Any, origin: Origin) -> list[AnyReport]:
    """Convert a bulk report to registrations and usage reports. Usage reports name no instance.

    Raises: BadDataError: a key is missing. ValidationError: a value is invalid.
    """
    document = object_at(body, _BODY)
    applications = _list(document, "applications")
    metrics = _list(document, "metrics")
    return [*_registrations(applications, origin), *_usages(metrics, origin)]


def _registrations(
    applications: list[tuple[Object, str]], origin: Origin
) -> Iterator[RegistrationReport]:
    # The headers describe the proxy, so the origin of an instance must not contain them.
    entry_origin = Origin(origin.environment, origin.received_at, origin.client_ip)
    for entry, path in applications:
        app_name = _string(entry, "appName", path)
        report = registration_in(entry, app_name, entry_origin, path)
        if _concerns(entry, origin) and is_name(app_name):
            yield report


def _usages(metrics: list[tuple[Object, str]], origin: Origin) -> Iterator[UsageReport]:
    """Yield one usage report per application and time.

    Each report also registers its application, because frontend SDKs behind a proxy do not
    register.
    """
    sums: dict[tuple[str, datetime], dict[str, ToggleCounts]] = defaultdict(dict)
    for entry, path in metrics:
        toggle_name = _string(entry, "featureName", path)
        app_name = _string(entry, "appName", path)
        timestamp = entry.get("timestamp")
        stop = origin.received_at if timestamp is None else to_time(timestamp, f"{path}/timestamp")
        counts = counts_in(entry, path)
        if _concerns(entry, origin) and is_name(app_name) and fits(toggle_name):
            toggles = sums[app_name, stop]
            toggles[toggle_name] = _sum(toggles.get(toggle_name), counts)
    for (app_name, stop), toggles in sums.items():
        yield UsageReport(
            app_name=app_name,
            instance_id=None,
            environment=origin.environment,
            received_at=origin.received_at,
            stop=stop,
            toggles=toggles,
            registers=True,
        )


def _sum(one: ToggleCounts | None, other: ToggleCounts) -> ToggleCounts:
    if one is None:
        return other
    variants = dict(one.variants)
    for name, count in other.variants.items():
        variants[name] = min(variants.get(name, 0) + count, MAX_COUNT)
    return ToggleCounts(
        min(one.yes + other.yes, MAX_COUNT), min(one.no + other.no, MAX_COUNT), variants
    )


def _concerns(entry: Object, origin: Origin) -> bool:
    """Return whether an object is about the token's environment or names no environment."""
    environment = entry.get("environment")
    return environment is None or environment == origin.environment


def _list(document: Object, key: str) -> list[tuple[Object, str]]:
    """Return the objects in a list with their paths."""
    path = f"{_BODY}/{key}"
    entries = _require_key(document, key, _BODY)
    if not isinstance(entries, list):
        refuse("The value must be a list.", path)
    objects: list[tuple[Object, str]] = []
    for position, entry in enumerate(cast("list[Any]", entries)):
        entry_path = f"{path}/{position}"
        objects.append((object_at(entry, entry_path), entry_path))
    return objects


def _string(entry: Object, key: str, path: str) -> str:
    return to_string(_require_key(entry, key, path), f"{path}/{key}")


def _require_key(document: Object, key: str, path: str) -> Any:
    # The error has another name than in single reports (contract/rest-v8-client.yaml,
    # "bulk-without-metrics").
    if key not in document:
        where = "The body" if path == _BODY else "Each entry"
        raise BadDataError(Detail(f"{where} must have '{key}'.", f"{path}/{key}"))
    return document[key]
