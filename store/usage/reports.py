"""Reports of SDKs, as the journal stores them until they are aggregated."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

import msgspec
from msgspec import Struct

# The largest exact JSON number. Sums stop at this number instead of overflowing.
MAX_SUM = 2**53 - 1
# The maximum of one count in a report, far above any real count. The sum of millions of such
# reports fits into the 64-bit integers of databases.
MAX_COUNT = 2**40

DEFAULT_INSTANCE = "default"
# The variant that SDKs report if a toggle returned no variant.
DISABLED_VARIANT = "disabled"


# The garbage collector does not track these structs. A report contains dozens of them, and they
# cannot be part of a reference cycle.
class ToggleCounts(Struct, frozen=True, omit_defaults=True, gc=False):
    """How often a toggle was answered with yes, with no, and with each of its variants.

    All counts are from 0 to MAX_COUNT. `yes` and `no` do not include counts of variants.
    """

    yes: int = 0
    no: int = 0
    variants: dict[str, int] = {}

    @property
    def answers(self) -> tuple[int, int]:
        """How often the toggle was answered with yes and with no.

        A variant counts as yes, but the variant `disabled` counts as no (rest-contract.md, "Metrics
        and applications, 3.x").
        """
        disabled = self.variants.get(DISABLED_VARIANT, 0)
        return self.yes + sum(self.variants.values()) - disabled, self.no + disabled

    @property
    def total(self) -> int:
        """The sum of all counts.

        3.x computes `metricsCount` in this way (rest-contract.md, "Metrics and applications, 3.x").
        """
        return self.yes + self.no + sum(self.variants.values())


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields that all reports have. They describe the instance that sent the report.

    `received_at` is a time of this server's clock. `instance_id` is None if the report does not
    come from one particular instance.
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
    """The answers that an instance got until `stop`, a time of the instance's own clock.

    Reports with the same `receipt` are repetitions of one report and count once. If `registers` is
    true and the report names an existing toggle, the report also registers its application.
    Applications in browsers, for example, never register themselves. `unnamed` is the sum of all
    counts of names that are not stored.
    """

    stop: datetime
    toggles: dict[str, ToggleCounts] = {}
    unnamed: int = 0
    receipt: str | None = None
    registers: bool = False


class RegistrationReport(Report, frozen=True, kw_only=True, omit_defaults=True, tag="registration"):
    """The start of an instance, and the strategies that its SDK implements."""

    strategies: tuple[str, ...] = ()
    started_at: datetime | None = None


AnyReport: TypeAlias = UsageReport | RegistrationReport

# The maximum number of names of toggles and variants to process on the event loop. More names would
# block the event loop for too long.
MAX_NAMES_AT_ONCE = 1_000

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[AnyReport])


def have_many_names(reports: Iterable[AnyReport]) -> bool:
    """Whether reports have more names than MAX_NAMES_AT_ONCE."""
    names = 0
    for report in reports:
        if isinstance(report, UsageReport):
            names += len(report.toggles)
            for counts in report.toggles.values():
                names += len(counts.variants)
    return names > MAX_NAMES_AT_ONCE


def encode_reports(reports: Iterable[AnyReport]) -> bytes:
    """Encode reports as the items of a JSON array, without its brackets."""
    return b",".join(map(encode_report, reports))


def encode_report(report: AnyReport) -> bytes:
    """Encode a report as JSON."""
    return _encoder.encode(report)


def join_reports(encoded: Iterable[bytes]) -> str:
    """Join encoded reports into one JSON array."""
    return (b"[" + b",".join(encoded) + b"]").decode()


def decode_reports(text: str) -> list[AnyReport]:
    """Decode the result of `join_reports`.

    Raises: msgspec.ValidationError, msgspec.DecodeError.
    """
    return _decoder.decode(text)
