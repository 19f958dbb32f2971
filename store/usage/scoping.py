"""What of a report its sender may report."""

import logging
import time
from collections.abc import Iterable, Set
from datetime import timedelta

from msgspec import UNSET, structs

from store.identity import Principal
from store.usage.reports import DISABLED_VARIANT, AnyReport, ToggleCounts, UsageReport
from store.model import ApiTokenType
from store.snapshot import Snapshot

LOG_INTERVAL_S = 60.0
# Names of variants that their toggles do not have, which a report may have counted by name. Each
# one makes rows of its own.
MAX_UNDEFINED_VARIANTS = 500
# How long before its arrival a frontend's report may have ended. Each minute, hour and day that
# counts come for makes rows of its own.
MAX_FRONTEND_DELAY = timedelta(minutes=5)

_NO_VARIANTS = frozenset({DISABLED_VARIANT})
_log = logging.getLogger(__name__)


class ReportScope:
    """Limits reports to what their token reads, and logs once a minute what was left out."""

    def __init__(self) -> None:
        self._next_log = 0.0

    def limit(
        self, principal: Principal, snapshot: Snapshot, reports: Iterable[AnyReport]
    ) -> list[AnyReport]:
        """Reports without the counts of toggles outside of the token's projects.

        Names of variants that a toggle does not have are limited, and counted in sum beyond.
        Frontend tokens are public: of all names that nobody defined they report a sum only, and
        what they report late counts as of five minutes ago.
        """
        if principal.type is ApiTokenType.FRONTEND:
            return [
                self._frontend_report(principal, snapshot, it)
                if isinstance(it, UsageReport)
                else it
                for it in reports
            ]
        left = MAX_UNDEFINED_VARIANTS
        limited: list[AnyReport] = []
        for report in reports:
            if isinstance(report, UsageReport):
                if principal.projects:
                    report = self._limited(principal, snapshot, report, False)
                report, left = _with_few_variants(report, snapshot, left)
            limited.append(report)
        return limited

    def _frontend_report(
        self, principal: Principal, snapshot: Snapshot, report: UsageReport
    ) -> UsageReport:
        report = self._limited(principal, snapshot, report, True)
        report, _ = _with_few_variants(report, snapshot, 0)
        earliest = report.received_at - MAX_FRONTEND_DELAY
        return report if report.stop >= earliest else structs.replace(report, stop=earliest)

    def _limited(
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
            "The token %s reports usage of %r, which is in none of its projects; such usage is "
            "not counted",
            principal.token.id if principal.token else "",
            name,
        )


def _with_few_variants(
    report: UsageReport, snapshot: Snapshot, most: int
) -> tuple[UsageReport, int]:
    """A report with at most so many names of variants that their toggles do not have, and how many
    more there may be. The counts of further ones are added to those of names that are not kept."""
    limited: dict[str, ToggleCounts] = {}
    unnamed = 0
    for name, counts in report.toggles.items():
        if not counts.variants:
            continue
        defined = _variants_of(snapshot, name, report.environment)
        if counts.variants.keys() <= defined:
            continue
        undefined = counts.variants.keys() - defined
        if len(undefined) <= most:
            most -= len(undefined)
            continue
        kept: dict[str, int] = {}
        for variant, count in counts.variants.items():
            if variant not in undefined:
                kept[variant] = count
            elif most:
                kept[variant] = count
                most -= 1
            else:
                unnamed += count
        limited[name] = structs.replace(counts, variants=kept)
    if not limited:
        return report, most
    toggles = {**report.toggles, **limited}
    return structs.replace(report, toggles=toggles, unnamed=report.unnamed + unnamed), most


def _variants_of(snapshot: Snapshot, toggle_name: str, environment: str) -> Set[str]:
    """The names of all variants that a toggle may hand out in an environment."""
    toggle = snapshot.toggles.get(toggle_name)
    if toggle is None:
        return _NO_VARIANTS
    known: dict[tuple[str, str], Set[str]] = snapshot.memo.setdefault(_variants_of, {})
    names = known.get((toggle_name, environment))
    if names is None:
        configured = toggle.in_environment(environment)
        lists = [source.variants for source in (configured, *configured.strategies)]
        defined = {it.name for variants in lists if variants is not UNSET for it in variants or ()}
        names = known[toggle_name, environment] = _NO_VARIANTS | defined
    return names
