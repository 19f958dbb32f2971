"""Single legal values of a context field: add, describe, remove."""

from pydantic import Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import Description, LooseString, read_body
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.validating import Body
from store import Snapshot
from store.model import ContextField
from store.operations.context_fields import update_context_field
from store.operations.fields import ContextFieldFields
from store.operations.strings import display
from store.values import LegalValue

routes = RouteTable("admin: context fields", refusal_form=refusal_form(dropped=2))

_FIELD = path_parameter("name", "The name of the context field.", "country")
_VALUES = "/api/admin/context/:name/legal-values"


class LegalValueBody(Body):
    """A legal value. Without a description, an existing description is removed."""

    value: LooseString = Field(min_length=1)
    description: Description = None


@routes.route(
    "POST",
    _VALUES,
    id="updateContextFieldLegalValue",
    parameters=(_FIELD,),
    body=LegalValueBody,
    example={"value": "FR", "description": "France, without the overseas departments."},
    errors=(BadDataError, MissingError),
)
async def put_legal_value(request: Request) -> Response:
    """Add a legal value to a context field, or change the description of a legal value.

    A new value becomes the last one.
    """
    body = await read_body(request, LegalValueBody)
    added = LegalValue(body.value, body.description or "")
    async with request.store.write(request.principal.actor) as work:
        field = _field_of(work.snapshot, request)
        values = {known.value: known for known in field.legal_values} | {added.value: added}
        fields = ContextFieldFields(legal_values=tuple(values.values()))
        await update_context_field(work, field.name, fields)
    return Response(200)


@routes.route(
    "DELETE",
    f"{_VALUES}/:value",
    id="deleteContextFieldLegalValue",
    parameters=(_FIELD, path_parameter("value", "The legal value.", "CH")),
    errors=(MissingError,),
)
async def remove_legal_value(request: Request) -> Response:
    """Remove a legal value from a context field.

    The request also succeeds if the field does not have the value. A field without legal values
    accepts any value.
    """
    async with request.store.write(request.principal.actor) as work:
        field = _field_of(work.snapshot, request)
        removed = request.parameters["value"]
        remaining = tuple(known for known in field.legal_values if known.value != removed)
        await update_context_field(work, field.name, ContextFieldFields(legal_values=remaining))
    return Response(200)


def _field_of(snapshot: Snapshot, request: Request) -> ContextField:
    name = request.parameters["name"]
    field = snapshot.context_fields.get(name)
    if field is None:
        raise MissingError(f"No context field is named '{display(name)}'.")
    return field
