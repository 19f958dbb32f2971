"""Deliveries are signed requests; answers other than success are failures with a reason."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs

from flagstaff.webhooks.addresses import AddressRules
from flagstaff.webhooks.sender import HttpSender
from store.clock_skew import utc_now
from store.events import Event, EventType, SubjectKind
from store.model import SYSTEM, Addon, Toggle, Webhook, WebhookFormat
from tests.receiver import Receiver

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
LOOPBACK = AddressRules(["127.0.0.0/8"])
TOGGLE = Toggle(id="t-1", name="checkout", description='<"&">', created_at=NOW, updated_at=NOW)
EVENT = Event(
    number=7,
    revision=3,
    type=EventType.TOGGLE_CREATED,
    wire_type="feature-created",
    summary="Created toggle 'checkout' <&>.",
    subject_kind=SubjectKind.TOGGLE,
    subject_key="t-1",
    subject_name="checkout",
    toggle_id="t-1",
    toggle_name="checkout",
    project="default",
    actor=SYSTEM,
    state_after=TOGGLE,
    created_at=NOW,
)


def webhook(url: str, **fields: Any) -> Webhook:
    base = Webhook(id=1, name="a", receiver_url=url, signing_secret=SECRET, created_at=NOW)
    return structs.replace(base, **fields)


async def test_a_delivery_is_signed_and_contains_the_event():
    with Receiver() as receiver:
        outcome = await HttpSender(LOOPBACK, utc_now)(
            webhook(receiver.url), "d-1", EVENT, limit_s=10
        )

    (message,) = receiver.messages
    assert (outcome.status, outcome.error) == (204, None)
    assert (message.id, message.is_signed_with(SECRET)) == ("d-1", True)
    assert message.headers["content-type"] == "application/json"
    assert message.headers["host"] == receiver.url.split("/")[2]
    assert message.json["type"] == "TOGGLE_CREATED"
    assert (message.json["before"], message.json["after"]["name"]) == (None, "checkout")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, "The receiver answered 500: no, thanks"),
        (302, "The receiver answered 302, and redirects are not followed."),
        (0, "The receiver did not answer within 0 seconds."),
    ],
)
async def test_other_answers_are_failures(status: int, error: str):
    with Receiver(lambda _: status) as receiver:
        limit_s = 0.2 if status == 0 else 10
        outcome = await HttpSender(LOOPBACK, utc_now)(
            webhook(receiver.url), "d-1", EVENT, limit_s=limit_s
        )

    assert (outcome.status, outcome.error) == (status or None, error)
    assert len(receiver.messages) == 1


async def test_a_private_address_is_refused_without_a_connection():
    with Receiver() as receiver:
        outcome = await HttpSender(AddressRules(), utc_now)(
            webhook(receiver.url), "d-1", EVENT, limit_s=10
        )

    assert outcome.error is not None
    assert outcome.error.startswith("The address 127.0.0.1 is not public")
    assert receiver.messages == []


async def sent(**fields: Any) -> Any:
    with Receiver() as receiver:
        outcome = await HttpSender(LOOPBACK, utc_now)(
            webhook(receiver.url, **fields), "d-1", EVENT, limit_s=10
        )
    assert outcome.error is None
    return receiver.messages[0]


async def test_slack_gets_an_escaped_text_and_the_parameters():
    addon = Addon(parameters={"defaultChannel": "toggles", "username": "Flags"})

    message = await sent(format=WebhookFormat.SLACK, addon=addon)

    assert message.json == {
        "text": "*Created toggle 'checkout' &lt;&amp;&gt;.*\nBy flagstaff, project default",
        "channel": "#toggles",
        "username": "Flags",
    }


async def test_teams_gets_a_card():
    message = await sent(format=WebhookFormat.TEAMS)

    (attachment,) = message.json["attachments"]
    assert [block["text"] for block in attachment["content"]["body"]] == [
        EVENT.summary,
        "By flagstaff, project default",
    ]


async def test_a_template_of_an_addon_is_filled_and_escaped():
    template = "{{event.type}} {{event.data.description}} {{{event.data.description}}} {{event.x}}!"
    addon = Addon(parameters={"bodyTemplate": template, "contentType": "text/plain"})

    message = await sent(format=WebhookFormat.UNLEASH, addon=addon)

    assert message.body.decode() == 'feature-created &lt;&quot;&amp;&quot;&gt; <"&"> !'
    assert message.headers["content-type"] == "text/plain"


async def test_without_a_template_an_addon_gets_the_event_of_the_admin_api():
    message = await sent(format=WebhookFormat.UNLEASH)

    assert (message.json["id"], message.json["type"]) == (7, "feature-created")
    assert message.json["data"]["name"] == "checkout"
