"""API tokens that can access a project: list, create, revoke."""

from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import read_body
from rest_compat.unleash8.errors import ConflictError, MissingError, refusal_form
from rest_compat.unleash8.features import PROJECT
from rest_compat.unleash8.lookup import project_of
from rest_compat.unleash8.models import ApiTokensJson, NewApiTokenJson, new_token_json
from rest_compat.unleash8.tokens import lower, token_at, token_type_of, tokens_response
from rest_compat.unleash8.validating import Body, NonEmptyString, Time
from store.identity import require
from store.model import ApiTokenType
from store.operations.tokens import create_token, revoke_token

routes = RouteTable("admin: tokens", refusal_form=refusal_form(renamed={"name": "tokenName"}))

_TOKENS = "/api/admin/projects/:project/api-tokens"
_TOKEN = path_parameter(
    "token", "The ID or the secret of the token.", "default:production.8e2f4a6c0b1d3e5f7a9c8b2d"
)


class NewProjectTokenBody(Body):
    """A new token for a project."""

    token_name: NonEmptyString = Field(validation_alias=AliasChoices("tokenName", "username"))
    type: Annotated[Literal["client", "backend", "frontend"], BeforeValidator(lower)]
    environment: str | None = None
    expires_at: Time | None = None


@routes.route(
    "GET",
    _TOKENS,
    id="getProjectApiTokens",
    parameters=(PROJECT,),
    answers={200: ApiTokensJson},
    errors=(MissingError,),
)
async def list_tokens(request: Request) -> Response:
    """List the API tokens that can access a project, sorted by name, without their secrets.

    The list includes tokens that can access all projects. The request requires an admin token.
    """
    require(request.principal, ApiTokenType.ADMIN)
    project = project_of(request.snapshot, request)
    tokens = request.snapshot.tokens.values()
    return tokens_response(
        request, (token for token in tokens if not token.projects or project in token.projects)
    )


@routes.route(
    "POST",
    _TOKENS,
    id="createProjectApiToken",
    parameters=(PROJECT,),
    body=NewProjectTokenBody,
    example={"tokenName": "shop-phone", "type": "frontend", "environment": "production"},
    answers={201: NewApiTokenJson},
    errors=(BadDataError, MissingError),
)
async def create(request: Request) -> Response:
    """Create an API token that can access only this project.

    The response contains the token's secret, which cannot be read later.
    """
    body = await read_body(request, NewProjectTokenBody)
    async with request.store.write(request.principal.actor) as work:
        token, secret = await create_token(
            work,
            name=body.token_name,
            type=token_type_of(body.type),
            environment=body.environment,
            projects=(project_of(work.snapshot, request),),
            expires_at=body.expires_at,
        )
    response = json_response(new_token_json(token, secret), status=HTTPStatus.CREATED)
    response.headers.append((b"location", b"api-tokens"))
    return response


@routes.route(
    "DELETE",
    f"{_TOKENS}/:token",
    id="deleteProjectApiToken",
    parameters=(PROJECT, _TOKEN),
    errors=(MissingError, ConflictError),
)
async def revoke(request: Request) -> Response:
    """Revoke an API token that can access only this project.

    A token that can access other projects, too, cannot be revoked with this request.
    """
    async with request.store.write(request.principal.actor) as work:
        project = project_of(work.snapshot, request)
        token = token_at(work.snapshot, request)
        if token is None:
            raise MissingError("No API token has this ID or this secret.")
        if token.projects != (project,):
            raise ConflictError(f"Token '{token.name}' can access other projects, too.")
        await revoke_token(work, token.id)
    return Response(200)
