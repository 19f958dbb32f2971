"""Load the HTTP client only when the first delivery is sent."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from flagstaff.webhooks.addresses import AddressRules
from store.events import Event
from store.model import Webhook
from store.webhooks.deliveries import Outcome

if TYPE_CHECKING:
    from flagstaff.webhooks.sender import HttpSender


class SenderOnDemand:
    """An `HttpSender` that is created for the first delivery.

    Most installations have no webhooks, and importing the client takes time and memory.
    """

    def __init__(self, rules: AddressRules, clock: Callable[[], datetime]) -> None:
        self._rules = rules
        self._clock = clock
        self._sender: HttpSender | None = None

    async def __call__(
        self, webhook: Webhook, delivery_id: str, event: Event, /, *, limit_s: float
    ) -> Outcome:
        """Send an event; see `HttpSender`."""
        if self._sender is None:
            self._sender = await asyncio.to_thread(self._load)
        return await self._sender(webhook, delivery_id, event, limit_s=limit_s)

    def _load(self) -> "HttpSender":
        from flagstaff.webhooks.sender import HttpSender

        return HttpSender(self._rules, self._clock)
