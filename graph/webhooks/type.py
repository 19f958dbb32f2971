"""Webhooks without their secrets, and their deliveries."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from graph.context import Context, Info
from graph.engine.run.fields import REVISION, contextual, derived, or_empty, plain, resolved
from graph.enums import EventType, WebhookDeliveryState, WebhookFormat
from graph.events.event import Event
from graph.filtering import entries
from graph.loaders import Below
from graph.node import Node, id_field, shows
from graph.paging import (
    After,
    Before,
    Connection,
    CountedConnectionOf,
    EdgeOf,
    First,
    KeyNumber,
    Last,
    Ordering,
    page_arguments,
    window_of,
)
from graph.tokens.actor import Actor
from store import events, model
from store.webhooks import deliveries

_DELIVERIES = Ordering("deliveries", tuple[KeyNumber])


def _event_types(root: model.Webhook) -> Sequence[events.EventType] | None:
    return None if root.event_types is None else [*map(events.EventType, root.event_types)]


def _webhook(root: deliveries.Delivery, context: Context) -> model.Webhook | None:
    return context.snapshot.webhooks.get(root.webhook_id)


def _event(root: deliveries.Delivery, info: Info) -> Awaitable[events.Event | None]:
    return info.context.loaders.events.load(root.event_number)


def _next_attempt_at(root: deliveries.Delivery) -> datetime | None:
    return root.due_at if root.state is deliveries.DeliveryState.WAITING else None


def _parameters(root: model.Webhook) -> JSON | None:
    return None if root.addon is None else root.addon.parameters  # pyright: ignore[reportReturnType]


@strawberry.type(description="An event that was sent, or is to be sent, to a webhook.")
@shows(deliveries.Delivery)
class WebhookDelivery(Node):
    id: strawberry.ID = id_field(
        "WebhookDelivery", "id", "The globally unique ID of this delivery."
    )
    webhook_id: str = derived(
        lambda root: root.id, "The value of the header `webhook-id`, the same for all attempts."
    )
    webhook: Annotated["Webhook", strawberry.lazy("graph.webhooks.type")] | None = contextual(
        _webhook, "The webhook, null if it no longer exists.", reads=("webhooks",)
    )
    event: Event | None = resolved(_event, "The event, null if it is no longer in the audit log.")
    state: WebhookDeliveryState = plain("The state of the delivery.")
    is_test: bool = plain("Whether `webhookTest` sent the delivery.")
    attempts: int = plain("The number of attempts so far.")
    created_at: datetime = plain("When the delivery was added to the queue.")
    attempted_at: datetime | None = plain("When the last attempt ended, null before the first.")
    next_attempt_at: datetime | None = derived(
        _next_attempt_at,
        "When the next attempt is due, null if there is none. Earlier deliveries about the same "
        "toggle come first.",
    )
    status: int | None = plain(
        "The HTTP status of the receiver's last answer, null without an answer."
    )
    error: str | None = plain("Why the last attempt failed, null if it did not.")
    duration_ms: int | None = plain("The duration of the last attempt, in milliseconds.")


@strawberry.type(description="An edge with one delivery and its cursor.")
class WebhookDeliveryEdge(EdgeOf):
    node: WebhookDelivery = plain("The delivery at the end of the edge.")


@strawberry.type(description="A page of the deliveries of a webhook.")
class WebhookDeliveryConnection(CountedConnectionOf[WebhookDeliveryEdge, WebhookDelivery]):
    pass


async def _deliveries(
    root: model.Webhook,
    info: Info,
    states: Annotated[
        list[WebhookDeliveryState] | None,
        strawberry.argument(description="Return only deliveries in these states."),
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[deliveries.Delivery]:
    loaders = info.context.loaders
    window = window_of(page_arguments(first, after, last, before), _DELIVERIES)
    chosen = entries(states, "states")
    key, selected = str(root.id), None if chosen is None else frozenset(chosen)
    page = await loaders.delivery_pages.load(Below(key, (selected, window)))

    def count() -> Awaitable[int]:
        return loaders.delivery_counts.load(Below(key, (selected,)))

    return Connection(page, _DELIVERIES, deliveries.delivery_key, count)


@strawberry.type(
    description=(
        "A receiver to which the server sends events over HTTP. Each request is signed with a "
        "secret, which the server returns only when the webhook is created or the secret replaced."
    )
)
@shows(model.Webhook)
class Webhook(Node):
    id: strawberry.ID = id_field("Webhook", "id", "The globally unique ID of this webhook.")
    name: str = plain("The display name.")
    description: str = derived(or_empty("description"), "The purpose of the webhook.")
    receiver_url: str = plain("The URL to which events are sent. It may contain a secret.")
    format: WebhookFormat = plain("The format of the requests' bodies.")
    event_types: list[EventType] | None = derived(
        _event_types, "The types of events that are sent, null for all types."
    )
    projects: list[str] = plain(
        "The names of the projects whose events are sent; empty means all. Events that concern no "
        "project are always sent."
    )
    environments: list[str] = plain(
        "The names of the environments whose events are sent; empty means all. Events that concern "
        "all environments are always sent."
    )
    enabled: bool = plain(
        "Whether events are sent. Events that are recorded while a webhook is disabled are never "
        "sent to it."
    )
    parameters: JSON | None = derived(
        _parameters,
        "The parameters that a client of the addons API stored, such as a template. Null if no "
        "client did.",
    )
    deliveries: WebhookDeliveryConnection = resolved(
        _deliveries,
        "The waiting deliveries, and the last 200 that were delivered or have failed; newest "
        "first.",
    )
    created_at: datetime = plain("When the webhook was created.")
    created_by: Actor | None = plain("Who created the webhook, null if unknown.")
    revision: int = plain(REVISION)
