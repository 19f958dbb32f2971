"""Mutations on API tokens."""

from typing import Annotated

import strawberry
from strawberry import argument

from graph import input_mapping as mapping
from graph.context import Info
from graph.ids import decode_id, encode_id
from graph.inputs.token import ApiTokenCreateInput, ApiTokenRevokeInput, ApiTokenUpdateInput
from graph.payload import Payload, change, mutation, shown_as
from graph.tokens.type import ApiToken
from store import model
from store.operations import tokens


@strawberry.type(description="The outcome of creating an API token.")
class ApiTokenCreatePayload(Payload):
    api_token: model.ApiToken | None = shown_as(
        ApiToken, "The new token, null when it could not be created."
    )
    secret: str | None = shown_as(
        str,
        "The secret to put in the Authorization header, shown this once, "
        "null when no token was created.",
    )


@strawberry.type(description="The outcome of changing an API token.")
class ApiTokenUpdatePayload(Payload):
    api_token: model.ApiToken | None = shown_as(
        ApiToken, "The token after the change, null when it could not be made."
    )


@strawberry.type(description="The outcome of revoking an API token.")
class ApiTokenRevokePayload(Payload):
    revoked_id: strawberry.ID | None = shown_as(
        strawberry.ID, "The ID of the revoked token, null when it could not be revoked."
    )


@mutation
async def api_token_create(
    info: Info,
    input: Annotated[ApiTokenCreateInput, argument(description="What it looks like.")],
) -> ApiTokenCreatePayload:
    """Create an API token."""
    async with change(info) as work:
        token, secret = await tokens.create_token(
            work,
            name=input.name,
            type=input.type,
            environment=input.environment,
            projects=input.projects,
            expires_at=input.expires_at,
        )
    return ApiTokenCreatePayload(api_token=token, secret=secret)


@mutation
async def api_token_update(
    info: Info,
    input: Annotated[ApiTokenUpdateInput, argument(description="What to change.")],
) -> ApiTokenUpdatePayload:
    """Change when an API token expires."""
    token_id = decode_id(input.id, "ApiToken", path=("id",))
    async with change(info) as work:
        token = await tokens.update_token(
            work,
            token_id,
            expires_at=mapping.given_or_null(input.expires_at),
            expected_revision=input.expected_revision,
        )
    return ApiTokenUpdatePayload(api_token=token)


@mutation
async def api_token_revoke(
    info: Info,
    input: Annotated[ApiTokenRevokeInput, argument(description="Which token.")],
) -> ApiTokenRevokePayload:
    """Revoke an API token."""
    token_id = decode_id(input.id, "ApiToken", path=("id",))
    async with change(info) as work:
        token = await tokens.revoke_token(work, token_id, revoke_children=input.revoke_children)
    return ApiTokenRevokePayload(revoked_id=encode_id("ApiToken", token.id))
