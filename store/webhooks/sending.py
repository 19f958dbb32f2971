"""Send the waiting deliveries of one webhook."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Protocol

from store.clock_skew import read_clock
from store.database import Database
from store.events import Event
from store.events_log import events_by_number
from store.model import Webhook
from store.operations.strings import display
from store.webhooks.deliveries import Delivery, DeliveryState, Outcome
from store.webhooks.queue import (
    LEASE,
    claim,
    has_work,
    next_turn,
    release,
    settle,
    state_after,
)

# The maximum time between the claim of a queue and the start of attempts. Attempts take at most
# `ATTEMPT_S`, so they end before the lease does.
MAX_DELAY_S = 4.0
# The maximum time of one attempt.
ATTEMPT_S = 10.0
# The time for which closing waits for attempts. Cancelled attempts are repeated later.
CLOSING_S = 1.0

assert LEASE.total_seconds() > MAX_DELAY_S + ATTEMPT_S

_EVENT_GONE = "The event is no longer in the audit log."
_FAULT = "A fault of the server prevented it; the server's log has the details."

_log = logging.getLogger(__name__)


class Send(Protocol):
    """Makes one attempt to send a delivery."""

    async def __call__(
        self, webhook: Webhook, delivery_id: str, event: Event, /, *, limit_s: float
    ) -> Outcome:
        """Send an event with its documents within `limit_s` seconds.

        Failures of the receiver are outcomes, not exceptions.
        """
        ...


class Sending:
    """Sends the deliveries of one webhook while the webhook is enabled.

    `current` returns the webhook, or None if nothing may be sent to it. Leases have `holder` as the
    name of this process. Each attempt is counted in `attempts`.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        send: Send,
        *,
        webhook_id: int,
        current: Callable[[], Webhook | None],
        holder: str,
        closing: asyncio.Event,
        attempts: Counter[DeliveryState],
    ) -> None:
        self._database = database
        self._clock = clock
        self._send = send
        self._webhook_id = webhook_id
        self._current = current
        self._holder = holder
        self._closing = closing
        self._attempts = attempts
        self._failing = False

    async def run(self) -> float | None:
        """Send all deliveries that are due; return the time until the next is due, in seconds.

        Return None if no delivery waits, or if nothing may be sent any more.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        webhook = self._current()
        if webhook is None:
            return None
        async with self._database.begin_read() as connection:
            if not await has_work(connection, webhook):
                return None
        outcomes: Sequence[tuple[Delivery, Outcome]] = ()
        while True:
            began_at = monotonic()
            async with self._database.begin_write() as connection:
                now = await read_clock(self._clock, connection)
                if outcomes:
                    await settle(connection, self._webhook_id, outcomes, now)
                webhook = self._current()
                if webhook is None or self._closing.is_set():
                    await release(connection, self._webhook_id, self._holder, now)
                    return None
                claimed_until = await claim(self._database, connection, webhook, self._holder, now)
                if claimed_until is not None:
                    return _seconds(now, claimed_until)
                turn = await next_turn(connection, webhook, now)
                if not turn.due:
                    await release(connection, self._webhook_id, self._holder, now)
                    return None if turn.next_at is None else _seconds(now, turn.next_at)
            outcomes = ()
            if monotonic() - began_at < MAX_DELAY_S:
                outcomes = await self._attempt(webhook, turn.due)
                self._attempts.update(state_after(*each) for each in outcomes)
                self._log_change(webhook, outcomes)

    async def _attempt(
        self, webhook: Webhook, due: Sequence[Delivery]
    ) -> Sequence[tuple[Delivery, Outcome]]:
        """Send deliveries at the same time; omit the deliveries that closing has cancelled."""
        numbers = [delivery.event_number for delivery in due]
        async with self._database.begin_read() as connection:
            events = await events_by_number(connection, numbers)
        tasks = {
            asyncio.create_task(self._try(webhook, delivery, events)): delivery for delivery in due
        }
        closing = asyncio.create_task(self._closing.wait())
        pending = set(tasks)
        while pending and not self._closing.is_set():
            await asyncio.wait({*pending, closing}, return_when=asyncio.FIRST_COMPLETED)
            pending = {task for task in tasks if not task.done()}
        closing.cancel()
        if pending:
            _, pending = await asyncio.wait(pending, timeout=CLOSING_S)
        for task in pending:
            task.cancel()
        if pending:
            await asyncio.wait(pending)
        return [(each, task.result()) for task, each in tasks.items() if not task.cancelled()]

    async def _try(
        self, webhook: Webhook, delivery: Delivery, events: Mapping[int, Event]
    ) -> Outcome:
        event = events.get(delivery.event_number)
        if event is None:
            return Outcome(error=_EVENT_GONE, may_retry=False)
        try:
            return await self._send(webhook, delivery.id, event, limit_s=ATTEMPT_S)
        except Exception:
            _log.exception("The delivery %s of webhook %d failed", delivery.id, webhook.id)
            return Outcome(error=_FAULT)

    def _log_change(self, webhook: Webhook, outcomes: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Log the first failure, and the first success after a failure."""
        errors = [outcome.error for _, outcome in outcomes if outcome.error is not None]
        if errors and not self._failing:
            _log.warning(
                "Webhook %d '%s' fails, and its deliveries will be tried again: %s",
                webhook.id,
                display(webhook.name),
                errors[0],
            )
        elif self._failing and outcomes and not errors:
            _log.info("Webhook %d '%s' works again", webhook.id, display(webhook.name))
        self._failing = bool(errors) or (self._failing and not outcomes)


def _seconds(now: datetime, then: datetime) -> float:
    return max((then - now).total_seconds(), 0.0)
