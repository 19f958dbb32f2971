"""The bodies that webhooks send, in each format."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from rest_compat.unleash3.event_document import event_document
from rest_compat.unleash3.templates import fill_template
from store.events import Event
from store.http_times import format_time
from store.model import Webhook, WebhookFormat

JSON = "application/json"
_CARD = "application/vnd.microsoft.card.adaptive"


def body_of(webhook: Webhook, event: Event) -> tuple[bytes, str]:
    """Return the body for an event with its documents, and the media type of the body."""
    if webhook.format is WebhookFormat.UNLEASH:
        return _unleash_body(webhook, event)
    return msgspec.json.encode(_FORMS[webhook.format](webhook, event)), JSON


def _generic(_: Webhook, event: Event) -> Any:
    return {
        "type": event.type.name,
        "number": event.number,
        "revision": event.revision,
        "createdAt": format_time(event.created_at),
        "summary": event.summary,
        "actor": {"name": event.actor.name, "kind": event.actor.kind.name},
        "subject": {"kind": event.subject_kind.name, "name": event.subject_name},
        "toggle": event.toggle_name,
        "project": event.project,
        "environment": event.environment,
        "changeSet": event.change_set_id,
        "before": event.before,
        "after": event.after,
    }


def _slack(webhook: Webhook, event: Event) -> Any:
    text = f"*{_slack_text(event.summary)}*\n{_slack_text(_context_of(event))}"
    parameters = webhook.addon.parameters if webhook.addon is not None else {}
    body: dict[str, Any] = {"text": text}
    if channel := parameters.get("defaultChannel"):
        body["channel"] = f"#{str(channel).removeprefix('#')}"
    if username := parameters.get("username"):
        body["username"] = str(username)
    if icon := parameters.get("emojiIcon"):
        body["icon_emoji"] = str(icon)
    return body


def _slack_text(text: str) -> str:
    """Escape the characters that Slack interprets."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(_: Webhook, event: Event) -> Any:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "text": event.summary, "weight": "Bolder", "wrap": True},
            {"type": "TextBlock", "text": _context_of(event), "isSubtle": True, "wrap": True},
        ],
    }
    attachment = {"contentType": _CARD, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _context_of(event: Event) -> str:
    """Return the actor, the project and the environment of an event on one line."""
    parts = [f"By {event.actor.name}"]
    if event.project is not None:
        parts.append(f"project {event.project}")
    if event.environment is not None:
        parts.append(f"environment {event.environment}")
    return ", ".join(parts)


_FORMS: Mapping[WebhookFormat, Callable[[Webhook, Event], Any]] = {
    WebhookFormat.GENERIC: _generic,
    WebhookFormat.SLACK: _slack,
    WebhookFormat.TEAMS: _teams,
}


def _unleash_body(webhook: Webhook, event: Event) -> tuple[bytes, str]:
    """Return an event as in Unleash's admin API, or the filled template of the webhook."""
    document = msgspec.to_builtins(event_document(event))
    parameters = webhook.addon.parameters if webhook.addon is not None else {}
    media_type = str(parameters.get("contentType") or JSON)
    template = parameters.get("bodyTemplate")
    if isinstance(template, str) and template:
        return fill_template(template, {"event": document}).encode(), media_type
    return msgspec.json.encode(document), media_type
