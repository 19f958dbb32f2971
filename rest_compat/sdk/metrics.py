"""`POST /api/client/metrics`: an instance reports how often it asked for toggles."""

import asyncio
import hashlib
from http import HTTPStatus

from rest_compat.http.decoding import decode_json
from rest_compat.http.request import Answer, Request, accepted
from rest_compat.sdk.bodies import Origin, origin_of, usage_of
from rest_compat.sdk.plain_usage import plain_usage_of
from rest_compat.sdk.reporting import store_reports
from store.json_text import LARGE_TEXT_BYTES
from store.metrics.reports import UsageReport


async def post_metrics(request: Request) -> Answer:
    """Answer 202 without a body once the counts are durable (contract: "metrics")."""
    body = await request.body()
    origin, receipt = origin_of(request), _receipt(request, body)
    if len(body) > LARGE_TEXT_BYTES:
        report = await asyncio.to_thread(_report_of, body, origin, receipt)
    else:
        report = _report_of(body, origin, receipt)
    await store_reports(request, report)
    return accepted()


def _report_of(body: bytes, origin: Origin, receipt: str) -> UsageReport:
    report = plain_usage_of(body, origin, receipt=receipt)
    if report is None:
        report = usage_of(decode_json(body), origin, receipt=receipt)
    return report


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
