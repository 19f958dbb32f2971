"""Create, update, delete and test webhooks."""

import secrets
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import UNSET, UnsetType

from store.errors import LimitExceededError, Problems, WrongStateError, refuse
from store.events import EventType, SubjectKind
from store.model import Addon, Webhook
from store.operations.changing import changed_fields, create_object, delete_object, update_object
from store.operations.existing import check_known, check_revision, not_found
from store.operations.fields import WebhookFields, given_fields
from store.operations.limits import MAX_TITLE_LENGTH, MAX_URL_LENGTH, check_count
from store.operations.numbering import new_number
from store.operations.strings import check_description, check_line, display
from store.unit_of_work import UnitOfWork

MAX_WEBHOOKS = 100
# Secrets have the form of the Standard Webhooks specification: this prefix and base64.
SECRET_PREFIX = "whsec_"
_SECRET_BYTES = 32
_SCHEMES = ("http", "https")
_EVENT_TYPES = frozenset(type.value for type in EventType)


async def create_webhook(
    work: UnitOfWork, fields: WebhookFields, *, addon: Addon | None = None
) -> Webhook:
    """Create a webhook with a new secret. The webhook gets all later events.

    `fields` must contain the name and the URL of the receiver.

    Raises: Refusal.
    """
    problems = Problems()
    if len(work.snapshot.webhooks) >= MAX_WEBHOOKS:
        problems.add(LimitExceededError(f"There are already {MAX_WEBHOOKS} webhooks, the maximum."))
    _check_fields(work, fields, problems)
    problems.raise_any()

    webhook = Webhook(
        id=await new_number(work, SubjectKind.WEBHOOK, work.snapshot.webhooks),
        **given_fields(WebhookFields, fields),
        active_since=work.revision,
        signing_secret=_new_secret(),
        addon=addon,
        created_at=work.now,
        created_by=work.actor,
        revision=work.revision,
    )
    summary = f"Created webhook '{display(webhook.name)}'."
    return create_object(work, webhook, EventType.WEBHOOK_CREATED, summary=summary)


async def update_webhook(
    work: UnitOfWork,
    webhook_id: int,
    fields: WebhookFields = WebhookFields(),
    *,
    addon: Addon | None | UnsetType = UNSET,
    rotate_secret: bool = False,
    expected_revision: int | None = None,
    record_always: bool = False,
) -> Webhook:
    """Update the given fields of a webhook; with `rotate_secret`, replace the secret.

    A webhook that is enabled again does not get the events that were recorded in the meantime.

    Raises: Refusal.
    """
    webhook = find_webhook(work, webhook_id)
    problems = Problems()
    check_revision(work, webhook, expected_revision, problems=problems)
    _check_fields(work, fields, problems, webhook)
    problems.raise_any()

    given = {**given_fields(WebhookFields, fields), "addon": addon}
    changed = changed_fields(webhook, given)
    if changed.get("enabled"):
        changed["active_since"] = work.revision
    if rotate_secret:
        changed["signing_secret"] = _new_secret()
    return update_object(
        work,
        webhook,
        changed,
        EventType.WEBHOOK_UPDATED,
        summary=f"Changed webhook '{display(webhook.name)}'.",
        record_always=record_always,
    )


async def delete_webhook(work: UnitOfWork, webhook_id: int) -> Webhook:
    """Delete a webhook with its deliveries.

    Raises: Refusal: the webhook does not exist.
    """
    webhook = find_webhook(work, webhook_id)
    summary = f"Deleted webhook '{display(webhook.name)}'."
    return delete_object(work, webhook, EventType.WEBHOOK_DELETED, summary=summary)


async def record_test(work: UnitOfWork, webhook_id: int) -> Webhook:
    """Record the event that a test of a webhook sends.

    Raises: Refusal: the webhook does not exist or is disabled.
    """
    webhook = find_webhook(work, webhook_id)
    if not webhook.enabled:
        refuse(
            WrongStateError(
                f"Webhook '{display(webhook.name)}' is disabled; enable it to test it.",
                path=("id",),
            )
        )
    summary = f"Tested webhook '{display(webhook.name)}'."
    work.record(EventType.WEBHOOK_TESTED, subject=webhook, after=webhook, summary=summary)
    return webhook


def find_webhook(work: UnitOfWork, webhook_id: int) -> Webhook:
    """Return the webhook with an ID.

    Raises: Refusal: the webhook does not exist.
    """
    webhook = work.snapshot.webhooks.get(webhook_id)
    if webhook is None:
        refuse(not_found("webhook", webhook_id, path=("id",)))
    return webhook


def _new_secret() -> str:
    return SECRET_PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _check_fields(
    work: UnitOfWork, fields: WebhookFields, problems: Problems, known: Webhook | None = None
) -> None:
    """Check the given fields. Names that `known` already has are not looked up again."""
    if fields.name is not UNSET:
        check_line(
            fields.name,
            what="The webhook name",
            path=("name",),
            problems=problems,
            min_length=1,
            max_length=MAX_TITLE_LENGTH,
        )
    check_description(fields.description or "", path=("description",), problems=problems)
    if fields.receiver_url is not UNSET:
        _check_url(fields.receiver_url, problems)
    if fields.event_types:
        _check_event_types(fields.event_types, problems)
    snapshot = work.snapshot
    old_projects = known.projects if known is not None else ()
    old_environments = known.environments if known is not None else ()
    _check_names(fields.projects or (), snapshot.projects, old_projects, "project", problems)
    _check_names(
        fields.environments or (),
        snapshot.environments,
        old_environments,
        "environment",
        problems,
    )


def _check_url(url: str, problems: Problems) -> None:
    """Check the URL of a receiver. Messages do not contain the URL, which may be a secret."""
    path = ("receiverUrl",)
    if len(url) > MAX_URL_LENGTH:
        problems.invalid(
            f"The URL has {len(url):,} characters; at most {MAX_URL_LENGTH:,} are allowed.",
            rule="text-length",
            path=path,
        )
    elif not _is_receiver(url):
        problems.invalid(
            "The URL must be absolute, begin with http:// or https://, and contain neither a user "
            "name nor a fragment.",
            rule="webhook-url",
            path=path,
        )


def _is_receiver(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in _SCHEMES
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and not parts.fragment
        and port != 0
    )


def _check_event_types(types: Sequence[str], problems: Problems) -> None:
    for index, type in enumerate(types):
        if type not in _EVENT_TYPES or type == EventType.WEBHOOK_TESTED:
            problems.invalid(
                f"Webhooks cannot select events of the type '{display(type)}'.",
                rule="event-type",
                path=("eventTypes", str(index)),
            )


def _check_names(
    names: Sequence[str],
    among: Mapping[str, object],
    known: Collection[str],
    kind: str,
    problems: Problems,
) -> None:
    path = f"{kind}s"
    check_count(names, what=path, path=(path,), problems=problems)
    for index, name in enumerate(names):
        if name not in known:
            check_known(among, name, kind=kind, path=(path, str(index)), problems=problems)
