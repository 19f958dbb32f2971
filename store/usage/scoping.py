"""Limit reports to the scope of the reporting token."""

import logging
import time
from collections.abc import Iterable, Set
from datetime import timedelta

from msgspec import UNSET, structs

from store.identity import Principal
from store.model import ApiTokenType
from store.snapshot import Snapshot
from store.usage.reports import DISABLED_VARIANT, AnyReport, ToggleCounts, UsageReport

LOG_INTERVAL_S = 60.0
# At most this many undefined variants are counted by name, because each variant adds rows.
MAX_UNDEFINED_VARIANTS = 500
# The end of a frontend report is at most this time before the arrival of the report. Earlier ends
# would add rows: one row for each minute, hour and day with counts.
MAX_FRONTEND_DELAY = timedelta(minutes=5)

_NO_VARIANTS = frozenset({DISABLED_VARIANT})
_log = logging.getLogger(__name__)


class ReportScope:
    """Limits reports to the projects of the reporting token.

    At most once a minute, the scope logs the name of a removed toggle.
    """

    def __init__(self) -> None:
        self._next_log = 0.0

    def limit(
        self, principal: Principal, snapshot: Snapshot, reports: Iterable[AnyReport]
    ) -> list[AnyReport]:
        """Remove the counts of toggles outside of the token's projects, and limit other counts.

        Counts of undefined variants beyond MAX_UNDEFINED_VARIANTS are added to `unnamed`. Frontend
        tokens are public. Therefore all counts of undefined names in frontend reports are added to
        `unnamed`. If a frontend report ended more than MAX_FRONTEND_DELAY before its arrival, the
        function replaces the end with the earliest allowed time.
        """
        if principal.type is ApiTokenType.FRONTEND:
            return [
                self._limit_frontend_report(principal, snapshot, report)
                if isinstance(report, UsageReport)
                else report
                for report in reports
            ]
        remaining = MAX_UNDEFINED_VARIANTS
        limited: list[AnyReport] = []
        for report in reports:
            if isinstance(report, UsageReport):
                if principal.projects:
                    report = self._limit_toggles(principal, snapshot, report, False)
                report, remaining = _limit_variants(report, snapshot, remaining)
            limited.append(report)
        return limited

    def _limit_frontend_report(
        self, principal: Principal, snapshot: Snapshot, report: UsageReport
    ) -> UsageReport:
        report = self._limit_toggles(principal, snapshot, report, True)
        report, _ = _limit_variants(report, snapshot, 0)
        earliest = report.received_at - MAX_FRONTEND_DELAY
        return report if report.stop >= earliest else structs.replace(report, stop=earliest)

    def _limit_toggles(
        self, principal: Principal, snapshot: Snapshot, report: UsageReport, is_frontend: bool
    ) -> UsageReport:
        if not principal.projects and report.toggles.keys() <= snapshot.toggles.keys():
            return report
        toggles = dict(report.toggles)
        unnamed = 0
        for name, counts in report.toggles.items():
            toggle = snapshot.toggles.get(name)
            if toggle is None:
                if is_frontend:
                    unnamed += counts.total
                    del toggles[name]
            elif not principal.reads(toggle):
                self._log_foreign(principal, name)
                del toggles[name]
        if len(toggles) == len(report.toggles):
            return report
        return structs.replace(report, toggles=toggles, unnamed=report.unnamed + unnamed)

    def _log_foreign(self, principal: Principal, name: str) -> None:
        now = time.monotonic()
        if now < self._next_log:
            return
        self._next_log = now + LOG_INTERVAL_S
        _log.warning(
            "The token %s reports usage of %r, which is not in any of its projects; such usage is "
            "not counted",
            principal.token.id if principal.token else "",
            name,
        )


def _limit_variants(
    report: UsageReport, snapshot: Snapshot, remaining: int
) -> tuple[UsageReport, int]:
    """Limit a report to `remaining` undefined variants; add further counts to `unnamed`.

    Return the limited report and the number of undefined variants that later reports may contain.
    """
    limited: dict[str, ToggleCounts] = {}
    unnamed = 0
    for name, counts in report.toggles.items():
        if not counts.variants:
            continue
        defined = _variants_of(snapshot, name, report.environment)
        if counts.variants.keys() <= defined:
            continue
        undefined = counts.variants.keys() - defined
        if len(undefined) <= remaining:
            remaining -= len(undefined)
            continue
        variants: dict[str, int] = {}
        for variant, count in counts.variants.items():
            if variant not in undefined:
                variants[variant] = count
            elif remaining:
                variants[variant] = count
                remaining -= 1
            else:
                unnamed += count
        limited[name] = structs.replace(counts, variants=variants)
    if not limited:
        return report, remaining
    toggles = {**report.toggles, **limited}
    return structs.replace(report, toggles=toggles, unnamed=report.unnamed + unnamed), remaining


def _variants_of(snapshot: Snapshot, toggle_name: str, environment: str) -> Set[str]:
    """Return the names of all variants that a toggle can return in an environment."""
    toggle = snapshot.toggles.get(toggle_name)
    if toggle is None:
        return _NO_VARIANTS
    known: dict[tuple[str, str], Set[str]] = snapshot.memo.setdefault(_variants_of, {})
    names = known.get((toggle_name, environment))
    if names is None:
        configured = toggle.in_environment(environment)
        lists = [source.variants for source in (configured, *configured.strategies)]
        defined = {
            variant.name
            for variants in lists
            if variants is not UNSET
            for variant in variants or ()
        }
        names = known[toggle_name, environment] = _NO_VARIANTS | defined
    return names
