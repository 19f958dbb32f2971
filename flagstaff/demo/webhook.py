"""The webhook of the example, and the answers that its receiver gave to tests."""

from datetime import timedelta

from flagstaff.demo.installation import PRODUCTION
from store.events import Event, EventType
from store.model import Webhook, WebhookFormat
from store.operations.fields import WebhookFields
from store.webhooks.deliveries import Outcome

# The webhook is younger than the last change of the history.
WEBHOOK_AGE = timedelta(hours=1)
WEBHOOK_PERSON = "mira"
WEBHOOK = WebhookFields(
    name="#shop-releases",
    description="The team's channel. Switched off, because the example sends nothing.",
    receiver_url="https://hooks.slack.example/services/T000/B000",
    format=WebhookFormat.SLACK,
    event_types=(EventType.TOGGLE_ENABLED.value, EventType.TOGGLE_DISABLED.value),
    environments=(PRODUCTION,),
)
ATTEMPTS = (
    Outcome(status=404, error="The receiver answered 404.", duration_ms=212),
    Outcome(status=200, duration_ms=187),
)


class AttemptsInOrder:
    """Sends nothing, and reports the outcomes of the example one after the other."""

    def __init__(self) -> None:
        self._outcomes = iter(ATTEMPTS)

    async def __call__(
        self, webhook: Webhook, delivery_id: str, event: Event, /, *, limit_s: float
    ) -> Outcome:
        """Report the next outcome."""
        return next(self._outcomes)
