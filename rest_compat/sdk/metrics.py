"""`POST /api/client/metrics`: an instance reports how often it evaluated toggles."""

import asyncio
import hashlib
from http import HTTPStatus

from rest_compat.http.decoding import decode_json
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.bodies import Origin, origin_of, usage_of
from rest_compat.sdk.examples import METRICS
from rest_compat.sdk.models import MetricsJson
from rest_compat.sdk.plain_usage import plain_usage_of
from rest_compat.sdk.reporting import REPORT_ANSWERS, REPORT_ERRORS, store_reports
from store.json_checks import LARGE_JSON_BYTES
from store.usage.reports import UsageReport

routes = RouteTable("client")


@routes.route(
    "POST",
    "/api/client/metrics",
    id="registerClientMetrics",
    body=MetricsJson,
    example=METRICS,
    answers=REPORT_ANSWERS,
    errors=REPORT_ERRORS,
)
async def post_metrics(request: Request) -> Response:
    """Report how often toggles were evaluated.

    The response is sent once the counts are durable. A repeated report is counted once.
    """
    body = await request.body()
    origin, receipt = origin_of(request), _receipt(request, body)
    if len(body) > LARGE_JSON_BYTES:
        report = await asyncio.to_thread(_report_of, body, origin, receipt)
    else:
        report = _report_of(body, origin, receipt)
    await store_reports(request, report)
    return Response(HTTPStatus.ACCEPTED)


def _report_of(body: bytes, origin: Origin, receipt: str) -> UsageReport:
    report = plain_usage_of(body, origin, receipt=receipt)
    if report is None:
        report = usage_of(decode_json(body), origin, receipt=receipt)
    return report


def _receipt(request: Request, body: bytes) -> str:
    """Return a key that identifies a report. A repeated request has the same key.

    The key depends on the whole body, which contains appName, instanceId, start and stop. The body
    may lack the connection ID, so the key also depends on the header `unleash-connection-id`.
    """
    token = request.principal.token
    sender = f"{token.id if token else ''}\0{request.header('unleash-connection-id') or ''}\0"
    return hashlib.sha256(sender.encode() + body).hexdigest()
