"""Convert the contexts that frontend SDKs send in the query or as JSON."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import msgspec
from msgspec import structs

from rest_compat.http.errors import BadDataError, Detail, ValidationError
from rest_compat.http.request import Request
from rest_compat.sdk.conversions import is_number, to_time
from store.evaluation import Context
from store.evaluation.context import MAX_FIELDS, context_size_error, value_length_error
from store.operations.strings import display

# Maps the names of fields in requests to their names in `Context`.
FIELDS = {
    "userId": "user_id",
    "sessionId": "session_id",
    "remoteAddress": "remote_address",
    "appName": "app_name",
}
# Keys outside of this set are properties. The environment of the token overrides the environment in
# a request.
STANDARD_FIELDS = frozenset({*FIELDS, "currentTime", "environment"})
_CONTEXT_PATH = "/body/context"


def context_in_query(request: Request) -> Context:
    """Read the context in a query. Unknown keys are properties.

    Clients send a property as `properties[name]` or as `name`.
    """
    fields: dict[str, str] = {}
    properties: dict[str, str] = {}
    for name, value in request.query():
        if name.startswith("properties[") and name.endswith("]"):
            properties[name[len("properties[") : -1]] = value
        else:
            fields[name] = value
    return _context(request, fields, properties)


def context_in_body(request: Request, document: Any) -> Context:
    """Read the context in a body `{"context": {…}}`. The default is an empty context.

    Raises: BadDataError: the context is invalid.
    """
    body = _object(document, "/body")
    return _context(request, *fields_and_properties(body.get("context", {})))


def fields_and_properties(value: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fields and the properties of a context in a body, as strings.

    Raises: BadDataError: the context is invalid.
    """
    context = dict(_object(value, _CONTEXT_PATH))
    path = f"{_CONTEXT_PATH}/properties"
    properties = _to_strings(_object(context.pop("properties", None) or {}, path), path)
    return _to_strings(context, _CONTEXT_PATH), properties


def _to_strings(values: Mapping[str, Any], path: str) -> dict[str, str]:
    """Convert the values of fields to strings. Fields that are null are omitted.

    Raises: BadDataError: there are too many values, or a value is a list or an object.
    """
    if len(values) > MAX_FIELDS:
        message = f"A context may have at most {MAX_FIELDS:,} fields, not {len(values):,}."
        raise BadDataError(Detail(message, path))
    return {
        key: _to_string(value, f"{path}/{display(key)}")
        for key, value in values.items()
        if value is not None
    }


def _to_string(value: Any, path: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        raise BadDataError(
            Detail("The value of a field must be a string, a number or a boolean.", path)
        )
    return msgspec.json.encode(value).decode()


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadDataError(Detail("The value must be an object.", path))
    return cast("dict[str, Any]", value)


def standard_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the standard fields under their names in `Context`.

    As in Unleash 8.2, fields that are empty strings are omitted.
    """
    return {attribute: fields[name] for name, attribute in FIELDS.items() if fields.get(name)}


def current_time(fields: Mapping[str, str]) -> datetime | None:
    """Return the field `currentTime`: a time in ISO 8601, or milliseconds or seconds since 1970.

    A time without an offset is in UTC. Constraints have the same rule. Other values, such as the
    strings of JavaScript's `toString`, result in None.
    """
    value = fields.get("currentTime") or ""
    try:
        if is_number(value):
            return to_time(value, "")
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError, ValidationError):
        return None


def _context(request: Request, fields: Mapping[str, str], properties: Mapping[str, str]) -> Context:
    """Build a context for the token's environment.

    As in Unleash 8.2, a missing session ID is replaced by a random ID. A missing address is
    replaced by the client's address.

    Raises: BadDataError: a value, or the whole context, is too long.
    """
    context = context_of(
        fields, properties, environment=request.principal.environment, now=request.store.clock()
    )
    return structs.replace(
        context,
        session_id=context.session_id or str(uuid4()),
        remote_address=context.remote_address or request.client_ip,
    )


def context_of(
    fields: Mapping[str, str], properties: Mapping[str, str], *, environment: str, now: datetime
) -> Context:
    """Build a context. Fields that are not standard fields are properties.

    Properties may be empty strings.

    Raises: BadDataError: a value, or the whole context, is too long.
    """
    given = (*fields.items(), *properties.items())
    for name, value in given:
        if message := value_length_error(name, value):
            raise BadDataError(message)
    if message := context_size_error(given):
        raise BadDataError(message)
    known: dict[str, Any] = {**standard_fields(fields)}
    rest = {name: value for name, value in fields.items() if name not in STANDARD_FIELDS}
    return Context(
        **known,
        environment=environment,
        current_time=current_time(fields) or now,
        properties={**rest, **properties},
    )
