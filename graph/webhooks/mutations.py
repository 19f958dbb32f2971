"""Mutations on webhooks."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.context import Info
from graph.enums import EventType, WebhookFormat
from graph.ids import decode_id, encode_id, number_of_key
from graph.input_fields import changes_of, expected_revision_field, new_fields
from graph.payload import (
    Payload,
    change,
    deleted_id_field,
    mutation,
    mutation_with_info,
    typed_as,
)
from graph.webhooks.type import Webhook, WebhookDelivery
from store import model
from store.errors import InvalidError, WrongStateError, refuse
from store.operations import webhooks
from store.operations.fields import WebhookFields
from store.unit_of_work import UnitOfWork
from store.webhooks.deliveries import Delivery

_URL = (
    "The URL to which events are sent, with http:// or https://. Private addresses need the "
    "setting `FLAGSTAFF_WEBHOOK_NETWORKS`."
)
_TYPES = "The types of events to send; null means all types."
_PROJECTS = (
    "The names of the projects whose events to send; empty means all. Events that concern no "
    "project are always sent."
)
_ENVIRONMENTS = (
    "The names of the environments whose events to send; empty means all. Events that concern all "
    "environments are always sent."
)


@strawberry.input(description="The fields of a new webhook.")
class WebhookCreateInput:
    name: str = strawberry.field(description="The display name.")
    description: str = strawberry.field(default="", description="The purpose of the webhook.")
    receiver_url: str = strawberry.field(description=_URL)
    format: WebhookFormat = strawberry.field(
        default=WebhookFormat.GENERIC, description="The format of the requests' bodies."
    )
    event_types: list[EventType] | None = strawberry.field(default=None, description=_TYPES)
    projects: list[str] = strawberry.field(default_factory=list, description=_PROJECTS)
    environments: list[str] = strawberry.field(default_factory=list, description=_ENVIRONMENTS)
    enabled: bool = strawberry.field(default=True, description="Whether to send events.")


@strawberry.input(description="Changes to a webhook; omitted fields stay unchanged.")
class WebhookUpdateInput:
    id: strawberry.ID = strawberry.field(description="The webhook to change.")
    name: Maybe[str | None] = strawberry.field(description="The display name.")
    description: Maybe[str | None] = strawberry.field(description="The purpose of the webhook.")
    receiver_url: Maybe[str | None] = strawberry.field(description=_URL)
    format: Maybe[WebhookFormat | None] = strawberry.field(
        description="The format of the requests' bodies."
    )
    event_types: Maybe[list[EventType] | None] = strawberry.field(description=_TYPES)
    projects: Maybe[list[str] | None] = strawberry.field(description=_PROJECTS)
    environments: Maybe[list[str] | None] = strawberry.field(description=_ENVIRONMENTS)
    enabled: Maybe[bool | None] = strawberry.field(
        description=(
            "Whether to send events. A webhook that is enabled again gets only later events, and "
            "the deliveries that were already waiting."
        )
    )
    rotate_secret: bool = strawberry.field(
        default=False, description="Whether to replace the secret by a new one."
    )
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The webhook to delete.")
class WebhookDeleteInput:
    id: strawberry.ID = strawberry.field(description="The webhook to delete.")


@strawberry.input(description="The webhook to test.")
class WebhookTestInput:
    id: strawberry.ID = strawberry.field(description="The webhook to test.")


@strawberry.type(description="The outcome of creating a webhook.")
class WebhookCreatePayload(Payload):
    webhook: model.Webhook | None = typed_as(
        Webhook, "The new webhook, null if it could not be created."
    )
    secret: str | None = typed_as(
        str,
        "The secret with which the receiver checks signatures. No other field returns it. Null if "
        "no webhook was created.",
    )


@strawberry.type(description="The outcome of changing a webhook.")
class WebhookUpdatePayload(Payload):
    webhook: model.Webhook | None = typed_as(
        Webhook, "The webhook after the change, null if the change was refused."
    )
    secret: str | None = typed_as(
        str, "The new secret, null if it was not replaced. No other field returns it."
    )


@strawberry.type(description="The outcome of deleting a webhook.")
class WebhookDeletePayload(Payload):
    deleted_id: strawberry.ID | None = deleted_id_field("webhook")


@strawberry.type(description="The outcome of testing a webhook.")
class WebhookTestPayload(Payload):
    delivery: Delivery | None = typed_as(
        WebhookDelivery,
        "The delivery that the test has sent, with the receiver's answer; null on errors.",
    )


def _values(types: Sequence[EventType] | None) -> tuple[str, ...] | None:
    return None if types is None else tuple(dict.fromkeys(type.value for type in types))


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


_FORMS = {"event_types": _values, "projects": _names, "environments": _names}


def _key(id: str) -> int:
    """Return the key of the webhook in an input.

    Raises: Refusal: the ID is not the global ID of a webhook.
    """
    try:
        key = number_of_key(decode_id(id, "Webhook", path=("id",)))
    except InvalidError as error:
        refuse(error)
    return -1 if key is None else key


@mutation
async def webhook_create(
    work: UnitOfWork,
    input: Annotated[WebhookCreateInput, argument(description="The fields of the new object.")],
) -> WebhookCreatePayload:
    """Create a webhook, which gets all later events."""
    webhook = await webhooks.create_webhook(work, new_fields(WebhookFields, input, _FORMS))
    return WebhookCreatePayload(webhook=webhook, secret=webhook.signing_secret)


@mutation
async def webhook_update(
    work: UnitOfWork,
    input: Annotated[WebhookUpdateInput, argument(description="The changes.")],
) -> WebhookUpdatePayload:
    """Change a webhook, or replace its secret."""
    key = _key(input.id)
    with changes_of(input, WebhookFields, forms=_FORMS, nullable=("event_types",)) as fields:
        webhook = await webhooks.update_webhook(
            work,
            key,
            fields,
            rotate_secret=input.rotate_secret,
            expected_revision=input.expected_revision,
        )
    secret = webhook.signing_secret if input.rotate_secret else None
    return WebhookUpdatePayload(webhook=webhook, secret=secret)


@mutation
async def webhook_delete(
    work: UnitOfWork,
    input: Annotated[WebhookDeleteInput, argument(description="The webhook.")],
) -> WebhookDeletePayload:
    """Delete a webhook with its deliveries, including those that are waiting."""
    webhook = await webhooks.delete_webhook(work, _key(input.id))
    return WebhookDeletePayload(deleted_id=encode_id("Webhook", webhook.id))


@mutation_with_info
async def webhook_test(
    info: Info,
    input: Annotated[WebhookTestInput, argument(description="The webhook.")],
) -> WebhookTestPayload:
    """Send an event of the type WEBHOOK_TESTED to an enabled webhook, and wait for the answer.

    The webhook gets this event regardless of the types of events that it selects. The test is not
    repeated.
    """
    store = info.context.store
    if not store.webhooks.can_send:
        refuse(WrongStateError("This process does not send webhooks."))
    async with change(info) as work:
        webhook = await webhooks.record_test(work, _key(input.id))
    delivery = await store.webhooks.test(webhook, work.revision)
    return WebhookTestPayload(delivery=delivery)
