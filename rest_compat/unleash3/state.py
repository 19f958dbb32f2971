"""Export objects as a document of Unleash 3.x, and import documents of Unleash 3.x to 5.x."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from rest_compat.http.errors import (
    BadDataError,
    ContentTypeError,
    InvalidBodyError,
    RestError,
    Violation,
)
from rest_compat.http.multipart import file_of
from rest_compat.http.operation import JSON, Answer, Body, Parameter
from rest_compat.http.request import Request, is_json
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.unleash3.models import ProjectJson, ToggleJson
from rest_compat.unleash8.import_warnings import WARNING_HEADERS, report_warnings
from store.errors import DomainError, Refusal
from store.transfer.reading import parse_content
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.document import VERSION, UnleashDocument, UnleashState
from store.transfer.unleash.exporting import export_unleash
from store.transfer.unleash.importing import UnleashResult, import_unleash
from store.transfer.writing import StateFormat
from store.transfer.yaml_formatting import format_yaml
from store.unit_of_work import UnitOfWork
from store.values import StrategyParameter, Tag

_YAML_TYPES = frozenset("application/yaml application/x-yaml text/yaml text/x-yaml".split())
_YAML_ENDINGS = (".yml", ".yaml")
_MULTIPART = "multipart/form-data"
_FILE_FIELD = "file"
# Maps names of rules in the store to names in Unleash 3.x. Other rules have the same name.
_TYPES = {
    "name-pattern": "isUrlFriendly.base",
    "name-reserved": "isUrlFriendly.base",
    "variants-unique": "array.unique",
    "weight-type": "any.only",
}
_INTEGER = re.compile(r"\s*[+-]?\d+", re.ASCII)

# Maps query parameters to the sections of an export that they include or omit.
_PARTS = {
    "featureToggles": "features",
    "strategies": "strategies",
    "projects": "projects",
    "tags": "tags",
}
_STATE = "/api/admin/state"

_DOCUMENT = {
    "version": VERSION,
    "features": [
        {
            "name": "gift-cards",
            "description": "Customers buy and redeem gift cards.",
            "type": "release",
            "project": "default",
            "enabled": False,
            "stale": False,
            "strategies": [{"name": "default"}],
            "variants": [],
        }
    ],
}
_YAML = """\
version: 1
features:
  - name: gift-cards
    type: release
    project: default
    enabled: false
    strategies:
      - name: default
