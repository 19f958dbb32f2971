"""Validate the registrations and usage reports of SDKs, and convert them for the store."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias, cast

from msgspec import Struct

from rest_compat.http.errors import pointer
from rest_compat.http.request import Request
from rest_compat.sdk.conversions import (
    clean_description,
    refuse,
    require_key,
    to_count,
    to_description,
    to_interval_ms,
    to_name,
    to_time,
)
from store.usage.reports import (
    DEFAULT_INSTANCE,
    MAX_COUNT,
    RegistrationReport,
    ToggleCounts,
    UsageReport,
)

MAX_STRATEGIES = 500
MAX_VARIANTS = 500
# Some database keys consist of several names. Such a key must fit into one index entry.
MAX_NAME_BYTES = 255

Object: TypeAlias = dict[str, Any]


class Origin(Struct, frozen=True):
    """The data about the sender of a report from the token, the connection and the headers.

    The token determines the environment. The environment in the body is ignored
    (contract/rest-v8-client.yaml, "metrics-other-environment-ignored").
    """

    environment: str
    received_at: datetime
    client_ip: str | None = None
    sdk_version: str | None = None
    connection_id: str | None = None
    spec_version: str | None = None
    interval_ms: int | None = None


def origin_of(request: Request) -> Origin:
    """Return the origin of a request."""
    interval = request.header("unleash-interval") or ""
    return Origin(
        environment=request.principal.environment,
        received_at=request.store.clock(),
        client_ip=request.client_ip,
        sdk_version=clean_description(request.header("unleash-sdk")),
        connection_id=clean_description(request.header("unleash-connection-id")),
        spec_version=clean_description(request.header("unleash-client-spec")),
        # The Node SDK sends the interval "undefined" when it registers.
        interval_ms=to_interval_ms(interval, "") if _is_short_decimal(interval) else None,
    )


def registration_of(
    body: Any, origin: Origin, *, needs_instance: bool = False
) -> RegistrationReport:
    """Convert the body of a registration.

    As in Unleash 3.x, items of `strategies` that are not strings are dropped. If `needs_instance`
    is true, `instanceId` is required.

    Raises: ValidationError.
    """
    document = object_at(body, "/body")
    app_name = to_name(require_key(document, "appName", "/body"), "/body/appName")
    if needs_instance:
        to_name(require_key(document, "instanceId", "/body"), "/body/instanceId")
    strategies = require_key(document, "strategies", "/body")
    require_key(document, "started", "/body")
    require_key(document, "interval", "/body")
    if not isinstance(strategies, list):
        refuse("The value must be a list.", "/body/strategies")
    if document.get("sdkVersion") == "":
        refuse("The string must not be empty.", "/body/sdkVersion")
    return registration_in(document, app_name, origin, "/body")


def registration_in(
    document: Object, app_name: str, origin: Origin, path: str
) -> RegistrationReport:
    """Convert a JSON object to a registration. All keys except the name are optional.

    Raises: ValidationError.
    """
    strategies = document.get("strategies")
    if strategies is not None and not isinstance(strategies, list):
        refuse("The value must be a list.", f"{path}/strategies")
    started = document.get("started")
    interval_ms = to_interval_ms(document.get("interval"), f"{path}/interval")
    return RegistrationReport(
        **common_in(document, app_name, origin, path),
        interval_ms=interval_ms if origin.interval_ms is None else origin.interval_ms,
        strategies=tuple(_strategy_names(cast("list[Any]", strategies or []))),
        started_at=None if started is None else to_time(started, f"{path}/started"),
    )


def usage_of(
    body: Any, origin: Origin, *, receipt: str | None, registers: bool = False
) -> UsageReport:
    """Convert the body of a usage report.

    `UsageReport` describes `receipt` and `registers`. If the body has no `instanceId`, the receipt
    is dropped, because equal bodies could come from different instances. If `bucket` is null, the
    report only shows that the instance is running. The same applies to a report with
    `impactMetrics` but without `bucket`.

    Raises: ValidationError.
    """
    document = object_at(body, "/body")
    app_name = to_name(require_key(document, "appName", "/body"), "/body/appName")
    common = common_in(document, app_name, origin, "/body")
    bucket = document.get("bucket")
    if bucket is None and ("bucket" in document or "impactMetrics" in document):
        return UsageReport(**common, interval_ms=origin.interval_ms, stop=origin.received_at)
    bucket = object_at(require_key(document, "bucket", "/body"), "/body/bucket")
    start = require_key(bucket, "start", "/body/bucket")
    stop = require_key(bucket, "stop", "/body/bucket")
    toggles = require_key(bucket, "toggles", "/body/bucket")
    to_time(start, "/body/bucket/start")
    return UsageReport(
        **common,
        interval_ms=origin.interval_ms,
        stop=to_time(stop, "/body/bucket/stop"),
        toggles=_toggles(toggles, "/body/bucket/toggles"),
        receipt=receipt if document.get("instanceId") is not None else None,
        registers=registers,
    )


def common_in(document: Object, app_name: str, origin: Origin, path: str) -> dict[str, Any]:
    """Return the fields that all reports have, from a JSON object that describes an instance.

    Raises: ValidationError.
    """

    def description(key: str) -> str | None:
        return to_description(document.get(key), f"{path}/{key}")

    instance_id = document.get("instanceId")
    return {
        "app_name": app_name,
        "instance_id": (
            DEFAULT_INSTANCE
            if instance_id is None or instance_id == ""
            else to_name(instance_id, f"{path}/instanceId")
        ),
        "environment": origin.environment,
        "sdk_version": description("sdkVersion") or origin.sdk_version,
        "connection_id": description("connectionId") or origin.connection_id,
        "platform_name": description("platformName"),
        "platform_version": description("platformVersion"),
        "yggdrasil_version": description("yggdrasilVersion"),
        "spec_version": description("specVersion") or origin.spec_version,
        "client_ip": origin.client_ip,
        "received_at": origin.received_at,
    }


def _strategy_names(strategies: list[Any]) -> list[str]:
    names = (name for name in strategies if isinstance(name, str) and fits(name))
    return list(dict.fromkeys(names))[:MAX_STRATEGIES]


def _toggles(value: Any, path: str) -> dict[str, ToggleCounts]:
    """Return the counts by toggle. Toggles with empty or too long names are dropped."""
    return {
        name: _counts(counts, name, path)
        for name, counts in object_at(value, path).items()
        if fits(name)
    }


def _counts(value: Any, name: str, path: str) -> ToggleCounts:
    # The usual form has a fast path, because this function runs for each toggle of each report.
    if type(value) is dict:
        counts = cast(Object, value)
        yes, no, variants = counts.get("yes", 0), counts.get("no", 0), counts.get("variants")
        if (
            type(yes) is int
            and type(no) is int
            and 0 <= yes <= MAX_COUNT
            and 0 <= no <= MAX_COUNT
            and not variants
            and (variants is None or type(variants) is dict)
        ):
            return ToggleCounts(yes, no)
    path = f"{path}/{pointer(name)}"
    return counts_in(object_at(value, path), path)


def counts_in(counts: Object, path: str) -> ToggleCounts:
    """Convert the counts of a toggle. `path` is the path of `counts` in the body.

    Raises: ValidationError.
    """
    return ToggleCounts(
        _count(counts.get("yes"), f"{path}/yes"),
        _count(counts.get("no"), f"{path}/no"),
        dict(_variants(counts.get("variants"), f"{path}/variants")),
    )


def _variants(value: Any, path: str) -> Iterator[tuple[str, int]]:
    if value is None:
        return
    variants = object_at(value, path)
    for position, (name, count) in enumerate(variants.items()):
        number = _count(count, f"{path}/{pointer(name)}")
        if fits(name) and position < MAX_VARIANTS:
            yield name, number


def _count(value: Any, path: str) -> int:
    return min(to_count(value, path), MAX_COUNT)


def object_at(value: Any, path: str) -> Object:
    """Check that a value is an object.

    Raises: ValidationError.
    """
    if not isinstance(value, dict):
        refuse("The value must be an object.", path)
    return cast(Object, value)


def fits(name: str) -> bool:
    """Return whether the name of a toggle, a variant or a strategy can be stored."""
    return 0 < len(name) <= MAX_NAME_BYTES and (
        name.isascii() or len(name.encode()) <= MAX_NAME_BYTES
    )


def _is_short_decimal(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 16
