"""A fast parser for usage reports in the form that SDKs usually send."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

from rest_compat.sdk.bodies import MAX_NAME_BYTES, MAX_VARIANTS, Origin
from rest_compat.sdk.conversions import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH, to_time
from store.usage.reports import DEFAULT_INSTANCE, MAX_COUNT, ToggleCounts, UsageReport

_Count: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_COUNT)]
_Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_NAME_BYTES)]
_Description: TypeAlias = Annotated[str, Meta(max_length=MAX_DESCRIPTION_LENGTH)] | None


class _Counts(ToggleCounts, frozen=True, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    yes: _Count = 0
    no: _Count = 0
    variants: Annotated[dict[_Name, _Count], Meta(max_length=MAX_VARIANTS)] = {}  # noqa: RUF012 (msgspec copies it)


class _Bucket(Struct, forbid_unknown_fields=True):
    start: str
    stop: str
    toggles: dict[_Name, _Counts]


class _Body(Struct, rename="camel", forbid_unknown_fields=True):
    app_name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME_LENGTH)]
    bucket: _Bucket
    instance_id: Annotated[str, Meta(max_length=MAX_NAME_LENGTH)] | None = None
    environment: str | None = None
    sdk_version: _Description = None
    connection_id: _Description = None
    platform_name: _Description = None
    platform_version: _Description = None
    yggdrasil_version: _Description = None
    spec_version: _Description = None


_decode = msgspec.json.Decoder(_Body).decode


def plain_usage_of(body: bytes, origin: Origin, *, receipt: str) -> UsageReport | None:
    """Convert the body of a usage report.

    The result is the result of `usage_of`, but the conversion takes a fifth of the time.

    Return None for bodies with errors, unknown keys, escapes or non-ASCII characters.

    Raises: ValidationError: a time is invalid.
    """
    # A string without escapes and without DEL contains no control characters. In ASCII, the number
    # of bytes equals the number of characters.
    if not body.isascii() or b"\\" in body or b"\x7f" in body:
        return None
    try:
        report = _decode(body)
    except msgspec.DecodeError:
        return None
    bucket = report.bucket
    to_time(bucket.start, "/body/bucket/start")
    return UsageReport(
        app_name=report.app_name,
        instance_id=report.instance_id or DEFAULT_INSTANCE,
        environment=origin.environment,
        sdk_version=report.sdk_version or origin.sdk_version,
        connection_id=report.connection_id or origin.connection_id,
        platform_name=report.platform_name or None,
        platform_version=report.platform_version or None,
        yggdrasil_version=report.yggdrasil_version or None,
        spec_version=report.spec_version or origin.spec_version,
        interval_ms=origin.interval_ms,
        client_ip=origin.client_ip,
        received_at=origin.received_at,
        stop=to_time(bucket.stop, "/body/bucket/stop"),
        toggles=bucket.toggles,  # pyright: ignore[reportArgumentType] # nothing changes the dict, but its type is mutable
        receipt=receipt if report.instance_id is not None else None,
    )
