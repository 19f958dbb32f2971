"""The toggles for SDKs: `GET /api/client/features` and `GET /api/client/features/:name`."""

from rest_compat.http.conditional import conditional, names_etag
from rest_compat.http.errors import UnknownFeatureError
from rest_compat.http.request import Answer, Handler, Request, json_answer
from rest_compat.sdk.documents import feature_document
from rest_compat.sdk.filters import scope_of
from rest_compat.sdk.payload import PayloadCache
from store.content_coding import selects_gzip
from store.model import Toggle
from store.operations.text import shown
from store.wire_time import wire_time

_JSON = (b"content-type", b"application/json; charset=utf-8")
_GZIP = (b"content-encoding", b"gzip")
# Another token, coding or specification gets another answer, and no shared cache may keep any.
_CACHING = [
    (b"vary", b"Authorization, Accept-Encoding, Unleash-Client-Spec"),
    (b"cache-control", b"private, no-cache"),
]


def features_handler() -> Handler:
    """The handler of the list, with the payloads it keeps."""
    payloads = PayloadCache()

    async def list_features(request: Request) -> Answer:
        snapshot, scope = request.snapshot, scope_of(request)
        await payloads.prepare(snapshot, scope)
        payload = payloads.payload(snapshot, scope)
        gzip = selects_gzip(request.header("accept-encoding"), payload.size)
        etag = payload.gzip_etag if gzip else payload.etag
        caching = [(b"etag", etag.encode()), *_CACHING]
        if names_etag(request.header("if-none-match"), etag):
            return Answer(304, headers=caching)
        if gzip:
            await payload.compress()
            return Answer(200, payload.gzip_body, [_JSON, _GZIP, *caching])
        return Answer(200, payload.body, [_JSON, *caching])

    return list_features


async def get_feature(request: Request) -> Answer:
    """One toggle: its entry in the list, with the times that 3.x servers tell beside it."""
    toggle = _toggle_of(request, request.parameters["name"])
    scope = scope_of(request)
    document = feature_document(toggle, scope.environment, request.snapshot, inline=scope.inline)
    document["createdAt"] = wire_time(toggle.created_at)
    document["lastSeenAt"] = wire_time(request.store.usage.last_seen_at(toggle.name))
    answer = json_answer(document)
    return conditional(request, answer, caching=_CACHING, salt=scope.environment.encode())


def _toggle_of(request: Request, name: str) -> Toggle:
    toggle = request.snapshot.toggles.get(name)
    if toggle is None or toggle.archived or not request.principal.reads(toggle):
        raise UnknownFeatureError(f"No toggle is named '{shown(name)}'.")
    return toggle
