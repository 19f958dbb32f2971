"""Read GraphQL requests from JSON bodies and query strings."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from graph.engine.codes import ErrorCode
from graph.engine.http.answers import RefusedError
from graph.engine.http.negotiation import JSON, is_json
from graph.engine.run.request import GraphQLRequest, RequestError
from store.content_coding import CODINGS, CodingError, UnpackedTooLargeError, unpack
from store.json_checks import LARGE_JSON_BYTES, MAX_NESTING, find_violation, parse_json

MAX_ID_CHARACTERS = 200
MAX_PARAMETERS = 20

_BEYOND = 2**63
_SHA256 = re.compile(r"[0-9a-f]{64}")


async def from_post(request: Request, *, max_bytes: int, deadline_s: float) -> GraphQLRequest:
    """Return the request in the body of a POST; a large body is parsed in a thread.

    Raises: RequestError. RefusedError: 415 for another media type or an unknown content encoding,
        408 for a late body, 413 for a body that is too large before or after decompression.
    """
    if not is_json(request.headers.get("content-type", "")):
        raise RefusedError(
            415,
            ErrorCode.BAD_USER_INPUT,
            f"The body must be {JSON} in UTF-8, with a Content-Type header.",
        )
    coding = ", ".join(request.headers.getlist("content-encoding")).strip().lower()
    compressed = coding not in ("", "identity")
    if compressed and coding not in CODINGS:
        raise RefusedError(
            415,
            ErrorCode.BAD_USER_INPUT,
            f"The content encoding {coding[:50]} is not supported, only gzip and deflate.",
            {"Accept-Encoding": "gzip, deflate"},
        )
    body = await _read_in_time(request, max_bytes, deadline_s)
    if compressed:
        return await asyncio.to_thread(_from_compressed, body, coding, max_bytes)
    if len(body) > LARGE_JSON_BYTES:
        return await asyncio.to_thread(from_body, body)
    return from_body(body)


async def _read_in_time(request: Request, max_bytes: int, deadline_s: float) -> bytes:
    """Return the body as sent, still compressed.

    Raises: RefusedError: 408 after the deadline, 413 beyond the maximum size.
    """
    try:
        async with asyncio.timeout(deadline_s):
            return await _read(request, max_bytes)
    except TimeoutError:
        raise RefusedError(
            408,
            ErrorCode.TIMEOUT,
            f"The body did not arrive within {deadline_s:g} seconds.",
            {"Connection": "close"},
        ) from None


async def _read(request: Request, max_bytes: int) -> bytes:
    """Return the body as sent.

    Raises: RefusedError: 413, the body exceeds the limit.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise RefusedError(
                413,
                ErrorCode.BAD_USER_INPUT,
                f"The body is larger than {max_bytes:,} bytes.",
                {"Connection": "close"},
            )
    return bytes(body)


def _from_compressed(body: bytes, coding: str, max_bytes: int) -> GraphQLRequest:
    """Return the request in a compressed JSON body.

    Raises: RequestError.
    """
    try:
        plain = unpack(body, coding, limit=max_bytes)
    except CodingError as error:
        raise RequestError(str(error)) from None
    except UnpackedTooLargeError as error:
        raise RequestError(str(error), status=413) from None
    return from_body(plain)


def from_body(body: bytes) -> GraphQLRequest:
    """Return the request in a JSON body.

    Raises: RequestError.
    """
    content = _parse(body, "The body")
    violation = find_violation(body)
    if violation is not None:
        raise RequestError(f"The request {violation}.")
    return _request_of(content)


def from_content(content: Any) -> GraphQLRequest:
    """Return the request in a parsed JSON value.

    Raises: RequestError.
    """
    _check_values([content])
    return _request_of(content)


