"""The addons API of 3.x, on top of webhooks."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from rest_compat.http.errors import InvalidBodyError, Violation
from rest_compat.http.models import Time
from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.addon_providers import (
    FORMATS,
    PROVIDER_OF,
    PROVIDERS,
    REQUIRED,
    URL,
    ProviderJson,
)
from rest_compat.unleash3.bodies import read_body
from rest_compat.unleash3.errors import AbsentError, v3_error_of
from rest_compat.unleash3.event_document import CONFIGURATION_TYPES
from rest_compat.unleash3.templates import TemplateError, check_template
from store.errors import DomainError, Path, Problems, Refusal
from store.events import EventType
from store.http_times import format_time
from store.identity import require
from store.model import Addon, ApiTokenType, Webhook, WebhookFormat
from store.operations.fields import WebhookFields
from store.operations.strings import display
from store.operations.webhooks import create_webhook, delete_webhook, find_webhook, update_webhook

TAG = "admin: addons"
MASK = "*****"

_ADDONS = "/api/admin/addons"
_ADDON = f"{_ADDONS}/:id"
_ID = path_parameter("id", "The ID of an addon.", "1")
_TEMPLATE = "bodyTemplate"
_MAX_ID = 2**31 - 1
_UPDATED = EventType.TOGGLE_UPDATED.value
# Imported events are never sent.
_NEVER_SENT = (EventType.WEBHOOK_TESTED, EventType.OTHER)
_TYPES = tuple(type.value for type in EventType if type not in _NEVER_SENT)
_EXAMPLE = {
    "provider": "webhook",
    "enabled": False,
    "description": "Tells the deployment about changes.",
    "parameters": {
        "url": "https://deploy.example.com/flagstaff",
        "bodyTemplate": '{"toggle": "{{event.data.name}}"}',
    },
    "events": ["feature-created", "feature-updated"],
}


def _v3_error_of(refusal: Refusal) -> Any:
    return v3_error_of(Refusal(*map(_with_path_of_body, refusal.errors)))


def _with_path_of_body(error: DomainError) -> DomainError:
    """Replace the path of the URL by its path in the body."""
    if error.path == ("receiverUrl",):
        error.path = ("parameters", URL)
    elif error.path == ("id",):
        error.path = ()
    return error


routes = RouteTable(TAG, refusal_form=_v3_error_of)


def _check_parameters(parameters: Mapping[str, Any], path: Path, problems: Problems) -> None:
    for name, value in parameters.items():
        if not isinstance(value, str | int | float):
            problems.invalid(
                f"The parameter '{display(name)}' is not a string, a number or a boolean.",
                rule="alternatives.types",
                path=(*path, name),
            )
    template = parameters.get(_TEMPLATE)
    if isinstance(template, str):
        try:
            check_template(template)
        except TemplateError as error:
            problems.invalid(str(error), rule="template", path=(*path, _TEMPLATE))


def _check_provider(provider: str, path: Path, problems: Problems) -> None:
    if provider not in FORMATS:
        problems.invalid(
            f"The provider '{display(provider)}' is not one of {', '.join(FORMATS)}.",
            rule="any.only",
            path=path,
        )


class AddonBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """An addon. `projects` and `environments` are newer than 3.x; empty lists select all."""

    provider: Annotated[str, Meta(extra={"check": _check_provider})]
    enabled: bool = True
    description: str | None | UnsetType = UNSET
    parameters: Annotated[dict[str, Any], Meta(extra={"check": _check_parameters})] = {}
    events: tuple[str, ...] = ()
    projects: tuple[str, ...] | UnsetType = UNSET
    environments: tuple[str, ...] | UnsetType = UNSET


class AddonJson(Struct, kw_only=True, rename="camel"):
    """An addon. The URL is masked, because it may contain a secret."""

    id: int
    provider: str
    enabled: bool
    description: str | None
    parameters: dict[str, Any]
    events: Sequence[str]
    projects: Sequence[str]
    environments: Sequence[str]
    created_at: Time


class AddonsJson(Struct, kw_only=True, rename="camel"):
    """All addons, and the kinds of addons that can be created."""

    addons: Sequence[AddonJson]
    providers: Sequence[ProviderJson]


@routes.route("GET", _ADDONS, id="getAddons", answers={200: AddonsJson})
async def list_addons(request: Request) -> Response:
    """List all addons, and the kinds of addons.

    Webhooks that were created over GraphQL are included. The URLs are masked. The request requires
    an admin token.
    """
    require(request.principal, ApiTokenType.ADMIN)
    webhooks = sorted(request.snapshot.webhooks.items())
    addons = [addon_json(webhook) for _, webhook in webhooks]
    return json_response(AddonsJson(addons=addons, providers=PROVIDERS))


@routes.route(
    "GET",
    _ADDON,
    id="getAddon",
    parameters=(_ID,),
    answers={200: AddonJson},
    errors=(AbsentError,),
)
async def get_addon(request: Request) -> Response:
    """Read one addon.

    The URL is masked. The request requires an admin token.
    """
    require(request.principal, ApiTokenType.ADMIN)
    webhook = request.snapshot.webhooks.get(_id_of(request))
    if webhook is None:
        raise AbsentError("No addon has this ID.")
    return json_response(addon_json(webhook))


@routes.route(
    "POST",
    _ADDONS,
    id="createAddon",
    body=AddonBody,
    example=_EXAMPLE,
    answers={201: AddonJson},
    errors=(InvalidBodyError,),
)
async def create_addon(request: Request) -> Response:
    """Create an addon, which gets all later events of the given types.

    `feature-updated` includes all changes of configurations. The answer repeats the URL, which
    other answers mask.
    """
    body = await read_body(request, AddonBody)
    _require_parameters(body)
    url = str(body.parameters[URL])
    async with request.store.write(request.principal.actor) as work:
        fields = _fields_of(body, url, name=f"Addon {body.provider}")
        webhook = await create_webhook(work, fields, addon=_addon_of(body))
        work.show_as(EventType.WEBHOOK_CREATED, {"provider": body.provider})
    return json_response(addon_json(webhook, url=url), status=HTTPStatus.CREATED)


@routes.route(
    "PUT",
    _ADDON,
    id="updateAddon",
    parameters=(_ID,),
    body=AddonBody,
    example={**_EXAMPLE, "events": ["feature-archived"]},
    answers={200: AddonJson},
    errors=(InvalidBodyError, AbsentError),
)
async def update_addon(request: Request) -> Response:
    """Replace an addon.

    A masked URL in the body leaves the URL unchanged.
    """
    body = await read_body(request, AddonBody)
    _require_parameters(body)
    async with request.store.write(request.principal.actor) as work:
        known = find_webhook(work, _id_of(request))
        url = str(body.parameters[URL])
        fields = _fields_of(body, known.receiver_url if url == MASK else url, known=known)
        webhook = await update_webhook(
            work, known.id, fields, addon=_addon_of(body), record_always=True
        )
        work.show_as(EventType.WEBHOOK_UPDATED, {"id": str(known.id), "provider": body.provider})
    return json_response(addon_json(webhook))


@routes.route(
    "DELETE", _ADDON, id="deleteAddon", parameters=(_ID.with_example("2"),), errors=(AbsentError,)
)
async def delete_addon(request: Request) -> Response:
    """Delete an addon with its deliveries.

    Deliveries that are waiting are never sent.
    """
    async with request.store.write(request.principal.actor) as work:
        webhook = await delete_webhook(work, _id_of(request))
        work.show_as(EventType.WEBHOOK_DELETED, {"id": str(webhook.id)})
    return Response(HTTPStatus.OK)


def addon_json(webhook: Webhook, *, url: str = MASK) -> AddonJson:
    """Return the body of an addon, with a masked URL by default."""
    addon = webhook.addon or Addon()
    events = addon.events
    if webhook.event_types is None:
        events = _TYPES
    elif _types_of(events) != webhook.event_types:
        events = webhook.event_types
    return AddonJson(
        id=webhook.id,
        provider=PROVIDER_OF[webhook.format],
        enabled=webhook.enabled,
        description=webhook.description,
        parameters={URL: url, **addon.parameters},
        events=events,
        projects=webhook.projects,
        environments=webhook.environments,
        created_at=format_time(webhook.created_at),
    )


def _fields_of(
    body: AddonBody, url: str, *, name: str | UnsetType = UNSET, known: Webhook | None = None
) -> WebhookFields:
    """Return the fields of a webhook; `known` keeps its format if the provider allows that."""
    format = FORMATS[body.provider]
    has_template = bool(body.parameters.get(_TEMPLATE))
    if known is not None and known.format is WebhookFormat.GENERIC and not has_template:
        format = known.format if PROVIDER_OF[known.format] == body.provider else format
    return WebhookFields(
        name=name,
        description=body.description,
        receiver_url=url,
        format=format,
        event_types=_types_of(body.events),
        projects=body.projects,
        environments=body.environments,
        enabled=body.enabled,
    )


def _types_of(events: Sequence[str]) -> tuple[str, ...]:
    """Return the types of events that the names in a body select.

    In 3.x, `feature-updated` includes changes of configurations. Unknown names select nothing.
    """
    selected = {*events, *(CONFIGURATION_TYPES if _UPDATED in events else ())}
    return tuple(type for type in _TYPES if type in selected)


def _addon_of(body: AddonBody) -> Addon:
    parameters = {name: value for name, value in body.parameters.items() if name != URL}
    return Addon(events=body.events, parameters=parameters)


def _require_parameters(body: AddonBody) -> None:
    """Check that the body has the parameters that its provider requires.

    Raises: InvalidBodyError.
    """
    missing = [name for name in REQUIRED[body.provider] if not body.parameters.get(name)]
    if missing:
        raise InvalidBodyError(
            [
                Violation(
                    f"The parameter '{name}' is required.", ("parameters", name), "any.required"
                )
                for name in missing
            ]
        )


def _id_of(request: Request) -> int:
    """Return the ID in the path.

    Raises: AbsentError: no addon can have this ID.
    """
    id = request.parameters["id"]
    if not (id.isascii() and id.isdecimal() and len(id) <= 10 and int(id) <= _MAX_ID):
        raise AbsentError("No addon has this ID.")
    return int(id)
