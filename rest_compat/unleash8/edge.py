"""Check API tokens for Unleash Edge, which asks before it serves a client with a token."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from pydantic import Field

from rest_compat.http.errors import BODY_ERRORS
from rest_compat.http.identity import VALIDATE_PATH
from rest_compat.http.request import Request
from rest_compat.http.response import INSTALLATION_HEADER, Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import LooseString, read_body
from rest_compat.unleash8.models import EVERYTHING
from rest_compat.unleash8.validating import Body
from store import Snapshot
from store.identity import UnauthenticatedError, holder_of
from store.model import ApiTokenType

routes = RouteTable("server", is_open=True)

MAX_TOKENS = 1_000
# The request needs no token, so its body is limited more than other bodies.
MAX_BODY_BYTES = 200_000
# Edge does not know the type `viewer`.
_EDGE_TYPES = frozenset({ApiTokenType.ADMIN, ApiTokenType.CLIENT, ApiTokenType.FRONTEND})


class TokensBody(Body):
    """The secrets of tokens."""

    tokens: list[LooseString] = Field(max_length=MAX_TOKENS)


class ValidTokenJson(Struct, kw_only=True):
    """A valid token, with its environment and the projects that it can access."""

    token: str
    type: ApiTokenType
    environment: str
    projects: Sequence[str]


class ValidTokensJson(Struct, kw_only=True):
    """The valid tokens."""

    tokens: Sequence[ValidTokenJson]


@routes.route(
    "POST",
    VALIDATE_PATH,
    id="getValidTokens",
    body=TokensBody,
    example={"tokens": ["*:production.client-secret-of-the-examples"]},
    answers={200: ValidTokensJson},
    errors=BODY_ERRORS,
)
async def validate_tokens(request: Request) -> Response:
    """Select the valid tokens from a list of secrets.

    Secrets that are unknown, revoked or expired are omitted from the answer. Unleash Edge sends
    this request for each token that it has not seen before. The request needs no token. An address
    that sends many unknown secrets is answered 429.
    """
    request.max_body_bytes = min(request.max_body_bytes, MAX_BODY_BYTES)
    body = await read_body(request, TokensBody)
    now = request.store.clock()
    found = {secret: _valid(secret, request.snapshot, now) for secret in body.tokens}
    valid = [token for token in found.values() if token is not None]
    if len(valid) < len(found):
        request.store.unknown_tokens.count(request.client_ip or "")
    response = json_response(ValidTokensJson(tokens=valid))
    response.headers.append((INSTALLATION_HEADER, request.store.installation_id.encode()))
    return response


def _valid(secret: str, snapshot: Snapshot, now: datetime) -> ValidTokenJson | None:
    token = snapshot.token_of(secret)
    if token is None or token.type not in _EDGE_TYPES:
        return None
    try:
        holder_of(token, snapshot, now=now)
    except UnauthenticatedError:
        return None
    return ValidTokenJson(
        token=secret,
        type=token.type,
        environment=token.environment or EVERYTHING,
        projects=token.projects or (EVERYTHING,),
    )