def _request_of(content: Any) -> GraphQLRequest:
    if isinstance(content, list):
        raise RequestError("Batches of operations are not supported; send one operation.")
    if not isinstance(content, dict):
        raise RequestError("The body must be a JSON object.")
    return _request(cast("dict[str, Any]", content))


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """Return the request in the query string of an address.

    Raises: RequestError.
    """
    parameters: dict[str, Any] = query_parameters(query_string)
    _check_values([parameters])
    for name in ("variables", "extensions"):
        if name in parameters:
            value: str = parameters[name]
            parameters[name] = _parse(value.encode(), f"The parameter '{name}'") if value else None
            _check_values([parameters[name]])
    return _request(parameters)


def query_parameters(query_string: bytes) -> dict[str, str]:
    """Return the parameters of a query string. If a name is repeated, its last value is returned.

    Raises: RequestError.
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise RequestError("The parameters of the address cannot be read.") from None
    return dict(pairs)


def _request(content: dict[str, Any]) -> GraphQLRequest:
    query = content.get("query")
    if query is not None and not isinstance(query, str):
        raise RequestError("The field 'query' must be a string.")
    variables = content.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise RequestError("The field 'variables' must be an object.")
    operation_name = content.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise RequestError("The field 'operationName' must be a string.")
    extensions = content.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise RequestError("The field 'extensions' must be an object.")
    digest = _digest(cast("dict[str, Any]", extensions or {}).get("persistedQuery"))
    document_id = _document_id(content.get("documentId"))
    if not query and digest is None and document_id is None:
        raise RequestError("The request has no 'query'.")
    if document_id is not None and (query or digest):
        raise RequestError("A request with a 'documentId' must not contain another document.")
    return GraphQLRequest(
        query or None,
        cast("dict[str, Any] | None", variables),
        operation_name or None,
        digest,
        document_id,
    )


def _digest(persisted_query: Any) -> str | None:
    """Return the hash in the extension for automatic persisted queries."""
    if persisted_query is None:
        return None
    if not isinstance(persisted_query, dict):
        raise RequestError("The extension 'persistedQuery' must be an object.")
    members = cast("dict[str, Any]", persisted_query)
    version, digest = members.get("version"), members.get("sha256Hash")
    if version is True or version != 1:
        raise RequestError("The extension 'persistedQuery' must have the version 1.")
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise RequestError("The 'sha256Hash' must be a SHA-256 in 64 lower-case hex digits.")
    return digest


def _document_id(id: Any) -> str | None:
    if id is None:
        return None
    if not isinstance(id, str) or not 0 < len(id) <= MAX_ID_CHARACTERS:
        raise RequestError(
            f"The field 'documentId' must be a string of 1 to {MAX_ID_CHARACTERS} characters."
        )
    return id


def _parse(value: bytes, what: str) -> Any:
    try:
        return parse_json(value)
    except orjson.JSONDecodeError as error:
        raise RequestError(f"{what} is not JSON: {error}.") from None


def _check_values(values: Sequence[Any]) -> None:
    """Refuse values that JSON allows but the database cannot store.

    The values are checked level by level.

    Raises: RequestError.
    """
    level: list[Any] = list(values)
    for _ in range(MAX_NESTING + 1):
        level = _level_below(level)
        if not level:
            return
    raise RequestError(f"The request is nested more than {MAX_NESTING} deep.")


def _level_below(level: list[Any]) -> list[Any]:
    # Exact types are compared for speed: a body may contain millions of values, and the parser
    # creates no subclasses.
    below: list[Any] = []
    for value in level:
        kind = value.__class__
        if kind is str:
            if "\0" in value:
                raise RequestError("The request holds the character NUL, which cannot be stored.")
        elif kind is dict:
            below.extend(value)
            below.extend(value.values())
        elif kind is list:
            below.extend(value)
        elif (kind is int or kind is float) and not -_BEYOND <= value < _BEYOND:
            # The parser turns integers beyond 64 bits into floats.
            raise RequestError(f"The number {value} does not fit into 64 bits.")
    return below
