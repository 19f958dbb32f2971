"""API tokens: list, create, change, revoke. Only the response to a creation has the secret."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import read_body
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.models import (
    EVERYTHING,
    ApiTokensJson,
    NewApiTokenJson,
    listed_token_json,
    new_token_json,
)
from rest_compat.unleash8.validating import Body, NonEmptyString, Time
from store import Snapshot
from store.identity import require
from store.model import ApiToken, ApiTokenType
from store.operations.limits import MAX_ITEMS
from store.operations.tokens import create_token, revoke_token, update_token

routes = RouteTable("admin: tokens", refusal_form=refusal_form())

_TOKENS = "/api/admin/api-tokens"
_TOKEN = path_parameter(
    "token", "The ID or the secret of the token.", "default:development.7d1f3c5b9a8e4d2c6b0f1e3a"
)
# An example revokes the token of `_TOKEN`, so examples of other requests name this token.
KEPT_TOKEN = "*:production.client-secret-of-the-examples"


def lower(value: Any) -> Any:
    """Return a string in lower case, because clients write types in lower or upper case."""
    return value.lower() if isinstance(value, str) else value


def token_type_of(type: str) -> ApiTokenType:
    """Return a type of tokens. Newer versions of Unleash also call the type `client` `backend`."""
    return ApiTokenType.CLIENT if type == "backend" else ApiTokenType(type)


class NewTokenBody(Body):
    """A new token. Older clients send its name as `username`."""

    token_name: NonEmptyString = Field(validation_alias=AliasChoices("tokenName", "username"))
    type: Annotated[Literal["client", "backend", "frontend", "admin"], BeforeValidator(lower)]
    environment: str | None = None
    project: str | None = None
    projects: list[str] | None = Field(default=None, min_length=1, max_length=MAX_ITEMS)
    expires_at: Time | None = None

    @property
    def token_type(self) -> ApiTokenType:
        """The type of the token."""
        return token_type_of(self.type)

    @property
    def scope(self) -> str | None:
        """The environment that the token reads. None means the default for the token type."""
        unbound = self.token_type is ApiTokenType.ADMIN and self.environment == EVERYTHING
        return None if unbound else self.environment

    @property
    def visible_projects(self) -> list[str]:
        """The projects that the token can access. An empty list means all projects."""
        named = self.projects or ([self.project] if self.project else [])
        return [] if named == [EVERYTHING] else named


class ChangedTokenBody(Body):
    """The time when the token expires."""

    expires_at: Time


@routes.route("GET", _TOKENS, id="getAllApiTokens", answers={200: ApiTokensJson})
async def list_tokens(request: Request) -> Response:
    """List all API tokens, sorted by name, without their secrets.

    The request requires an admin token.
    """
    require(request.principal, ApiTokenType.ADMIN)
    return tokens_response(request, request.snapshot.tokens.values())


@routes.route(
    "GET",
    f"{_TOKENS}/:token",
    id="getApiTokensByName",
    parameters=(path_parameter("token", "The name of the tokens.", "former-shop"),),
    answers={200: ApiTokensJson},
)
async def list_tokens_by_name(request: Request) -> Response:
    """List the API tokens with a name, without their secrets.

    Several tokens can have the same name. The list is empty if no token has the name. The request
    requires an admin token.
    """
    require(request.principal, ApiTokenType.ADMIN)
    name = request.parameters["token"]
    tokens = request.snapshot.tokens.values()
    return tokens_response(request, (token for token in tokens if token.name == name))


def tokens_response(request: Request, tokens: Iterable[ApiToken]) -> Response:
    """Return a response with tokens, sorted by name, without their secrets."""
    last_used_at = request.store.token_use.last_used_at
    listed = [
        listed_token_json(token, seen_at=last_used_at(token.id))
        for token in sorted(tokens, key=lambda token: (token.name, token.id))
    ]
    return json_response(ApiTokensJson(tokens=listed))


@routes.route(
    "POST",
    _TOKENS,
    id="createApiToken",
    body=NewTokenBody,
    example={
        "tokenName": "shop-web",
        "type": "client",
        "environment": "production",
        "projects": ["default"],
    },
    answers={201: NewApiTokenJson},
    errors=(BadDataError,),
    refusal_form=refusal_form(renamed={"name": "tokenName"}),
)
async def create(request: Request) -> Response:
    """Create an API token.

    The response contains the token's secret, which cannot be read later.
    """
    body = await read_body(request, NewTokenBody)
    async with request.store.write(request.principal.actor) as work:
        token, secret = await create_token(
            work,
            name=body.token_name,
            type=body.token_type,
            environment=body.scope,
            projects=body.visible_projects,
            expires_at=body.expires_at,
        )
    response = json_response(new_token_json(token, secret), status=HTTPStatus.CREATED)
    response.headers.append((b"location", b"api-tokens"))
    return response


@routes.route(
    "PUT",
    f"{_TOKENS}/:token",
    id="updateApiToken",
    parameters=(_TOKEN.with_example(KEPT_TOKEN),),
    body=ChangedTokenBody,
    example={"expiresAt": "2030-01-31T12:00:00Z"},
    errors=(BadDataError, MissingError),
)
async def update(request: Request) -> Response:
    """Change the time when an API token expires.

    The path contains the token's ID or its secret.
    """
    body = await read_body(request, ChangedTokenBody)
    async with request.store.write(request.principal.actor) as work:
        token = token_at(work.snapshot, request)
        if token is None:
            raise MissingError("No API token has this ID or this secret.")
        await update_token(work, token.id, expires_at=body.expires_at)
    return Response(HTTPStatus.OK)


@routes.route(
    "DELETE",
    f"{_TOKENS}/:token",
    id="deleteApiToken",
    parameters=(_TOKEN,),
)
async def revoke(request: Request) -> Response:
    """Revoke an API token.

    The path contains the token's ID or its secret. Revoking a token that does not exist succeeds.
    """
    # As in 8.2, revoking a missing token succeeds.
    async with request.store.write(request.principal.actor) as work:
        token = token_at(work.snapshot, request)
        if token is not None:
            await revoke_token(work, token.id)
    return Response(200)


def token_at(snapshot: Snapshot, request: Request) -> ApiToken | None:
    """Return the token whose ID or secret is in the path, or None."""
    id_or_secret = request.parameters["token"]
    return snapshot.tokens.get(id_or_secret) or snapshot.token_of(id_or_secret)
