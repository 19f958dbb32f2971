"""Export of the state document of 3.x, and import of those of 3.x to 5.x."""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

import msgspec

from rest_compat.http.errors import ContentTypeError, RestError
from rest_compat.http.multipart import file_of
from rest_compat.http.request import Answer, Request, is_json
from rest_compat.http.router import Route, Routes
from rest_compat.unleash3.errors import Flaw, FlawedBodyError
from store.errors import DomainError, Refusal, place_of
from store.state.reading import value_of_text
from store.state.v3.checking import v3_document_of
from store.state.v3.document import V3Document
from store.state.v3.exporting import export_v3_state
from store.state.v3.importing import MadeOfV3, import_v3_state
from store.state.v3.incoming import LooseEnd
from store.state.writing import StateFormat
from store.state.yaml_text import yaml_of
from store.unit_of_work import UnitOfWork

_YAML_TYPES = frozenset("application/yaml application/x-yaml text/yaml text/x-yaml".split())
_YAML_ENDINGS = (".yml", ".yaml")
_MULTIPART = "multipart/form-data"
_FILE_FIELD = "file"
# What of the store's rules 3.x has a name for.
_TYPES = {
    "name-pattern": "isUrlFriendly.base",
    "name-reserved": "isUrlFriendly.base",
    "variants-unique": "array.unique",
    "weight-type": "any.only",
}
_WHOLE = re.compile(r"\s*[+-]?\d+", re.ASCII)
# How many warnings are logged, and how much of a header they may fill; proxies drop answers whose
# headers are too long.
MAX_LOGGED = 10
_LONGEST_WARNINGS = 4_000

_log = logging.getLogger(__name__)


async def _export(request: Request) -> Answer:
    query = dict(request.query())
    yaml = query.get("format") == "yaml"
    parts = {
        "features": _is_on(query, "featureToggles", default=True),
        "strategies": _is_on(query, "strategies", default=True),
        "projects": _is_on(query, "projects", default=True),
        "tags": _is_on(query, "tags", default=True),
    }
    snapshot, usage = request.snapshot, request.store.usage
    seen = {it.name: usage.last_seen_at(it.name) for it in snapshot.live_toggles}

    def written() -> bytes:
        document = export_v3_state(snapshot, last_seen_at=seen.get, **parts)
        return yaml_of(document).encode() if yaml else msgspec.json.encode(document)

    media_type = b"text/yaml; charset=utf-8" if yaml else b"application/json; charset=utf-8"
    headers = [(b"content-type", media_type)]
    if _is_on(query, "download", default=False):
        name = _file_name(request.store.clock(), "yml" if yaml else "json")
        headers.append((b"content-disposition", f'attachment; filename="{name}"'.encode()))
    # A large one takes its time, and a snapshot never changes.
    return Answer(HTTPStatus.OK, await asyncio.to_thread(written), headers)


async def _import(request: Request) -> Answer:
    query = dict(request.query())
    document = await _document(request)
    drop = _is_on(query, "drop", default=False)
    keep = _is_on(query, "keep", default=False)

    async def prepare(work: UnitOfWork) -> MadeOfV3:
        return await import_v3_state(work, document, drop=drop, keep=keep)

    made = await request.store.write_prepared(request.principal.actor, prepare)
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if made.loose_ends:
        warnings = [_sentence(it) for it in made.loose_ends]
        count = len(warnings) + made.more_loose_ends
        logged = warnings[:MAX_LOGGED]
        text = " ".join([*logged, *_rest_of(count, len(logged))])
        _log.warning("Warnings of an import (%d): %s", count, text)
        headers.append((b"x-flagstaff-warnings", _header_of(warnings, count)))
    return Answer(HTTPStatus.ACCEPTED, b"Accepted", headers)


async def _document(request: Request) -> V3Document:
    """The document that a request brings, as its body or in a file.

    Raises: Refusal, ContentTypeError, BadDataError, and what `Request.content` raises.
    """
    media_type, content_type = request.media_type, request.header("content-type") or ""
    in_form = media_type == _MULTIPART
    if media_type and not (in_form or is_json(media_type) or media_type in _YAML_TYPES):
        raise ContentTypeError(
            f"A document comes as application/json or application/yaml, or as a file in "
            f"{_MULTIPART}, not as {media_type}."
        )
    body = await request.content()

    def read() -> V3Document:
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
        return v3_document_of(value_of_text(content, format=format, path=()))

    return await asyncio.to_thread(read)


def _is_on(query: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Numbers are true unless they are zero, other texts only if they are `true`."""
    text = query.get(name)
    if text is None:
        return default
    number = _WHOLE.match(text)
    return any(it in "123456789" for it in number[0]) if number else text.lower() == "true"


def _file_name(now: datetime, ending: str) -> str:
    return f"export-{now.astimezone(UTC):%Y-%m-%d_%H-%M-%S}.{ending}"


def _refused(refusal: Refusal) -> RestError:
    """All that is wrong with a document, one flaw each, whatever kind of error it is."""
    return FlawedBodyError([_flaw(error) for error in refusal.errors])


def _flaw(error: DomainError) -> Flaw:
    rule: str = getattr(error, "rule", error.code.lower())
    place = tuple(int(step) if step.isdecimal() else step for step in error.path)
    return Flaw(_sentence(error), place, _TYPES.get(rule, rule))


def _sentence(told: DomainError | LooseEnd) -> str:
    return f'"{place_of(told.path)}": {told.message}' if told.path else told.message


def _header_of(warnings: list[str], count: int) -> bytes:
    """The first of the warnings as a JSON list, which in ASCII may stand in a header, and how many
    more there are."""
    listed: list[str] = []
    length = 0
    for warning in warnings:
        length += len(json.dumps(warning)) + 2
        if length > _LONGEST_WARNINGS:
            break
        listed.append(warning)
    return json.dumps([*listed, *_rest_of(count, len(listed))]).encode()


def _rest_of(count: int, listed: int) -> list[str]:
    """What to say of warnings that are not listed."""
    return [f"There are {count - listed:,} more warnings."] if count > listed else []


_PATH = "/api/admin/state"

ROUTES: Routes = {
    f"{_PATH}/export": {"GET": Route(_export)},
    f"{_PATH}/import": {"POST": Route(_import, _refused, takes_files=True)},
}
