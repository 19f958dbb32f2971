"""`POST /api/client/metrics`: an instance reports how often it asked for toggles."""

import hashlib
from http import HTTPStatus

from rest_compat.sdk.bodies import origin_of, usage_of
from rest_compat.sdk.plain_usage import plain_usage_of
from rest_compat.sdk.reporting import store_reports
from rest_compat.wire import Answer, Request, accepted, decoded


async def post_metrics(request: Request) -> Answer:
    """Answer 202 without a body once the counts are durable (contract: "metrics")."""
    body = await request.body()
    origin, receipt = origin_of(request), _receipt(request, body)
    report = plain_usage_of(body, origin, receipt=receipt)
    if report is None:
        report = usage_of(await decoded(body), origin, receipt=receipt)
    await store_reports(request, report)
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
