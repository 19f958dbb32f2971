"""Metrics bodies in the form in which SDKs usually send them, read in one step."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

from rest_compat.sdk.bodies import MAX_NAME_BYTES, MAX_VARIANTS, Origin
from rest_compat.sdk.conversions import MAX_NAME_LENGTH, MAX_TEXT_LENGTH, to_time
from store.metrics.reports import DEFAULT_INSTANCE, MAX_COUNT, ToggleCounts, UsageReport

_Count: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_COUNT)]
_Counted: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_NAME_BYTES)]
_Shown: TypeAlias = Annotated[str, Meta(max_length=MAX_TEXT_LENGTH)] | None


class _Counts(ToggleCounts, frozen=True, omit_defaults=True, gc=False, forbid_unknown_fields=True):
    yes: _Count = 0
    no: _Count = 0
    variants: Annotated[dict[_Counted, _Count], Meta(max_length=MAX_VARIANTS)] = {}  # noqa: RUF012 (msgspec copies it)


class _Bucket(Struct, forbid_unknown_fields=True):
    start: str
    stop: str
    toggles: dict[_Counted, _Counts]


class _Body(Struct, rename="camel", forbid_unknown_fields=True):
    app_name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME_LENGTH)]
    bucket: _Bucket
    instance_id: Annotated[str, Meta(max_length=MAX_NAME_LENGTH)] | None = None
    environment: str | None = None
    sdk_version: _Shown = None
    connection_id: _Shown = None
    platform_name: _Shown = None
    platform_version: _Shown = None
    yggdrasil_version: _Shown = None
    spec_version: _Shown = None


_decode = msgspec.json.Decoder(_Body).decode


def plain_usage_of(body: bytes, origin: Origin, *, receipt: str) -> UsageReport | None:
    """What `usage_of` makes of a body, in a fifth of the time; None for those that have anything
    unusual about them, such as a fault, an unknown key or a letter beyond ASCII.

    Raises: ValidationError: a time cannot be read.
    """
    # Without escapes and DEL no text can hold a control character, and bytes are characters.
    if not body.isascii() or b"\\" in body or b"\x7f" in body:
        return None
    try:
        told = _decode(body)
    except msgspec.DecodeError:
        return None
    bucket = told.bucket
    to_time(bucket.start, "/body/bucket/start")
    return UsageReport(
        app_name=told.app_name,
        instance_id=told.instance_id or DEFAULT_INSTANCE,
        environment=origin.environment,
        sdk_version=told.sdk_version or origin.sdk_version,
        connection_id=told.connection_id or origin.connection_id,
        platform_name=told.platform_name or None,
        platform_version=told.platform_version or None,
        yggdrasil_version=told.yggdrasil_version or None,
        spec_version=told.spec_version or origin.spec_version,
        interval_ms=origin.interval_ms,
        client_ip=origin.client_ip,
        received_at=origin.received_at,
        stop=to_time(bucket.stop, "/body/bucket/stop"),
        toggles=bucket.toggles,  # pyright: ignore[reportArgumentType] # nobody changes the dict, which its type does not say
        receipt=receipt if told.instance_id is not None else None,
    )
