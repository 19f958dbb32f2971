"""What of a report its sender may report."""

import logging
import time
from collections.abc import Callable, Iterable

from msgspec import structs

from store.identity import Principal
from store.metrics.reports import AnyReport, UsageReport
from store.model import ApiTokenType
from store.snapshot import Snapshot

LOG_INTERVAL_S = 60.0

_log = logging.getLogger(__name__)


class ReportScope:
    """Limits reports to what their token reads, and logs once a minute what was left out."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._next_log = 0.0

    def limit(
        self, principal: Principal, snapshot: Snapshot, reports: Iterable[AnyReport]
    ) -> list[AnyReport]:
        """Reports without the counts of toggles outside of the token's projects.

        Frontend tokens are public, so of names that no toggle has they report a sum only.
        """
        is_frontend = principal.type is ApiTokenType.FRONTEND
        if not is_frontend and not principal.projects:
            return list(reports)
        return [
            self._limited(principal, snapshot, it, is_frontend)
            if isinstance(it, UsageReport)
            else it
            for it in reports
        ]

    def _limited(
        self, principal: Principal, snapshot: Snapshot, report: UsageReport, is_frontend: bool
    ) -> UsageReport:
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
        now = self._monotonic()
        if now < self._next_log:
            return
        self._next_log = now + LOG_INTERVAL_S
        _log.warning(
            "The token %s reports usage of %r, which is in none of its projects; such usage is "
            "not counted",
            principal.token.id if principal.token else "",
            name,
        )
