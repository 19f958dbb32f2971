"""Serve the OpenAPI document at `/openapi.json`."""

import asyncio
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import msgspec
from fastapi import Request, Response

from flagstaff.openapi.document import build_document
from rest_compat.http.conditional import names_etag

OPENAPI_PATH = "/openapi.json"


class _Encoded(NamedTuple):
    body: bytes
    etag: str


async def respond_with_document(request: Request) -> Response:
    """Answer with the document, or with 304 if the client already has the document.

    The first request in each process builds the document in a thread, because this takes a quarter
    of a second.
    """
    document = await asyncio.to_thread(_encode_document)
    headers = {"ETag": document.etag, "Cache-Control": "no-cache"}
    if names_etag(request.headers.get("if-none-match"), document.etag):
        return Response(status_code=304, headers=headers)
    return Response(document.body, headers=headers, media_type="application/json; charset=utf-8")


@cache
def _encode_document() -> _Encoded:
    body = msgspec.json.encode(build_document())
    return _Encoded(body, f'"{blake2b(body, digest_size=16).hexdigest()}"')
