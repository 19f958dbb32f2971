"""What SDKs report, as the journal keeps it until it is folded."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

import msgspec
from msgspec import Struct

# What GraphQL can send as a JSON number without loss; sums stop there instead of overflowing.
MAX_SUM = 2**53 - 1
# The most that one count of one report adds. Nobody reaches it honestly, and millions of reports
# that do still fit the 64 bits in which databases add up many buckets.
MAX_COUNT = 2**40

DEFAULT_INSTANCE = "default"
# What SDKs call it when a toggle that is on has no variant to hand out.
DISABLED_VARIANT = "disabled"


# Made by the dozen for each report and never part of a cycle: nothing for the garbage collector.
class ToggleCounts(Struct, frozen=True, omit_defaults=True, gc=False):
    """How often one toggle was answered yes and no, and each of its variants handed out.

    All counts are from 0 to MAX_COUNT. Counts of variants stand apart from `yes` and `no`.
    """

    yes: int = 0
    no: int = 0
    variants: dict[str, int] = {}

    @property
    def answers(self) -> tuple[int, int]:
        """How often the answer was yes and no, where handing out a variant is a yes, and handing
        out `disabled` a no (rest-contract.md, "Metrics and applications, 3.x")."""
        disabled = self.variants.get(DISABLED_VARIANT, 0)
        return self.yes + sum(self.variants.values()) - disabled, self.no + disabled

    @property
    def total(self) -> int:
        """All counts together, as 3.x adds up `metricsCount`
        (rest-contract.md, "Metrics and applications, 3.x")."""
        return self.yes + self.no + sum(self.variants.values())


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every report tells of the instance that sent it; `received_at` is this server's time.

    Without an `instance_id` it tells of no single instance.
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
    """How often an instance asked for which toggles until `stop`, by the clock of its own machine.

    Reports with the same `receipt` are one report sent again, and are counted once. `registers`
    stands for applications that never register themselves, as those in browsers: the report does
    it for them if it names a toggle that exists. `unnamed` is the sum of all counts of names that
    are not kept.
    """

    stop: datetime
    toggles: dict[str, ToggleCounts] = {}
    unnamed: int = 0
    receipt: str | None = None
    registers: bool = False


class RegistrationReport(Report, frozen=True, kw_only=True, omit_defaults=True, tag="registration"):
    """That an instance started, and which strategies its SDK implements."""

    strategies: tuple[str, ...] = ()
    started_at: datetime | None = None


AnyReport: TypeAlias = UsageReport | RegistrationReport

# Names of toggles and variants that are handled at once; more take longer than the event loop may
# be held.
MAX_NAMES_AT_ONCE = 1_000

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[AnyReport])


def have_many_names(reports: Iterable[AnyReport]) -> bool:
    """Whether reports name more toggles and variants than are handled at once."""
    names = 0
    for report in reports:
        if isinstance(report, UsageReport):
            names += len(report.toggles)
            for counts in report.toggles.values():
                names += len(counts.variants)
    return names > MAX_NAMES_AT_ONCE


def encode_reports(reports: Iterable[AnyReport]) -> bytes:
    """Reports as they stand in a JSON array, without its brackets."""
    return b",".join(map(encode_report, reports))


def encode_report(report: AnyReport) -> bytes:
    """A report as JSON."""
    return _encoder.encode(report)


def join_reports(encoded: Iterable[bytes]) -> str:
    """Encoded reports as one JSON array."""
    return (b"[" + b",".join(encoded) + b"]").decode()


def decode_reports(text: str) -> list[AnyReport]:
    """The reports in what `join_reports` made.

    Raises: msgspec.ValidationError, msgspec.DecodeError.
    """
    return _decoder.decode(text)
