"""Send events to all webhooks in the background."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from store.clock_skew import read_clock
from store.database import Database
from store.errors import StoreUnavailableError, reason
from store.events import SubjectKind
from store.events_log import events_by_number, last_event_at
from store.model import Webhook
from store.random_ids import random_id
from store.snapshot import Snapshot
from store.webhooks.backlog import BacklogReader
from store.webhooks.deliveries import Delivery, DeliveryState, deliveries_by_id
from store.webhooks.queue import add_test
from store.webhooks.sending import Send, Sending

# After a failure of the database, sending waits for this time.
RETRY_S = 0.5
# The maximum time until this process notices work that no commit has announced, such as the work of
# a process that was killed.
LOOK_INTERVAL_S = 15.0
# The maximum time of a test, during which the caller of the GraphQL API waits.
TEST_S = 3.0

_log = logging.getLogger(__name__)


class Webhooks:
    """Sends each event to the webhooks that select it.

    Each enabled webhook has a task, so a slow receiver delays only its own deliveries. Without
    webhooks, nothing runs. Every process of an installation runs such tasks. A lease in the
    database lets one process at a time send the deliveries of a webhook.

    `attempts` counts the attempts of this process, without tests, by the state of the delivery
    afterwards. A delivery that will be tried again is waiting.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], snapshot: Callable[[], Snapshot]
    ) -> None:
        self._database = database
        self._clock = clock
        self._snapshot = snapshot
        self._send: Send | None = None
        self._holder = random_id()
        self._closing = asyncio.Event()
        self._started = False
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._news: dict[int, asyncio.Event] = {}
        self.attempts: Counter[DeliveryState] = Counter(dict.fromkeys(DeliveryState, 0))
        self.backlog = BacklogReader(database, snapshot)

    def use(self, send: Send) -> None:
        """Set the function that sends. Without this function, nothing is sent."""
        self._send = send
        self.wake()

    @property
    def can_send(self) -> bool:
        """Whether this process can send."""
        return self._send is not None

    def start(self) -> None:
        """Start sending in the background."""
        self._started = True
        self.wake()

    def wake(self) -> None:
        """Look for new events and webhooks at once; called after each commit."""
        webhooks = self._snapshot().webhooks
        if not webhooks or not self._started or self._send is None:
            return
        for webhook in webhooks.values():
            if webhook.enabled and webhook.id not in self._tasks:
                name = f"Sending to webhook {webhook.id}"
                self._news[webhook.id] = asyncio.Event()
                self._tasks[webhook.id] = asyncio.create_task(
                    self._work(webhook.id, self._send), name=name
                )
        for news in self._news.values():
            news.set()

    async def close(self) -> None:
        """Stop sending, and store the outcomes. Closing again does nothing."""
        self._started = False
        self._closing.set()
        for news in self._news.values():
            news.set()
        tasks = [*self._tasks.values()]
        if tasks:
            await asyncio.wait(tasks)

    async def test(self, webhook: Webhook, revision: int) -> Delivery:
        """Send the event of a test at once, and return the delivery, which is in the log.

        `revision` is the revision of the event, which `record_test` recorded.

        Raises: StoreUnavailableError: the database is unavailable.
        """
        assert self._send is not None, "the caller checks `can_send`"
        async with self._database.begin_read() as connection:
            found = await last_event_at(
                connection, SubjectKind.WEBHOOK, str(webhook.id), revision=revision
            )
            assert found is not None, "the event is committed"
            event = (await events_by_number(connection, [found.number]))[found.number]
        delivery_id = random_id()
        outcome = await self._send(webhook, delivery_id, event, limit_s=TEST_S)
        async with self._database.begin_write() as connection:
            now = await read_clock(self._clock, connection)
            await add_test(connection, webhook.id, delivery_id, event.number, outcome, now)
            return (await deliveries_by_id(connection, [delivery_id]))[delivery_id]

    def _enabled(self, webhook_id: int) -> Webhook | None:
        webhook = self._snapshot().webhooks.get(webhook_id)
        return webhook if webhook is not None and webhook.enabled else None

    async def _work(self, webhook_id: int, send: Send) -> None:
        """Send to a webhook until the webhook is disabled or deleted, or the process stops."""
        news = self._news[webhook_id]
        sending = Sending(
            self._database,
            self._clock,
            send,
            webhook_id=webhook_id,
            current=lambda: self._enabled(webhook_id),
            holder=self._holder,
            closing=self._closing,
            attempts=self.attempts,
        )
        failed = False
        while not self._closing.is_set() and self._enabled(webhook_id) is not None:
            news.clear()
            try:
                pause_s = await sending.run()
                failed = False
            except Exception as error:
                if not failed:
                    _log.error(
                        "Sending to webhook %d failed and will be tried again: %s",
                        webhook_id,
                        reason(error),
                        exc_info=not isinstance(error, StoreUnavailableError),
                    )
                failed, pause_s = True, RETRY_S
            limit_s = LOOK_INTERVAL_S if pause_s is None else min(pause_s, LOOK_INTERVAL_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), limit_s)
        del self._tasks[webhook_id], self._news[webhook_id]
