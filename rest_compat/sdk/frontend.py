"""`/api/frontend`: toggles that the server evaluates for frontend SDKs."""

from typing import Any

import msgspec
from msgspec import Raw

from rest_compat.http.conditional import IF_NONE_MATCH, conditional
from rest_compat.http.errors import BadDataError, NotOfferedError
from rest_compat.http.operation import Answer, Parameter
from rest_compat.http.refusals import UnavailableError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.bodies import origin_of, registration_of, usage_of
from rest_compat.sdk.contexts import context_in_body, context_in_query
from rest_compat.sdk.evaluating import render_toggles
from rest_compat.sdk.examples import METRICS, REGISTRATION
from rest_compat.sdk.models import (
    DecidedTogglesJson,
    FrontendRequestJson,
    MetricsJson,
    RegistrationJson,
)
from rest_compat.sdk.reporting import NOT_STORED, REPORT_ERRORS, read_report, store_reports
from store.evaluation import Context, Decision
from store.model import Toggle
from store.values import Variant

_CACHING = [(b"vary", b"Authorization"), (b"cache-control", b"no-cache")]
_encode = msgspec.json.Encoder().encode

_OK = Response(200, b"OK", [(b"content-type", b"text/plain; charset=utf-8")])


routes = RouteTable("frontend")
# These routes store reports.
report_routes = RouteTable("frontend")

_FRONTEND = "/api/frontend"
_ANSWERS = {200: DecidedTogglesJson, 304: "The client already has the same toggles."}
_STORED = {
    200: Answer("The report is stored.", str, "text/plain", example="OK"),
    204: NOT_STORED,
}
# Maps the fields of the context to examples.
_FIELDS = {
    "userId": "42",
    "sessionId": "s-1042",
    "remoteAddress": "203.0.113.7",
    "appName": "shop-web",
    "currentTime": "2026-03-02T08:00:00.000Z",
}
_CONTEXT = {
    "context": {
        "userId": "42",
        "sessionId": "s-1042",
        "appName": "shop-web",
        "properties": {"country": "DE"},
    }
}


@routes.route(
    "GET",
    _FRONTEND,
    id="getFrontendFeatures",
    parameters=(
        *(
            Parameter(
                name,
                f"The field `{name}` of the context.",
                str,
                example=example,
                in_samples=name == "userId",
            )
            for name, example in _FIELDS.items()
        ),
        Parameter(
            "properties",
            "Properties of the context, each as `properties[name]=value`.",
            dict[str, str],
            style="deepObject",
            example={"country": "DE"},
        ),
        IF_NONE_MATCH,
    ),
    answers=_ANSWERS,
    errors=(BadDataError, UnavailableError),
)
async def get_toggles(request: Request) -> Response:
    """List the toggles that are on for the context in the query, sorted by name.

    A parameter that is not a field of the context is a property.
    """
    return await _toggles(request, context_in_query(request))


@routes.route(
    "POST",
    _FRONTEND,
    id="evaluateFrontendFeatures",
    parameters=(IF_NONE_MATCH,),
    body=FrontendRequestJson,
    example=_CONTEXT,
    answers=_ANSWERS,
    errors=(BadDataError, UnavailableError),
)
async def post_toggles(request: Request) -> Response:
    """List the toggles that are on for the context in the body, sorted by name.

    Toggles that are off are omitted. If `sessionId` is missing, the server generates a session ID
    for the request. If `remoteAddress` is missing, the server uses the client's address.
    """
    return await _toggles(request, context_in_body(request, await request.json()))


@report_routes.route(
    "POST",
    f"{_FRONTEND}/client/metrics",
    id="registerFrontendMetrics",
    body=MetricsJson,
    example=METRICS,
    answers=_STORED,
    errors=REPORT_ERRORS,
)
async def post_metrics(request: Request) -> Response:
    """Report how often toggles were evaluated.

    The response is sent once the counts are durable. A repeated report is counted again.
    """
    # Frontend SDKs do not register, so their reports also register the applications.
    origin = origin_of(request)
    report = await read_report(
        request, lambda body: usage_of(body, origin, receipt=None, registers=True)
    )
    await store_reports(request, report)
    return _OK


@report_routes.route(
    "POST",
    f"{_FRONTEND}/client/register",
    id="registerFrontendClient",
    body=RegistrationJson,
    example=REGISTRATION,
    answers=_STORED,
    errors=REPORT_ERRORS,
)
async def register(request: Request) -> Response:
    """Register an application when it starts.

    The response is sent once the registration is durable.
    """
    report = registration_of(await request.json(), origin_of(request))
    await store_reports(request, report)
    return _OK


# Unleash 8.2 also refuses these paths (contract: "frontend-client-features"). The OpenAPI document
# omits these routes.
@routes.route("GET", f"{_FRONTEND}/client/features", answers={}, errors=(NotOfferedError,))
@routes.route("GET", f"{_FRONTEND}/health", answers={}, errors=(NotOfferedError,))
async def not_offered(request: Request) -> Response:
    """Refuse the request, because frontends cannot use this path."""
    raise NotOfferedError(f"{request.path} is not available to frontends.")


async def _toggles(request: Request, context: Context) -> Response:
    """Return the toggles of the token's projects that are on for a context, sorted by name."""
    toggles = await render_toggles(request, context, _render_toggle)
    body = Raw(b'{"toggles":[%s]}' % toggles[:-1])
    return conditional(request, json_response(body), caching=_CACHING)


def _render_toggle(toggle: Toggle, decision: Decision) -> bytes:
    """Return the JSON of a toggle, followed by a comma. If the toggle is off, return b""."""
    if not decision.enabled:
        return b""
    body = {
        "name": toggle.name,
        "enabled": True,
        "variant": _variant_body(decision.variant),
        "impressionData": toggle.impression_data,
    }
    return _encode(body) + b","


def _variant_body(variant: Variant | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": variant.name if variant else "disabled",
        "enabled": variant is not None,
        # Old SDKs read `feature_enabled`. New SDKs read `featureEnabled`.
        "feature_enabled": True,
        "featureEnabled": True,
    }
    if variant and variant.payload:
        body["payload"] = variant.payload
    return body
