"""Webhooks over GraphQL: forms, the log of deliveries, and secrets."""

from graph.ids import encode_id
from store.events import Event
from store.model import Webhook
from store.webhooks.deliveries import Outcome
from tests.graph.gateway import Gateway

INPUT = {"name": "chat", "receiverUrl": "https://chat.example/hooks/1"}


async def test_the_secret_is_returned_only_once(gateway: Gateway):
    made = await gateway.change("webhookCreate", INPUT, "webhook { id } secret")

    updated = await gateway.change(
        "webhookUpdate", {"id": made["webhook"]["id"], "name": "news"}, "webhook { name } secret"
    )

    assert made["secret"].startswith("whsec_")
    assert updated == {"webhook": {"name": "news"}, "secret": None, "errors": []}


async def test_errors_have_the_paths_of_the_form(gateway: Gateway):
    input = {**INPUT, "name": "", "receiverUrl": "chat.example", "projects": ["none"]}

    refused = await gateway.change("webhookCreate", input, "webhook { id }")

    assert [error["path"] for error in refused["errors"]] == [
        ["name"],
        ["receiverUrl"],
        ["projects", "0"],
    ]


async def test_null_selects_all_types_of_events(gateway: Gateway):
    selected = {**INPUT, "eventTypes": ["TOGGLE_ENABLED", "TOGGLE_ENABLED"]}
    selection = "webhook { id eventTypes }"
    made = await gateway.change("webhookCreate", selected, selection)

    updated = await gateway.change(
        "webhookUpdate", {"id": made["webhook"]["id"], "eventTypes": None}, selection
    )

    assert made["webhook"]["eventTypes"] == ["TOGGLE_ENABLED"]
    assert updated["webhook"]["eventTypes"] is None


async def test_a_test_returns_the_answer_of_the_receiver_and_is_in_the_log(gateway: Gateway):
    sent: list[tuple[str, str]] = []

    async def send(webhook: Webhook, id: str, event: Event, *, limit_s: float) -> Outcome:
        sent.append((id, event.type.name))
        return Outcome(status=500, error="The receiver answered 500.", duration_ms=3)

    gateway.store.webhooks.use(send)
    id = (await gateway.change("webhookCreate", INPUT, "webhook { id }"))["webhook"]["id"]
    fields = "webhookId state isTest attempts status error durationMs nextAttemptAt event { type }"

    tested = await gateway.change("webhookTest", {"id": id}, f"delivery {{ {fields} }}")
    selection = f"deliveries {{ totalCount nodes {{ {fields} }} }}"
    waiting = "waiting: deliveries(states: [WAITING]) { totalCount nodes { id } }"
    document = f"query ($id: ID!) {{ webhook(id: $id) {{ {selection} {waiting} }} }}"
    log = await gateway.run(document, {"id": id})

    assert tested["delivery"] == {
        "webhookId": sent[0][0],
        "state": "FAILED",
        "isTest": True,
        "attempts": 1,
        "status": 500,
        "error": "The receiver answered 500.",
        "durationMs": 3,
        "nextAttemptAt": None,
        "event": {"type": "WEBHOOK_TESTED"},
    }
    assert log["webhook"]["deliveries"] == {"totalCount": 1, "nodes": [tested["delivery"]]}
    assert log["webhook"]["waiting"] == {"totalCount": 0, "nodes": []}


async def test_only_admins_see_webhooks(gateway: Gateway):
    await gateway.change("webhookCreate", INPUT, "webhook { id }")
    id = encode_id("Webhook", next(iter(gateway.store.snapshot.webhooks)))
    document = "query ($id: ID!) { node(id: $id) { id } events(first: 1) { nodes { after } } }"

    answer = await gateway.post(document, {"id": id}, token="viewer")
    refused = await gateway.post("{ webhooks { name } }", token="viewer")

    assert answer.json()["data"] == {"node": None, "events": {"nodes": [{"after": None}]}}
    assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
