"""The types of tokens as security schemes of the OpenAPI document."""

from rest_compat.http.identity import EVENTS_PATH, OFREP_PREFIX, types_for
from rest_compat.http.tickets import PARAMETER
from store.model import ApiTokenType

_IN_HEADER = {"type": "apiKey", "in": "header", "name": "Authorization"}

_NAMES = {
    ApiTokenType.ADMIN: "adminToken",
    ApiTokenType.VIEWER: "viewerToken",
    ApiTokenType.CLIENT: "clientToken",
    ApiTokenType.FRONTEND: "frontendToken",
}
_API_KEY = "openFeatureKey"
_TICKET = "eventsTicket"

SECURITY_SCHEMES: dict[str, dict[str, str]] = {
    "adminToken": {
        **_IN_HEADER,
        "description": (
            "A token of type `admin`, with or without the prefix `Bearer `, for "
            "administration. The header `X-Flagstaff-User` may name the actor for the audit "
            "log."
        ),
    },
    "viewerToken": {
        **_IN_HEADER,
        "description": (
            "A token of type `viewer`, with or without the prefix `Bearer `, for admin "
            "requests that only read."
        ),
    },
    "clientToken": {
        **_IN_HEADER,
        "description": (
            "A token of type `client`, with or without the prefix `Bearer `, for SDKs on "
            "servers. The token reads one environment. A server with "
            "`FLAGSTAFF_CLIENT_API=open` requires no token."
        ),
    },
    "frontendToken": {
        **_IN_HEADER,
        "description": (
            "A token of type `frontend`, with or without the prefix `Bearer `, for SDKs in "
            "browsers and on phones. The token is public, so it permits only evaluation and "
            "usage reports."
        ),
    },
    _API_KEY: {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A client or frontend token, sent by some OpenFeature providers.",
    },
    _TICKET: {
        "type": "apiKey",
        "in": "query",
        "name": PARAMETER,
        "description": (
            "The ticket in the URL of the event stream, for browsers, which cannot send "
            "headers with this request."
        ),
    },
}


def security_of(method: str, path: str) -> list[dict[str, list[str]]]:
    """Return the token schemes that an operation accepts.

    A request needs a token of only one scheme.
    """
    names = [_NAMES[type] for type in types_for(path, method) or ()]
    if path.startswith(OFREP_PREFIX):
        names.append(_API_KEY)
    if path == EVENTS_PATH:
        names.append(_TICKET)
    return [{name: []} for name in names]