"""


def _invalid(refusal: Refusal) -> RestError:
    """Convert a refusal to an InvalidBodyError that lists errors of all kinds."""
    return InvalidBodyError([_violation(error) for error in refusal.errors])


def _violation(error: DomainError) -> Violation:
    rule: str = getattr(error, "rule", error.code.lower())
    path = tuple(int(step) if step.isdecimal() else step for step in error.path)
    return Violation(error.message, path, _TYPES.get(rule, rule))


routes = RouteTable("admin: state", refusal_form=_invalid)


class ExportedStrategyJson(Struct, kw_only=True, rename="camel"):
    """A strategy that is not built in."""

    name: str
    description: str | None
    parameters: Sequence[StrategyParameter]
    deprecated: bool


class ExportedTagTypeJson(Struct, kw_only=True, rename="camel"):
    """A type of tags."""

    name: str
    description: str | None
    icon: str | None


class ExportedTagJson(Struct, kw_only=True, rename="camel"):
    """A tag of a toggle."""

    feature_name: str
    tag_type: str
    tag_value: str


class ExportJson(Struct, kw_only=True, rename="camel"):
    """All objects that Unleash 3.x supports. Sections that were not requested are omitted."""

    version: int = VERSION
    features: Sequence[ToggleJson] | UnsetType = UNSET
    strategies: Sequence[ExportedStrategyJson] | UnsetType = UNSET
    projects: Sequence[ProjectJson] | UnsetType = UNSET
    tag_types: Sequence[ExportedTagTypeJson] | UnsetType = UNSET
    tags: Sequence[Tag] | UnsetType = UNSET
    feature_tags: Sequence[ExportedTagJson] | UnsetType = UNSET


class FormBody(Struct):
    """A form with the document as a file."""

    file: Annotated[bytes, Meta(extra_json_schema={"format": "binary"})]


@routes.route(
    "GET",
    f"{_STATE}/export",
    id="exportState",
    parameters=(
        Parameter(
            "format",
            "The format of the document: `yaml`, or JSON for any other value.",
            str,
            example="json",
        ),
        Parameter("download", "Whether browsers save the document as a file.", bool, example=False),
        *(
            Parameter(
                name,
                f"Whether the document contains the section `{part}`.",
                bool,
                default=True,
                example=True,
            )
            for name, part in _PARTS.items()
        ),
    ),
    answers={
        200: Answer("The document, as JSON or YAML.", ExportJson, other_media_types=("text/yaml",))
    },
    errors=(BadDataError,),
)
async def export_state(request: Request) -> Response:
    """Export all objects that 3.x supports to one document.

    The document contains the configurations in the environment `default`, because 3.x has no other
    environment.
    """
    query = dict(request.query())
    yaml = query.get("format") == "yaml"
    parts = {part: _is_on(query, name, default=True) for name, part in _PARTS.items()}
    snapshot, usage = request.snapshot, request.store.usage
    seen = {toggle.name: usage.last_seen_at(toggle.name) for toggle in snapshot.live_toggles}

    def write() -> bytes:
        document = export_unleash(snapshot, last_seen_at=seen.get, **parts)
        return format_yaml(document).encode() if yaml else msgspec.json.encode(document)

    media_type = b"text/yaml; charset=utf-8" if yaml else b"application/json; charset=utf-8"
    headers = [(b"content-type", media_type)]
    if _is_on(query, "download", default=False):
        name = _file_name(request.store.clock(), "yml" if yaml else "json")
        headers.append((b"content-disposition", f'attachment; filename="{name}"'.encode()))
    # Large exports take long, so the export is written in a thread. The thread can read the
    # snapshot safely, because snapshots are immutable.
    return Response(HTTPStatus.OK, await asyncio.to_thread(write), headers)


@routes.route(
    "POST",
    f"{_STATE}/import",
    id="importState",
    parameters=(
        Parameter(
            "drop",
            "Whether to first delete the existing objects of each section that the document has.",
            bool,
            default=False,
            example=False,
        ),
        Parameter(
            "keep",
            "Whether to leave existing objects unchanged.",
            bool,
            default=False,
            example=True,
        ),
    ),
    body=Body(
        {JSON: (UnleashState,), "application/yaml": (str,), _MULTIPART: (FormBody,)},
        required=False,
        examples={JSON: _DOCUMENT, "application/yaml": _YAML, _MULTIPART: {"file": _YAML}},
    ),
    answers={
        202: Answer(
            "The document was stored.",
            str,
            "text/plain",
            example="Accepted",
            headers=WARNING_HEADERS,
        )
    },
    errors=(InvalidBodyError,),
    takes_files=True,
)
async def import_state(request: Request) -> Response:
    """Import a document of Unleash 3.x to 5.x.

    If the document is invalid, nothing is imported. The header `X-Flagstaff-Warnings` lists the
    items that were left out.
    """
    query = dict(request.query())
    document = await _document(request)
    drop = _is_on(query, "drop", default=False)
    keep = _is_on(query, "keep", default=False)

    async def prepare(work: UnitOfWork) -> UnleashResult:
        return await import_unleash(work, document, drop=drop, keep=keep)

    result = await request.store.write_prepared(request.principal.actor, prepare)
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *report_warnings(result)]
    return Response(HTTPStatus.ACCEPTED, b"Accepted", headers)


async def _document(request: Request) -> UnleashDocument:
    """Return the document in the body of a request.

    If the body is a form, the document is the file in the form.

    Raises: Refusal, ContentTypeError, BadDataError, and the errors of `Request.content`.
    """
    media_type, content_type = request.media_type, request.header("content-type") or ""
    in_form = media_type == _MULTIPART
    if media_type and not (in_form or is_json(media_type) or media_type in _YAML_TYPES):
        raise ContentTypeError(
            f"A document must be application/json or application/yaml, or a file in "
            f"{_MULTIPART}, not {media_type}."
        )
    body = await request.content()

    def read() -> UnleashDocument:
        content, format = body, StateFormat.JSON
        if in_form:
            file = file_of(body, content_type, field=_FILE_FIELD)
            content = file.content
            if file.name.lower().endswith(_YAML_ENDINGS):
                format = StateFormat.YAML
        elif media_type in _YAML_TYPES:
            format = StateFormat.YAML
        elif not content:
            content = b"{}"
        limit = request.max_body_bytes
        return unleash_document_of(parse_content(content, format=format, path=(), max_bytes=limit))

    return await asyncio.to_thread(read)


def _is_on(query: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Return whether a parameter is a number other than zero, or the string `true`."""
    value = query.get(name)
    if value is None:
        return default
    number = _INTEGER.match(value)
    return any(digit in "123456789" for digit in number[0]) if number else value.lower() == "true"


def _file_name(now: datetime, ending: str) -> str:
    return f"export-{now.astimezone(UTC):%Y-%m-%d_%H-%M-%S}.{ending}"
