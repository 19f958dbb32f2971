"""The toggles for SDKs: `GET /api/client/features` and `GET /api/client/features/:name`."""

from rest_compat.http.conditional import IF_NONE_MATCH, UNCHANGED, conditional, names_etag
from rest_compat.http.errors import BadDataError, FilterError, UnknownFeatureError
from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import PieceResponse, Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.sdk.feature_bodies import feature_body
from rest_compat.sdk.filters import FILTERS, scope_of
from rest_compat.sdk.models import FeatureJson, FeaturesJson
from rest_compat.sdk.payload import PayloadCache
from store.content_coding import selects_gzip
from store.http_times import format_time
from store.model import Toggle
from store.operations.strings import display

_JSON = (b"content-type", b"application/json; charset=utf-8")
_GZIP = (b"content-encoding", b"gzip")
# The body depends on the token, so shared caches must not store it.
_CACHING = [
    (b"vary", b"Authorization, Accept-Encoding, Unleash-Client-Spec"),
    (b"cache-control", b"private, no-cache"),
]

_TOGGLE = path_parameter("name", "The name of the toggle.", "checkout-one-page")


def features_routes() -> RouteTable:
    """Return the routes that read toggles, with a common cache of payloads."""
    routes = RouteTable("client")
    payloads = PayloadCache()

    @routes.route(
        "GET",
        "/api/client/features",
        id="getAllClientFeatures",
        parameters=(*FILTERS, IF_NONE_MATCH),
        answers={200: FeaturesJson, 304: UNCHANGED},
        errors=(FilterError, BadDataError),
    )
    async def list_features(request: Request) -> Response:
        """List all toggles of the token's environment for SDKs to evaluate.

        Each toggle contains its strategies with constraints, segments and variants. If the header
        `Unleash-Client-Spec` shows that the SDK does not support segments, strategies contain the
        constraints of their segments instead.
        """
        snapshot, scope = request.snapshot, scope_of(request)
        payload = payloads.cached(snapshot, scope)
        if payload is None:
            await payloads.prepare(snapshot, scope)
            payload = payloads.payload(snapshot, scope)
        gzip = selects_gzip(request.header("accept-encoding"), payload.size)
        etag = payload.gzip_etag if gzip else payload.etag
        caching = [(b"etag", etag.encode()), *_CACHING]
        request.allow_repeating()
        if names_etag(request.header("if-none-match"), etag):
            return Response(304, headers=caching)
        if gzip:
            await payload.compress()
            return Response(200, payload.gzip_body, [_JSON, _GZIP, *caching])
        await payload.join()
        return PieceResponse(200, headers=[_JSON, *caching], pieces=payload.pieces)

    @routes.route(
        "GET",
        "/api/client/features/:name",
        id="getClientFeature",
        parameters=(_TOGGLE, IF_NONE_MATCH),
        answers={200: FeatureJson, 304: UNCHANGED},
        errors=(FilterError, BadDataError, UnknownFeatureError),
    )
    async def get_feature(request: Request) -> Response:
        """Read one toggle.

        The toggle has the same keys as in the list, and also the times of its creation and last
        use. An archived toggle is not found.
        """
        # The body has the keys of the list, and also the times that 3.x adds.
        toggle = _toggle_of(request, request.parameters["name"])
        scope = scope_of(request)
        body = feature_body(toggle, scope.environment, request.snapshot, inline=scope.inline)
        body["createdAt"] = format_time(toggle.created_at)
        body["lastSeenAt"] = format_time(request.store.usage.last_seen_at(toggle.name))
        response = json_response(body)
        return conditional(request, response, caching=_CACHING, salt=scope.environment.encode())

    return routes


def _toggle_of(request: Request, name: str) -> Toggle:
    toggle = request.snapshot.toggles.get(name)
    if toggle is None or toggle.archived or not request.principal.reads(toggle):
        raise UnknownFeatureError(f"No toggle is named '{display(name)}'.")
    return toggle
