"""`POST /api/client/metrics`: an instance reports how often it asked for toggles."""

import hashlib
from http import HTTPStatus
from typing import Any

from rest_compat.sdk.bodies import origin_of, usage_of
from rest_compat.wire import Answer, Request, accepted, decode_json


async def post_metrics(request: Request) -> Answer:
    """Answer 202 without a body once the counts are durable (contract: "metrics")."""
    body = await request.body()
    document: Any = decode_json(body) if body else {}
    report = usage_of(document, origin_of(request), receipt=_receipt(request, body))
    await request.store.journal.add(report)
    return accepted()


async def store_nothing(request: Request) -> Answer:
    """Answer 204 to whatever is reported, where nobody wants it (FLAGSTAFF_METRICS=off)."""
    await request.json()
    return Answer(HTTPStatus.NO_CONTENT)


def _receipt(request: Request, body: bytes) -> str:
    """What two requests have in common only if the second is a retry of the first.

    The body holds appName, instanceId, start and stop; the connection may stand in a header only.
    """
    token = request.principal.token
    sender = f"{token.id if token else ''}\0{request.header('unleash-connection-id') or ''}\0"
    return hashlib.sha256(sender.encode() + body).hexdigest()
