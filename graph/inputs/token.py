"""Inputs of the mutations on API tokens."""

from datetime import datetime

import strawberry
from strawberry import Maybe

from graph.enums import ApiTokenType


@strawberry.input(description="What a new API token looks like.")
class ApiTokenCreateInput:
    name: str = strawberry.field(description="The name people will know it by.")
    type: ApiTokenType = strawberry.field(description="What its holder may do.")
    environment: str = strawberry.field(
        default="default",
        description="The environment it reads; only for client and frontend tokens.",
    )
    projects: list[str] = strawberry.field(
        default_factory=list, description="The projects it may see; empty means all."
    )
    expires_at: datetime | None = strawberry.field(
        description="When it stops working; never when left out."
    )


@strawberry.input(description="What to change about an API token.")
class ApiTokenUpdateInput:
    id: strawberry.ID = strawberry.field(description="The token to change.")
    expires_at: Maybe[datetime | None] = strawberry.field(
        description="When it stops working; null means never."
    )
    expected_revision: int | None = strawberry.field(
        description="The revision the caller knows; left out, the change is made regardless."
    )


@strawberry.input(description="The API token to revoke.")
class ApiTokenRevokeInput:
    id: strawberry.ID = strawberry.field(description="The token to revoke.")
    revoke_children: bool = strawberry.field(
        default=False,
        description="Whether the tokens created with it are revoked, too, and those created with "
        "them in turn.",
    )
