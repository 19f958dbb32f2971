"""Forward the reports in the reader's journal to the primary."""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Sequence
from time import monotonic

from flagstaff.reader.bulk_bodies import Part, body_of, parts_of
from flagstaff.reader.state import ReaderState
from flagstaff.reader.upstream import (
    ReportsRefusedError,
    TokenRefusedError,
    Upstream,
    UpstreamError,
)
from store import Store
from store.errors import StoreUnavailableError, reason
from store.usage.reports import AnyReport

FORWARDING_INTERVAL_S = 1.0
MAX_RETRY_S = 10.0
# Rows that the primary refuses are sent again after this time, and other rows are sent meanwhile.
PARKED_S = 60.0
MAX_CHARACTERS = 250_000
# If the first parts of a refused body are refused as well, the others are not tried.
MAX_REFUSED = 3
# The primary accepts bodies of up to 1,000,000 bytes.
MAX_BODY_BYTES = 500_000

_log = logging.getLogger(__name__)


class Forwarder:
    """Sends the rows of the journal until it is cancelled, oldest first.

    A row is removed when the primary has stored its reports. If this process ends in between, the
    row is sent again with the same receipts, and the primary counts it once.
    """

    def __init__(self, store: Store, upstream: Upstream, state: ReaderState) -> None:
        self._store = store
        self._upstream = upstream
        self._state = state
        # Rows up to this ID have been sent or refused. Refused rows with greater IDs are parked.
        self._after = 0
        self._parked: set[int] = set()
        # When the first of the refused rows was refused (None if there are none), and how long all
        # of them wait.
        self._refused_at: float | None = None
        self._parked_s = PARKED_S
        self._failing = False

    async def run(self) -> None:
        """Forward every second. After failures, wait longer."""
        pause_s = FORWARDING_INTERVAL_S
        while True:
            try:
                while self._state.is_available and await self.forward():
                    self._failing = False
                await self._store.outgoing.count()
                pause_s = FORWARDING_INTERVAL_S
            except (UpstreamError, StoreUnavailableError) as error:
                is_known = isinstance(error, UpstreamError)
                if not self._failing:
                    message = str(error) if is_known else reason(error)
                    _log.warning("Reports wait in the journal: %s", message)
                self._failing = True
                asked_s = error.retry_after_s if isinstance(error, UpstreamError) else None
                pause_s = max(min(pause_s * 2, MAX_RETRY_S), asked_s or 0.0)
            except Exception:
                _log.exception("Forwarding reports failed and will be tried again")
                pause_s = MAX_RETRY_S
            await asyncio.sleep(pause_s * (0.75 + random.random() / 4))

    async def forward(self) -> bool:
        """Send some rows; return whether there may be more.

        Raises: UpstreamError: nothing more can be sent now. StoreUnavailableError.
        """
        if self._refused_at is not None and monotonic() - self._refused_at >= self._parked_s:
            self._after, self._refused_at = 0, None
            self._parked.clear()
        rows, last = await self._store.outgoing.read(
            max_characters=MAX_CHARACTERS, after=self._after, without=self._parked
        )
        if last is None:
            return False
        parts = await asyncio.to_thread(self._parts_of, rows)
        by_sender: defaultdict[str | None, list[tuple[int, Part]]] = defaultdict(list)
        receipts: set[tuple[str | None, str]] = set()
        for row_id, part in parts:
            # SDKs repeat a report whose answer they did not get. In one body, the counts of both
            # would be added up, because the counts of a body may share a receipt.
            receipt = (part.sender, part.receipt)
            if not part.receipt or receipt not in receipts:
                by_sender[part.sender].append((row_id, part))
                receipts.add(receipt)
        kept: list[tuple[int, Part]] = []
        left = dict(by_sender)
        try:
            for sender, sized in by_sender.items():
                kept += await self._send_all(sender, sized)
                del left[sender]
        finally:
            for unsent in left.values():
                kept += unsent
            await self._settle(rows, kept, len(parts))
            self._pass_over(last, {row_id for row_id, _ in kept})
        return True

    def _parts_of(self, rows: dict[int, list[AnyReport]]) -> list[tuple[int, Part]]:
        toggles = self._store.snapshot.toggles

        def sender_of(environment: str, toggle_name: str | None) -> str | None:
            toggle = toggles.get(toggle_name) if toggle_name is not None else None
            token = self._state.sender(environment, toggle.project if toggle else None)
            return token.secret if token else None

        return [
            (row_id, part)
            for row_id, reports in rows.items()
            for part in parts_of(reports, str(row_id), sender_of)
        ]

    async def _send_all(
        self, sender: str | None, parts: Sequence[tuple[int, Part]]
    ) -> list[tuple[int, Part]]:
        """Send parts with one token; return the parts that the primary refused.

        Raises: UpstreamError: the other parts were perhaps not stored.
        """
        if sender is None:
            environment = parts[0][1].report.environment
            self._park(parts, f"FLAGSTAFF_UPSTREAM_TOKENS has no token for '{environment}'.", None)
            return [*parts]
        refused: list[tuple[int, Part]] = []
        pending: list[tuple[int, Part]] = []
        for row_id, part in (*parts, (0, None)):
            size = sum(each.size for _, each in pending)
            if pending and (part is None or size + part.size > MAX_BODY_BYTES):
                refused += await self._send(sender, pending)
                pending = []
            if part is not None:
                pending.append((row_id, part))
        return refused

    async def _send(self, sender: str, parts: Sequence[tuple[int, Part]]) -> list[tuple[int, Part]]:
        try:
            await self._upstream.report(sender, body_of([part for _, part in parts]))
        except TokenRefusedError as error:
            self._park(parts, str(error), error.retry_after_s)
            return [*parts]
        except ReportsRefusedError as error:
            if len(parts) == 1:
                self._park(parts, str(error), error.retry_after_s)
                return [*parts]
            return await self._send_each(sender, parts, error)
        return []

    async def _send_each(
        self, sender: str, parts: Sequence[tuple[int, Part]], error: UpstreamError
    ) -> list[tuple[int, Part]]:
        """Send parts one by one, because only some may be refused; return the refused ones.

        Raises: UpstreamError: the first ones are all refused, so the primary may be overloaded.
        """
        refused: list[tuple[int, Part]] = []
        for number, one in enumerate(parts, 1):
            refused += await self._send(sender, [one])
            if number == len(refused) == MAX_REFUSED:
                raise UpstreamError(str(error), retry_after_s=error.retry_after_s)
        return refused

    def _park(
        self, parts: Sequence[tuple[int, Part]], problem: str, retry_after_s: float | None
    ) -> None:
        _log.warning("The primary refuses reports, which stay in the journal: %s", problem)
        # Later refusals must not put off the first rows again and again.
        if self._refused_at is None:
            self._refused_at, self._parked_s = monotonic(), PARKED_S
        self._parked_s = max(self._parked_s, retry_after_s or 0.0)
        self._parked.update(row_id for row_id, _ in parts)

    def _pass_over(self, last: int, kept: set[int]) -> None:
        """Continue after the row `last`, or with the first of the kept rows that is not parked."""
        waiting = kept - self._parked
        self._after = min(waiting) - 1 if waiting else last
        self._parked = {row_id for row_id in self._parked if row_id > self._after}

    async def _settle(
        self, rows: dict[int, list[AnyReport]], kept: list[tuple[int, Part]], sent: int
    ) -> None:
        if not rows or (sent and len(kept) == sent):
            return
        remaining: dict[int, list[AnyReport]] = {row_id: [] for row_id in rows}
        for row_id, part in kept:
            remaining[row_id].append(part.report)
        await self._store.outgoing.settle(remaining)
