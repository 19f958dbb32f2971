"""Context fields of the 3.x admin API: list, read, create, update, delete, validate."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType, structs

from rest_compat.http.errors import InvalidBodyError
from rest_compat.http.operation import Answer, path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.bodies import NameBody, read_body, read_model
from rest_compat.unleash3.errors import (
    AbsentError,
    BuiltInObjectError,
    ConflictError,
    MissingError,
    v3_error_of,
)
from rest_compat.unleash3.legal_values import (
    SentLegalValue,
    check_values_unique,
    stored_legal_values,
)
from rest_compat.unleash3.models import ContextFieldJson, context_field_json
from rest_compat.unleash3.named import (
    created_response,
    delete_named,
    read_named_body,
    require_free,
)
from store.errors import Path, Problems
from store.events import EventType
from store.model import ContextField
from store.operations.context_fields import (
    create_context_field,
    delete_context_field,
    update_context_field,
)
from store.operations.fields import ContextFieldFields, fields_from
from store.operations.limits import MAX_CONSTRAINT_VALUES
from store.operations.messages import wrong_type
from store.operations.strings import display

routes = RouteTable("admin: context fields", refusal_form=v3_error_of)

_NAME = path_parameter("name", "The name of the context field.", "country")
MAX_DESCRIPTION_LENGTH = 250
_FIELDS = "/api/admin/context"
_FIELD = f"{_FIELDS}/:name"
# The built-in fields of 3.x. Clients of 3.x treat all other fields as custom fields.
_BUILT_IN = frozenset({"environment", "userId", "appName"})


def _check_integer(value: Any, path: Path, problems: Problems) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        problems.invalid(wrong_type(value, "a number"), rule="number.base", path=path)


class ContextFieldBody(NameBody, frozen=True, kw_only=True, rename="camel"):
    """A context field."""

    description: Annotated[str, Meta(max_length=MAX_DESCRIPTION_LENGTH)] | None | UnsetType = UNSET
    legal_values: (
        Annotated[
            tuple[SentLegalValue, ...],
            Meta(max_length=MAX_CONSTRAINT_VALUES, extra={"check": check_values_unique}),
        ]
        | None
        | UnsetType
    ) = UNSET
    stickiness: bool = False

    def fields(self, known: ContextField | None = None) -> ContextFieldFields:
        """Return the fields to store. An omitted description remains unchanged."""
        values = stored_legal_values(self.legal_values or (), known.legal_values if known else ())
        return structs.replace(fields_from(ContextFieldFields, self), legal_values=values)

    def event_data(self) -> dict[str, Any]:
        """Return the `data` of events about the field."""
        data = msgspec.to_builtins(self)
        data.pop("sortOrder", None)
        return data


class NewContextFieldBody(ContextFieldBody, frozen=True, kw_only=True, rename="camel"):
    """A new context field. As in 3.17.6, only new fields have a sort order."""

    sort_order: Annotated[
        Any, Meta(extra={"check": _check_integer}, extra_json_schema={"type": "integer"})
    ] = 10


class ChangedContextFieldBody(ContextFieldBody, frozen=True, kw_only=True, rename="camel"):
    """A changed context field. The body may repeat the name, which is in the path."""

    name: str = ""


@routes.route(
    "GET",
    _FIELDS,
    id="getContextFields",
    answers={200: Answer("The context fields.", list[ContextFieldJson])},
)
async def list_fields(request: Request) -> Response:
    """List all context fields, sorted by name.

    Built-in fields that Unleash 3.x does not have are omitted.
    """
    fields = sorted(request.snapshot.context_fields.items())
    return json_response(
        [
            context_field_json(field)
            for name, field in fields
            if name in _BUILT_IN or not field.built_in
        ]
    )


@routes.route(
    "GET",
    _FIELD,
    id="getContextField",
    parameters=(_NAME,),
    answers={200: ContextFieldJson},
    errors=(MissingError,),
)
async def get_field(request: Request) -> Response:
    """Read one context field.

    A field that accepts any value has no `legalValues`.
    """
    name = request.parameters["name"]
    field = request.snapshot.context_fields.get(name)
    if field is None:
        raise MissingError(f"No context field is named '{display(name)}'.")
    return json_response(context_field_json(field))


@routes.route(
    "POST",
    _FIELDS,
    id="createContextField",
    body=NewContextFieldBody,
    example={
        "name": "region",
        "description": "The sales region.",
        "legalValues": ["north", "south"],
        "stickiness": False,
        "sortOrder": 12,
    },
    answers={201: Answer("The new context field.", ContextFieldJson)},
    errors=(InvalidBodyError, ConflictError),
)
async def create(request: Request) -> Response:
    """Create a context field.

    `legalValues` lists the values that the field accepts. Without this key the field accepts any
    value.
    """
    # As in 3.17.6, a name that is in use is refused before the other fields are validated. As in
    # 8.2, the response contains the context field. In 3.17.6 the response has no body.
    sent = await request.json_object()
    if isinstance(name := sent.get("name"), str):
        require_free(request.snapshot.context_fields, name, kind="context field")
    body = read_model(sent, NewContextFieldBody)
    async with request.store.write(request.principal.actor) as work:
        field = await create_context_field(
            work,
            name=body.name,
            fields=body.fields(),
        )
        work.show_as(EventType.CONTEXT_FIELD_CREATED, body.event_data())
    created = context_field_json(field)
    created.legal_values = created.legal_values or []
    return created_response(created, "context", field.name)


@routes.route(
    "PUT",
    _FIELD,
    id="updateContextField",
    parameters=(_NAME,),
    body=ChangedContextFieldBody,
    example={
        "description": "The country of delivery.",
        "legalValues": ["AT", "CH", "DE", "FR"],
        "stickiness": False,
    },
    errors=(InvalidBodyError, AbsentError),
)
async def update(request: Request) -> Response:
    """Change a context field.

    An omitted field is reset to its default, except the description, which is unchanged.
    """
    body = await read_named_body(request, ContextFieldBody)
    async with request.store.write(request.principal.actor) as work:
        known = work.snapshot.context_fields.get(body.name)
        await update_context_field(work, body.name, body.fields(known), record_always=True)
        work.show_as(EventType.CONTEXT_FIELD_UPDATED, body.event_data())
    return Response(HTTPStatus.OK)


@routes.route(
    "POST",
    f"{_FIELDS}/validate",
    id="validateContextField",
    body=NameBody,
    example={"name": "shippingMethod"},
    answers={200: "The name is free."},
    errors=(InvalidBodyError, ConflictError),
)
async def validate_name(request: Request) -> Response:
    """Check whether a name is free for a new context field.

    Nothing is created.
    """
    body = await read_body(request, NameBody)
    require_free(request.snapshot.context_fields, body.name, kind="context field")
    return Response(HTTPStatus.OK)


@routes.route(
    "DELETE",
    _FIELD,
    id="deleteContextField",
    parameters=(_NAME.with_example("plan"),),
    errors=(ConflictError, BuiltInObjectError, AbsentError),
)
async def delete(request: Request) -> Response:
    """Delete a context field that no constraint uses.

    Built-in fields cannot be deleted.
    """
    return await delete_named(request, delete_context_field, EventType.CONTEXT_FIELD_DELETED)
