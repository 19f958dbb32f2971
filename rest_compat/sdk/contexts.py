"""Contexts that browsers and phones send, as query or as JSON, made into ones to decide for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import msgspec

from rest_compat.http.errors import BadDataError, Detail, ValidationError
from rest_compat.http.request import Request
from rest_compat.sdk.conversions import is_number, to_time
from store.evaluation import Context
from store.evaluation.context import MAX_FIELDS, context_size_error, value_length_error
from store.operations.text import display

# The fields that clients give, and what they are called here.
FIELDS = {
    "userId": "user_id",
    "sessionId": "session_id",
    "remoteAddress": "remote_address",
    "appName": "app_name",
}
# Beside these all that is given is a property. The environment is the token's.
NO_PROPERTIES = frozenset({*FIELDS, "currentTime", "environment"})
_PLACE = "/body/context"


def context_in_query(request: Request) -> Context:
    """The context in a query; keys that name no field are properties, with or without brackets."""
    fields: dict[str, str] = {}
    properties: dict[str, str] = {}
    for name, value in request.query():
        if name.startswith("properties[") and name.endswith("]"):
            properties[name[len("properties[") : -1]] = value
        else:
            fields[name] = value
    return _context(request, fields, properties)


def context_in_body(request: Request, document: Any) -> Context:
    """The context of a body `{"context": {…}}`; without one it is empty.

    Raises: BadDataError: what is there is no context.
    """
    body = _object(document, "/body")
    context = _object(body.get("context", {}), _PLACE)
    place = f"{_PLACE}/properties"
    properties = _texts(_object(context.get("properties") or {}, place), place)
    fields = _texts({key: it for key, it in context.items() if key != "properties"}, _PLACE)
    return _context(request, fields, properties)


def _texts(values: Mapping[str, Any], place: str) -> dict[str, str]:
    """The values as texts, those of null left out.

    Raises: BadDataError: there are too many, or one is a list or an object.
    """
    if len(values) > MAX_FIELDS:
        message = f"A context has at most {MAX_FIELDS:,} fields, not {len(values):,}."
        raise BadDataError(Detail(message, place))
    return {
        key: _text(it, f"{place}/{display(key)}") for key, it in values.items() if it is not None
    }


def _text(value: Any, place: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        raise BadDataError(
            Detail("The value of a field must be text, a number or a boolean.", place)
        )
    return msgspec.json.encode(value).decode()


def _object(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadDataError(Detail("The value must be an object.", place))
    return cast("dict[str, Any]", value)


def standard_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that clients give, under the names that they have here; empty texts count as
    absent, as in 8.2."""
    return {attribute: fields[name] for name, attribute in FIELDS.items() if fields.get(name)}


def current_time(fields: Mapping[str, str]) -> datetime | None:
    """The field `currentTime`: a time in ISO 8601, or milliseconds or seconds since 1970.

    A time without an offset is in UTC, as in constraints. None for anything else, such as the
    texts that JavaScript's `toString` makes.
    """
    text = fields.get("currentTime") or ""
    try:
        if is_number(text):
            return to_time(text, "")
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError, ValidationError):
        return None


def _context(request: Request, fields: Mapping[str, str], properties: Mapping[str, str]) -> Context:
    """The environment is the token's. Without a session one is made up, without an address the
    client's own is taken, as in 8.2, which keeps properties that are empty texts, too.

    Raises: BadDataError: a value is too long, or all are together.
    """
    given = (*fields.items(), *properties.items())
    for name, value in given:
        if objection := value_length_error(name, value):
            raise BadDataError(objection)
    if objection := context_size_error(given):
        raise BadDataError(objection)
    known: dict[str, Any] = {
        "session_id": str(uuid4()),
        "remote_address": request.client_ip,
        **standard_fields(fields),
    }
    rest = {name: value for name, value in fields.items() if name not in NO_PROPERTIES}
    return Context(
        **known,
        environment=request.principal.environment,
        current_time=current_time(fields) or request.store.clock(),
        properties={**rest, **properties},
    )
