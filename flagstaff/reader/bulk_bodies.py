"""Convert the reports in the journal to the bodies of `/api/client/metrics/bulk`."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, structs

from store.http_times import format_time
from store.usage.reports import (
    AnyReport,
    RegistrationReport,
    ToggleCounts,
    UsageReport,
    encode_report,
)

# The primary refuses bodies of more than 1,000,000 bytes.
MAX_PART_BYTES = 200_000
_RECEIPT_BYTES = 80
_INSTANCE_BYTES = 1_000

Json: TypeAlias = dict[str, Any]
# Returns the key of the token with which counts of a toggle are sent; None if there is no token.
SenderOf: TypeAlias = Callable[[str, str | None], str | None]


class Part(Struct):
    """A part of a report that is sent in one piece.

    `index` is the position of the report in its row. `sender` is the key of the token that sends
    the part; None if there is no token. `report` is what must be kept if only this part fails.
    `receipt` is that of all counts in the part, and empty for registrations.
    """

    index: int
    sender: str | None
    report: AnyReport
    size: int = 0
    receipt: str = ""
    applications: list[Json] = []
    metrics: list[Json] = []


def parts_of(reports: Sequence[AnyReport], row: str, sender_of: SenderOf) -> Iterator[Part]:
    """Convert the reports of the journal row named `row`.

    The same reports of the same row always have the same parts with the same receipts, so the
    primary counts them once.
    """
    seen: Counter[bytes] = Counter()
    for index, report in enumerate(reports):
        if isinstance(report, RegistrationReport):
            entry = _registration(report)
            size = len(msgspec.json.encode(entry))
            sender = sender_of(report.environment, None)
            yield Part(index, sender, report, size, applications=[entry])
            continue
        if report.receipt is None:
            encoded = encode_report(report)
            seen[encoded] += 1
            named = f"{row}\0{seen[encoded]}\0".encode() + encoded
            report = structs.replace(report, receipt=hashlib.sha256(named).hexdigest())
        yield from _usage(index, report, sender_of)


def body_of(parts: Sequence[Part]) -> Json:
    """Join parts into one body."""
    return {
        "applications": [entry for part in parts for entry in part.applications],
        "metrics": [entry for part in parts for entry in part.metrics],
    }


def _usage(index: int, report: UsageReport, sender_of: SenderOf) -> Iterator[Part]:
    """Yield the parts of a report.

    If some parts are sent and others are kept, the parts of the rest have the same receipts,
    because a receipt depends on the first toggle of its part.
    """
    open_parts: dict[str | None, Part] = {}
    for name, counts in report.toggles.items():
        sender = sender_of(report.environment, name)
        entry = _counts(report, name, counts)
        size = len(msgspec.json.encode(entry)) + _RECEIPT_BYTES
        part = open_parts.get(sender)
        if part is not None and part.size + size > MAX_PART_BYTES:
            yield part
            part = None
        if part is None:
            kept = structs.replace(report, toggles={})
            receipt = hashlib.sha256(f"{report.receipt}\0{name}".encode()).hexdigest()
            part = open_parts[sender] = Part(index, sender, kept, _INSTANCE_BYTES, receipt)
            entry |= _instance(report)
        entry["receipt"] = part.receipt
        assert isinstance(part.report, UsageReport)
        part.report.toggles[name] = counts
        part.metrics.append(entry)
        part.size += size
    yield from open_parts.values()


def _counts(report: UsageReport, name: str, counts: ToggleCounts) -> Json:
    entry: Json = {
        "featureName": name,
        "appName": report.app_name,
        "environment": report.environment,
        # The report may arrive at the primary much later than here.
        "timestamp": format_time(min(report.stop, report.received_at)),
        "yes": counts.yes,
        "no": counts.no,
    }
    if counts.variants:
        entry["variants"] = counts.variants
    return entry


def _registration(report: RegistrationReport) -> Json:
    return {
        "appName": report.app_name,
        "environment": report.environment,
        "strategies": report.strategies,
        "started": None if report.started_at is None else format_time(report.started_at),
        "interval": report.interval_ms,
        **_instance(report),
    }


def _instance(report: AnyReport) -> Json:
    """Return the keys that describe an instance."""
    if report.instance_id is None:
        return {}
    keys = {
        "instanceId": report.instance_id,
        "connectionId": report.connection_id,
        "sdkVersion": report.sdk_version,
        "platformName": report.platform_name,
        "platformVersion": report.platform_version,
        "yggdrasilVersion": report.yggdrasil_version,
        "specVersion": report.spec_version,
    }
    return {key: value for key, value in keys.items() if value is not None}
