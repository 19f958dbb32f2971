"""`POST /api/client/metrics/bulk`: the reports of a proxy for many instances."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from msgspec import Struct

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.bodies import (
    Object,
    Origin,
    common_in,
    counts_in,
    fits,
    object_at,
    origin_of,
    registration_in,
)
from rest_compat.sdk.conversions import is_name, refuse, to_name, to_string, to_time
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
    stored are ignored, too. Counts with the same `receipt` are counted once, even if a proxy sends
    them again.
    """
    # Invalid names are ignored, because an error would make the proxy repeat the reports of all
    # instances.
    origin, holder = origin_of(request), request.principal.holder
    reports = await read_report(request, lambda body: bulk_of(body, origin, holder))
    await store_reports(request, *reports)
    return Response(HTTPStatus.ACCEPTED)


def bulk_of(body: Any, origin: Origin, holder: str = "") -> list[AnyReport]:
    """Convert a bulk report to registrations and usage reports. Usage reports name no instance.

    `holder` is the ID of the token. The receipts of different tokens are different.

    Raises: BadDataError: a key is missing. ValidationError: a value is invalid.
    """
    document = object_at(body, _BODY)
    applications = _list(document, "applications")
    metrics = _list(document, "metrics")
    return [*_registrations(applications, origin), *_usages(metrics, origin, holder)]


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


class _Group(Struct):
    """The counts of one report, and what the first entry says about the instance."""

    instance: dict[str, Any]
    toggles: dict[str, ToggleCounts]


def _usages(
    metrics: list[tuple[Object, str]], origin: Origin, holder: str
) -> Iterator[UsageReport]:
    """Yield one usage report per application, time and receipt.

    Each report also registers its application, because frontend SDKs behind a proxy do not
    register.
    """
    entry_origin = Origin(origin.environment, origin.received_at)
    groups: dict[tuple[str, datetime, str | None], _Group] = {}
    for entry, path in metrics:
        toggle_name = _string(entry, "featureName", path)
        app_name = _string(entry, "appName", path)
        timestamp = entry.get("timestamp")
        stop = origin.received_at if timestamp is None else to_time(timestamp, f"{path}/timestamp")
        counts = counts_in(entry, path)
        receipt = _receipt(entry, holder, path)
        instance = _instance(entry, app_name, entry_origin, path)
        if _concerns(entry, origin) and is_name(app_name) and fits(toggle_name):
            group = groups.setdefault((app_name, stop, receipt), _Group(instance, {}))
            group.toggles[toggle_name] = _sum(group.toggles.get(toggle_name), counts)
    for (_, stop, receipt), group in groups.items():
        yield UsageReport(
            **group.instance, stop=stop, toggles=group.toggles, receipt=receipt, registers=True
        )


def _instance(entry: Object, app_name: str, origin: Origin, path: str) -> dict[str, Any]:
    """Return the fields about the instance. Most proxies do not name the instance of counts."""
    if entry.get("instanceId") is not None:
        return common_in(entry, app_name, origin, path)
    return {
        "app_name": app_name,
        "instance_id": None,
        "environment": origin.environment,
        "received_at": origin.received_at,
    }


def _receipt(entry: Object, holder: str, path: str) -> str | None:
    receipt = entry.get("receipt")
    if receipt is None:
        return None
    named = to_name(receipt, f"{path}/receipt")
    return hashlib.sha256(f"{holder}\0bulk\0{named}".encode("utf-8", "surrogatepass")).hexdigest()


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
