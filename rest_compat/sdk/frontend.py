"""`/api/frontend`: toggles decided on the server, for browsers and phones."""

from typing import Any

from rest_compat.http.conditional import conditional
from rest_compat.http.errors import NotOfferedError
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.sdk.bodies import origin_of, registration_of, usage_of
from rest_compat.sdk.contexts import context_in_body, context_in_query
from rest_compat.sdk.evaluating import evaluate_toggles
from rest_compat.sdk.reporting import read_report, store_reports
from store.evaluation import Context, Decision, deciders
from store.model import Toggle
from store.values import Variant

_CACHING = [(b"vary", b"Authorization"), (b"cache-control", b"no-cache")]
_OK = Answer(200, b"OK", [(b"content-type", b"text/plain; charset=utf-8")])


async def get_toggles(request: Request) -> Answer:
    """The toggles that are on for the context in the query, by name."""
    return await _toggles(request, context_in_query(request))


async def post_toggles(request: Request) -> Answer:
    """The toggles that are on for the context in the body, by name."""
    return await _toggles(request, context_in_body(request, await request.json()))


async def post_metrics(request: Request) -> Answer:
    """Answer with the text OK once the counts are durable; retries are not told apart.

    Frontend SDKs do not register: their applications are known by what they report.
    """
    origin = origin_of(request)
    report = await read_report(
        request, lambda body: usage_of(body, origin, receipt=None, registers=True)
    )
    await store_reports(request, report)
    return _OK


async def register(request: Request) -> Answer:
    """Answer with the text OK once the registration is durable."""
    report = registration_of(await request.json(), origin_of(request))
    await store_reports(request, report)
    return _OK


async def not_offered(request: Request) -> Answer:
    """Paths that are named and not offered, as in 8.2 (contract: "frontend-client-features")."""
    raise NotOfferedError(f"There is no {request.path} for frontends.")


async def _toggles(request: Request, context: Context) -> Answer:
    """The toggles within the token's projects that are on for a context, by name."""
    snapshot, principal = request.snapshot, request.principal
    decide = deciders(snapshot, principal.environment)

    def evaluate(toggle: Toggle) -> dict[str, Any] | None:
        return _document(toggle, decide[toggle.name](context))

    toggles = filter(principal.reads, snapshot.live_toggles)
    documents = await evaluate_toggles(request, toggles, evaluate)
    document = {"toggles": [it for it in documents if it is not None]}
    return conditional(request, json_answer(document), caching=_CACHING)


def _document(toggle: Toggle, decision: Decision) -> dict[str, Any] | None:
    if not decision.enabled:
        return None
    return {
        "name": toggle.name,
        "enabled": True,
        "variant": _variant(decision.variant),
        "impressionData": toggle.impression_data,
    }


def _variant(variant: Variant | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": variant.name if variant else "disabled",
        "enabled": variant is not None,
        # SDKs of different ages read it under different names.
        "feature_enabled": True,
        "featureEnabled": True,
    }
    if variant and variant.payload:
        document["payload"] = variant.payload
    return document
