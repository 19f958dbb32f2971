"""Context fields in the 3.x admin API."""

from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field

from rest_compat.http.bodies import Body, Flag, Name, checked, read, read_object, unique
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import MissingError, v3_error_of
from rest_compat.unleash3.named import created, deleting, read_named, require_free
from store.events import EventType
from store.model import ContextField
from store.operations.context_fields import (
    create_context_field,
    delete_context_field,
    update_context_field,
)
from store.operations.fields import ContextFieldFields
from store.operations.limits import LONGEST_CONSTRAINT_VALUE, MOST_CONSTRAINT_VALUES
from store.operations.text import shown
from store.values import LegalValue
from store.wire_time import wire_time

LONGEST_DESCRIPTION = 250
# The built-in fields of 3.x; clients of it take every other one for somebody's own.
_BUILT_IN = frozenset({"environment", "userId", "appName"})

_LegalValue = Annotated[str, Field(min_length=1, max_length=LONGEST_CONSTRAINT_VALUE)]


class NameBody(Body):
    """The name of a context field."""

    name: Name


class ContextFieldBody(NameBody):
    """A context field."""

    description: str | None = Field(default=None, max_length=LONGEST_DESCRIPTION)
    legal_values: Annotated[list[_LegalValue] | None, unique()] = Field(
        default=None, max_length=MOST_CONSTRAINT_VALUES
    )
    stickiness: Flag = False

    def stored_values(self, known: ContextField | None = None) -> tuple[LegalValue, ...]:
        """The legal values, with the descriptions that a known field has for them; 3.x has none."""
        described = {it.value: it for it in known.legal_values} if known else {}
        return tuple(described.get(it, LegalValue(it)) for it in self.legal_values or ())

    def told(self) -> dict[str, Any]:
        """What an event says of the body."""
        return {
            **self.model_dump(by_alias=True, exclude_unset=True, exclude={"sort_order"}),
            "stickiness": self.stickiness,
        }


class NewContextFieldBody(ContextFieldBody):
    """A context field that is created; 3.17.6 reads its place in lists only then."""

    sort_order: int = 10


async def _list(request: Request) -> Answer:
    fields = sorted(request.snapshot.context_fields.items())
    return json_answer(
        [_document(it) for name, it in fields if name in _BUILT_IN or not it.built_in]
    )


async def _read(request: Request) -> Answer:
    name = request.parameters["name"]
    field = request.snapshot.context_fields.get(name)
    if field is None:
        raise MissingError(f"No context field is named '{shown(name)}'.")
    return json_answer(_document(field))


async def _create(request: Request) -> Answer:
    """Create a context field; answers it, as 8.2 does (3.17.6: no body).

    As in 3.17.6 a name that is taken is refused before the rest of the body is looked at.
    """
    document = await read_object(request)
    if isinstance(name := document.get("name"), str):
        require_free(request.snapshot.context_fields, name, kind="context field")
    body = checked(document, NewContextFieldBody)
    async with request.store.write(request.principal.actor) as work:
        field = await create_context_field(
            work,
            name=body.name,
            fields=body.store_fields(ContextFieldFields, legal_values=body.stored_values()),
        )
        work.show_as(EventType.CONTEXT_FIELD_CREATED, body.told())
    return created({"legalValues": [], **_document(field)}, "context", field.name)


async def _update(request: Request) -> Answer:
    """What is left out goes back to its default, except the description, as with toggles."""
    body = await read_named(request, ContextFieldBody)
    async with request.store.write(request.principal.actor) as work:
        known = work.snapshot.context_fields.get(body.name)
        fields = body.store_fields(
            ContextFieldFields, kept=("description",), legal_values=body.stored_values(known)
        )
        await update_context_field(work, body.name, fields, record_always=True)
        work.show_as(EventType.CONTEXT_FIELD_UPDATED, body.told())
    return Answer(HTTPStatus.OK)


async def _validate(request: Request) -> Answer:
    body = await read(request, NameBody)
    require_free(request.snapshot.context_fields, body.name, kind="context field")
    return Answer(HTTPStatus.OK)


def _document(field: ContextField) -> dict[str, Any]:
    values = [it.value for it in field.legal_values]
    return {
        "name": field.name,
        "description": field.description,
        "stickiness": field.stickiness,
        "sortOrder": field.sort_order,
        **({"legalValues": values} if values else {}),
        "createdAt": wire_time(field.created_at),
    }


_PATH = "/api/admin/context"

ROUTES: Routes = {
    _PATH: {"GET": Route(_list), "POST": Route(_create, v3_error_of)},
    f"{_PATH}/validate": {"POST": Route(_validate, v3_error_of)},
    f"{_PATH}/:name": {
        "GET": Route(_read),
        "PUT": Route(_update, v3_error_of),
        "DELETE": Route(
            deleting(delete_context_field, EventType.CONTEXT_FIELD_DELETED), v3_error_of
        ),
    },
}
