"""Convert the objects in the audit log to JSON values for events over REST."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from rest_compat.unleash3.addon_providers import PROVIDER_OF
from rest_compat.unleash3.models import legal_values_json, toggle_document, toggle_type_json
from rest_compat.unleash8.models import environment_json, segment_json, token_json
from store.events import SubjectKind
from store.model import (
    ApiToken,
    ContextField,
    Environment,
    Project,
    Segment,
    Strategy,
    TagType,
    Toggle,
    ToggleType,
    WebhookFormat,
)
from store.usage.applications import Application
from store.usage.registration import application_body


def form_of(kind: SubjectKind, document: Any) -> Any:
    """Return an object as plain JSON values, or None if there is no object."""
    form = _FORMS.get(kind)
    if document is None or form is None:
        return None
    return msgspec.to_builtins(form(document))


def _toggle(document: Any) -> dict[str, Any]:
    # The audit log does not contain the time of last use.
    return toggle_document(msgspec.convert(document, Toggle), last_seen_at=None)


def _toggle_type(document: Any) -> Any:
    return toggle_type_json(msgspec.convert(document, ToggleType))


def _strategy(document: Any) -> dict[str, Any]:
    strategy = msgspec.convert(document, Strategy)
    return {
        "name": strategy.name,
        "description": strategy.description,
        "parameters": list(strategy.parameters),
        "editable": not strategy.built_in,
        "deprecated": strategy.deprecated,
    }


def _context_field(document: Any) -> dict[str, Any]:
    field = msgspec.convert(document, ContextField)
    return {
        "name": field.name,
        "description": field.description,
        "legalValues": msgspec.to_builtins(legal_values_json(field.legal_values)),
        "stickiness": field.stickiness,
    }


def _tag_type(document: Any) -> dict[str, Any]:
    tag_type = msgspec.convert(document, TagType)
    return {"name": tag_type.name, "description": tag_type.description, "icon": tag_type.icon}


def _project(document: Any) -> dict[str, Any]:
    project = msgspec.convert(document, Project)
    return {"id": project.name, "name": project.title, "description": project.description}


def _tag(document: Any) -> dict[str, Any]:
    return document


def _application(document: Any) -> dict[str, Any]:
    return application_body(msgspec.convert(document, Application))


def _environment(document: Any) -> Any:
    return environment_json(msgspec.convert(document, Environment))


def _segment(document: Any) -> Any:
    return segment_json(msgspec.convert(document, Segment))


def _token(document: Any) -> Any:
    # The audit log never contains the hash of the secret.
    return token_json(msgspec.convert({"secretHash": "", **document}, ApiToken))


def _webhook(document: Any) -> dict[str, Any]:
    # The audit log contains neither the URL nor the secret.
    return {"id": document["id"], "provider": PROVIDER_OF[WebhookFormat(document["format"])]}


_FORMS: Mapping[SubjectKind, Callable[[Any], Any]] = {
    SubjectKind.TOGGLE: _toggle,
    SubjectKind.TOGGLE_TYPE: _toggle_type,
    SubjectKind.STRATEGY: _strategy,
    SubjectKind.APPLICATION: _application,
    SubjectKind.ENVIRONMENT: _environment,
    SubjectKind.PROJECT: _project,
    SubjectKind.SEGMENT: _segment,
    SubjectKind.CONTEXT_FIELD: _context_field,
    SubjectKind.TAG_TYPE: _tag_type,
    SubjectKind.TAG: _tag,
    SubjectKind.API_TOKEN: _token,
    SubjectKind.WEBHOOK: _webhook,
}
