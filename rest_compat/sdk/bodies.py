"""The bodies in which SDKs register and report usage, validated and turned into reports."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeAlias, cast

from msgspec import Struct

from rest_compat.http.errors import pointer
from rest_compat.http.request import Request
from rest_compat.sdk.conversions import (
    present,
    refuse,
    shown,
    to_count,
    to_description,
    to_interval_ms,
    to_name,
    to_time,
)
from store.metrics.reports import (
    DEFAULT_INSTANCE,
    MAX_COUNT,
    RegistrationReport,
    ToggleCounts,
    UsageReport,
)

MAX_STRATEGIES = 500
MAX_VARIANTS = 500
# Keys of several names have to fit into one index entry of the database.
MAX_NAME_BYTES = 255

Object: TypeAlias = dict[str, Any]


class Origin(Struct, frozen=True):
    """Where a report comes from, by its token, its connection and its headers.

    The environment is the token's, whatever the body says (contract/rest-v8-client.yaml,
    "metrics-other-environment-ignored").
    """

    environment: str
    received_at: datetime
    client_ip: str | None = None
    sdk_version: str | None = None
    connection_id: str | None = None
    spec_version: str | None = None
    interval_ms: int | None = None


def origin_of(request: Request) -> Origin:
    """The origin of a request."""
    interval = request.header("unleash-interval") or ""
    return Origin(
        environment=request.principal.environment,
        received_at=request.store.clock(),
        client_ip=request.client_ip,
        sdk_version=shown(request.header("unleash-sdk")),
        connection_id=shown(request.header("unleash-connection-id")),
        spec_version=shown(request.header("unleash-client-spec")),
        # The Node SDK sends the text "undefined" when it registers.
        interval_ms=to_interval_ms(interval, "") if _is_short_decimal(interval) else None,
    )


def registration_of(
    body: Any, origin: Origin, *, needs_instance: bool = False
) -> RegistrationReport:
    """What a registration says; entries of `strategies` that are no text are dropped, as in 3.x.

    With `needs_instance` it has to say which instance it is of.

    Raises: ValidationError.
    """
    document = object_at(body, "/body")
    app_name = to_name(present(document, "appName", "/body"), "/body/appName")
    if needs_instance:
        to_name(present(document, "instanceId", "/body"), "/body/instanceId")
    strategies = present(document, "strategies", "/body")
    present(document, "started", "/body")
    present(document, "interval", "/body")
    if not isinstance(strategies, list):
        refuse("The value must be a list.", "/body/strategies")
    if document.get("sdkVersion") == "":
        refuse("The text must not be empty.", "/body/sdkVersion")
    return registration_in(document, app_name, origin, "/body")


def registration_in(
    document: Object, app_name: str, origin: Origin, path: str
) -> RegistrationReport:
    """The registration in an object that stands at a path; nothing but its name has to be there.

    Raises: ValidationError.
    """
    strategies = document.get("strategies")
    if strategies is not None and not isinstance(strategies, list):
        refuse("The value must be a list.", f"{path}/strategies")
    started = document.get("started")
    interval_ms = to_interval_ms(document.get("interval"), f"{path}/interval")
    return RegistrationReport(
        **_common(document, app_name, origin, path),
        interval_ms=interval_ms if origin.interval_ms is None else origin.interval_ms,
        strategies=tuple(_strategy_names(cast("list[Any]", strategies or []))),
        started_at=None if started is None else to_time(started, f"{path}/started"),
    )


def usage_of(
    body: Any, origin: Origin, *, receipt: str | None, registers: bool = False
) -> UsageReport:
    """What a metrics body says; `receipt` is kept where it can tell a retry from news.

    `registers` as in UsageReport.

    A `bucket` of null, or none beside `impactMetrics`, tells only that the instance lives.

    Raises: ValidationError.
    """
    document = object_at(body, "/body")
    app_name = to_name(present(document, "appName", "/body"), "/body/appName")
    common = _common(document, app_name, origin, "/body")
    bucket = document.get("bucket")
    if bucket is None and ("bucket" in document or "impactMetrics" in document):
        return UsageReport(**common, interval_ms=origin.interval_ms, stop=origin.received_at)
    bucket = object_at(present(document, "bucket", "/body"), "/body/bucket")
    start = present(bucket, "start", "/body/bucket")
    stop = present(bucket, "stop", "/body/bucket")
    toggles = present(bucket, "toggles", "/body/bucket")
    to_time(start, "/body/bucket/start")
    return UsageReport(
        **common,
        interval_ms=origin.interval_ms,
        stop=to_time(stop, "/body/bucket/stop"),
        toggles=_toggles(toggles, "/body/bucket/toggles"),
        receipt=receipt if document.get("instanceId") is not None else None,
        registers=registers,
    )


def _common(document: Object, app_name: str, origin: Origin, path: str) -> dict[str, Any]:
    def described(key: str) -> str | None:
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
        "sdk_version": described("sdkVersion") or origin.sdk_version,
        "connection_id": described("connectionId") or origin.connection_id,
        "platform_name": described("platformName"),
        "platform_version": described("platformVersion"),
        "yggdrasil_version": described("yggdrasilVersion"),
        "spec_version": described("specVersion") or origin.spec_version,
        "client_ip": origin.client_ip,
        "received_at": origin.received_at,
    }


def _strategy_names(strategies: list[Any]) -> list[str]:
    names = (name for name in strategies if isinstance(name, str) and fits(name))
    return list(dict.fromkeys(names))[:MAX_STRATEGIES]


def _toggles(value: Any, path: str) -> dict[str, ToggleCounts]:
    """The counts by toggle; names that are empty or too long to keep are dropped."""
    return {
        name: _counts(counts, name, path)
        for name, counts in object_at(value, path).items()
        if fits(name)
    }


def _counts(value: Any, name: str, path: str) -> ToggleCounts:
    # The usual case first: this runs for each toggle of each report.
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
    """The counts in an object that stands at a path.

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
    for kept, (name, count) in enumerate(variants.items()):
        number = _count(count, f"{path}/{pointer(name)}")
        if fits(name) and kept < MAX_VARIANTS:
            yield name, number


def _count(value: Any, path: str) -> int:
    return min(to_count(value, path), MAX_COUNT)


def object_at(value: Any, path: str) -> Object:
    """A value that must be an object.

    Raises: ValidationError.
    """
    if not isinstance(value, dict):
        refuse("The value must be an object.", path)
    return cast(Object, value)


def fits(name: str) -> bool:
    """Whether the name of a toggle, a variant or a strategy can be kept."""
    return 0 < len(name) <= MAX_NAME_BYTES and (
        name.isascii() or len(name.encode()) <= MAX_NAME_BYTES
    )


def _is_short_decimal(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
