"""Mutations on API tokens."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Maybe, argument

from graph.enums import ApiTokenType
from graph.ids import decode_id, encode_id
from graph.input_fields import expected_revision_field, given_or_null
from graph.payload import Payload, mutation, typed_as
from graph.tokens.type import ApiToken
from store import model
from store.operations import tokens
from store.unit_of_work import UnitOfWork


@strawberry.input(description="The fields of a new API token.")
class ApiTokenCreateInput:
    name: str = strawberry.field(description="The display name.")
    type: ApiTokenType = strawberry.field(
        description="The type, which determines what the holder of the token may do."
    )
    environment: str = strawberry.field(
        default="default",
        description=(
            "The environment that a client or frontend token can read. It has no effect on admin "
            "and viewer tokens."
        ),
    )
    projects: list[str] = strawberry.field(
        default_factory=list, description="The projects that the token may see; empty means all."
    )
    expires_at: datetime | None = strawberry.field(
        description="When the token expires; by default never."
    )


@strawberry.input(description="Changes to an API token.")
class ApiTokenUpdateInput:
    id: strawberry.ID = strawberry.field(description="The token to change.")
    expires_at: Maybe[datetime | None] = strawberry.field(
        description="When the token expires; null means never."
    )
    expected_revision: int | None = expected_revision_field()


@strawberry.input(description="The API token to revoke.")
class ApiTokenRevokeInput:
    id: strawberry.ID = strawberry.field(description="The token to revoke.")
    revoke_children: bool = strawberry.field(
        default=False,
        description=(
            "Whether to also revoke the tokens that were created with this token, directly or "
            "through other tokens."
        ),
    )


@strawberry.type(description="The outcome of creating an API token.")
class ApiTokenCreatePayload(Payload):
    api_token: model.ApiToken | None = typed_as(
        ApiToken, "The new token, null if it could not be created."
    )
    secret: str | None = typed_as(
        str,
        "The secret for the `Authorization` header. No other field returns it. Null if no token "
        "was created.",
    )


@strawberry.type(description="The outcome of changing an API token.")
class ApiTokenUpdatePayload(Payload):
    api_token: model.ApiToken | None = typed_as(
        ApiToken, "The token after the change, null if the change was refused."
    )


@strawberry.type(description="The outcome of revoking an API token.")
class ApiTokenRevokePayload(Payload):
    revoked_id: strawberry.ID | None = typed_as(
        strawberry.ID, "The ID of the revoked token, null if it could not be revoked."
    )


@mutation
async def api_token_create(
    work: UnitOfWork,
    input: Annotated[ApiTokenCreateInput, argument(description="The fields of the new object.")],
) -> ApiTokenCreatePayload:
    """Create an API token."""
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
    work: UnitOfWork,
    input: Annotated[ApiTokenUpdateInput, argument(description="The changes.")],
) -> ApiTokenUpdatePayload:
    """Change the expiry time of an API token."""
    token_id = decode_id(input.id, "ApiToken", path=("id",))
    token = await tokens.update_token(
        work,
        token_id,
        expires_at=given_or_null(input.expires_at),
        expected_revision=input.expected_revision,
    )
    return ApiTokenUpdatePayload(api_token=token)


@mutation
async def api_token_revoke(
    work: UnitOfWork,
    input: Annotated[ApiTokenRevokeInput, argument(description="The token.")],
) -> ApiTokenRevokePayload:
    """Revoke an API token."""
    token_id = decode_id(input.id, "ApiToken", path=("id",))
    token = await tokens.revoke_token(work, token_id, revoke_children=input.revoke_children)
    return ApiTokenRevokePayload(revoked_id=encode_id("ApiToken", token.id))
