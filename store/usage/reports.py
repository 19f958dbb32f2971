"""Reports of SDKs, in the form that the journal stores until the aggregation."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

import msgspec
from msgspec import Struct

# All integers up to this number are exact in JSON. Sums stop at this number instead of overflowing.
MAX_SUM = 2**53 - 1
# One count in a report is at most this number, which is far above any real count. The sum of
# millions of such reports fits into the 64-bit integers of databases.
MAX_COUNT = 2**40

DEFAULT_INSTANCE = "default"
# If a toggle returned no variant, SDKs report this variant.
DISABLED_VARIANT = "disabled"


# With `gc=False`, the garbage collector does not track `ToggleCounts`. A report contains dozens of
# these structs. Tracking is unnecessary, because the structs cannot be part of a reference cycle.
class ToggleCounts(Struct, frozen=True, omit_defaults=True, gc=False):
    """The numbers of yes answers, of no answers, and of answers with each variant of a toggle.

    All counts are from 0 to MAX_COUNT. `yes` and `no` do not include counts of variants.
    """

    yes: int = 0
    no: int = 0
    variants: dict[str, int] = {}

    @property
    def answers(self) -> tuple[int, int]:
        """The number of "yes" answers, and the number of "no" answers.

        A variant counts as "yes", but the variant `disabled` counts as "no" (rest-contract.md,
        "Metrics and applications, 3.x").
        """
        disabled = self.variants.get(DISABLED_VARIANT, 0)
        return self.yes + sum(self.variants.values()) - disabled, self.no + disabled

    @property
    def total(self) -> int:
        """The sum of all counts.

        In 3.x, `metricsCount` is also this sum (rest-contract.md, "Metrics and applications, 3.x").
        """
        return self.yes + self.no + sum(self.variants.values())


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields that all reports have. The fields describe the instance that sent the report.

    `received_at` is a time on this server's clock. If no particular instance sent the report,
    `instance_id` is None.
    """

    app_name: str
    instance_id: str | None = DEFAULT_INSTANCE
    environment: str
    sdk_version: str | None = None
    connection_id: str | None = None
    platform_name: str | None = None
    platform_version: str | None = None
    yggdrasil_version: str | None = None
    spec_version: str | None = None
    interval_ms: int | None = None
    client_ip: str | None = None
    received_at: datetime


class UsageReport(Report, frozen=True, kw_only=True, omit_defaults=True, tag="usage"):
    """The answers that an instance got until `stop`.

    `stop` is a time on the clock of the instance. Reports with the same `receipt` are repetitions,
    so only one report is counted. If `registers` is true and the report names an existing toggle,
    the report also registers the application. Applications in browsers, for example, never register
    themselves. `unnamed` is the sum of all counts of names that are not stored.
    """

    stop: datetime
    toggles: dict[str, ToggleCounts] = {}
    unnamed: int = 0
    receipt: str | None = None
    registers: bool = False


class RegistrationReport(Report, frozen=True, kw_only=True, omit_defaults=True, tag="registration"):
    """The start of an instance, and the strategies that the instance's SDK implements."""

    strategies: tuple[str, ...] = ()
    started_at: datetime | None = None


AnyReport: TypeAlias = UsageReport | RegistrationReport

# The event loop processes at most this many names of toggles and variants. More names would block
# the event loop for too long.
MAX_NAMES_AT_ONCE = 1_000

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[AnyReport])


def have_many_names(reports: Iterable[AnyReport]) -> bool:
    """Whether reports contain more than MAX_NAMES_AT_ONCE names."""
    names = 0
    for report in reports:
        if isinstance(report, UsageReport):
            names += len(report.toggles)
            for counts in report.toggles.values():
                names += len(counts.variants)
    return names > MAX_NAMES_AT_ONCE


def encode_reports(reports: Iterable[AnyReport]) -> bytes:
    """Encode reports as the items of a JSON array, without the brackets of the array."""
    return b",".join(map(encode_report, reports))


def encode_report(report: AnyReport) -> bytes:
    """Encode a report as JSON."""
    return _encoder.encode(report)


def join_reports(encoded: Iterable[bytes]) -> str:
    """Join encoded reports into one JSON array."""
    return (b"[" + b",".join(encoded) + b"]").decode()


def decode_reports(joined: str) -> list[AnyReport]:
    """Decode the result of `join_reports`.

    Raises: msgspec.ValidationError, msgspec.DecodeError.
    """
    return _decoder.decode(joined)
