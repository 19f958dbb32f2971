"""Identify the principal of a REST request, and check that the path accepts the token."""

from datetime import datetime

from rest_compat.http.asgi import Scope, header_of
from rest_compat.http.tickets import has_ticket, holder_of_ticket
from store import Snapshot
from store.identity import AUTH_OFF, Principal, bearer_secret, identify, open_client, require
from store.model import ApiTokenType

INDEX_PATH = "/api"
VALIDATE_PATH = "/edge/validate"
OFREP_PATH = "/ofrep"
OFREP_PREFIX = f"{OFREP_PATH}/"
EVENTS_PATH = "/ofrep/v1/events"
READING_METHODS = ("GET", "HEAD", "OPTIONS")


def identify_request(
    scope: Scope, path: str, snapshot: Snapshot, *, auth: str, client_api: str, now: datetime
) -> Principal | None:
    """Return the principal of a request to `path`, or None if the path is outside of the API.

    The index of the API, and the path where Unleash Edge checks tokens, require no token.

    Raises: UnauthenticatedError, ForbiddenError.
    """
    if path in (INDEX_PATH, VALIDATE_PATH):
        return open_client()
    needed = types_for(path, scope["method"])
    if needed is None:
        return None
    authorization = header_of(scope, b"authorization")
    if authorization is None and path.startswith(OFREP_PREFIX):
        authorization = header_of(scope, b"x-api-key")
    if path == EVENTS_PATH and authorization is None and auth != AUTH_OFF and has_ticket(scope):
        return holder_of_ticket(scope, snapshot, now=now)
    if client_api == "open" and auth != AUTH_OFF and _may_be_open(path):
        secret, user = bearer_secret(authorization)
        if secret is None and user is None:
            return open_client()
    principal = identify(
        snapshot,
        authorization=authorization,
        user=header_of(scope, b"x-flagstaff-user"),
        now=now,
        auth=auth,
    )
    if auth != AUTH_OFF:
        require(principal, *needed)
    return principal


def types_for(path: str, method: str) -> tuple[ApiTokenType, ...] | None:
    """Return the types of tokens that a path accepts, or None if the path is outside of the API."""
    match path.split("/", 3)[:3]:
        case ["", "api", "client"]:
            return (ApiTokenType.CLIENT,)
        case ["", "api", "frontend"]:
            return (ApiTokenType.FRONTEND,)
        case ["", "ofrep", *_]:
            return (ApiTokenType.CLIENT, ApiTokenType.FRONTEND)
        case ["", "api", "admin"]:
            if method in READING_METHODS:
                return (ApiTokenType.ADMIN, ApiTokenType.VIEWER)
            return (ApiTokenType.ADMIN,)
        case _:
            return None


def _may_be_open(path: str) -> bool:
    # 3.x also accepts registrations and metrics without a token (contract/rest-v3-auth.yaml).
    return path == "/api/client" or path.startswith("/api/client/")
