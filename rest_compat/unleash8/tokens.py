"""API tokens: list, create, revoke; their secrets are told on creation and never again."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from rest_compat.http.bodies import Body, Moment, Text
from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from rest_compat.unleash8.bodies import read
from rest_compat.unleash8.documents import EVERYTHING, token_document
from rest_compat.unleash8.errors import refused
from store.identity import require
from store.model import ApiTokenType
from store.operations.limits import MOST_ITEMS
from store.operations.tokens import create_token, revoke_token


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class NewTokenBody(Body):
    """A token to be made; older clients call its name `username`."""

    token_name: Text = Field(validation_alias=AliasChoices("tokenName", "username"))
    # Unleash also says backend where it used to say client.
    type: Annotated[Literal["client", "backend", "frontend", "admin"], BeforeValidator(_lower)]
    environment: str | None = None
    project: str | None = None
    projects: list[str] | None = Field(default=None, min_length=1, max_length=MOST_ITEMS)
    expires_at: Moment | None = None

    @property
    def token_type(self) -> ApiTokenType:
        """What the holder may do."""
        return ApiTokenType.CLIENT if self.type == "backend" else ApiTokenType(self.type)

    @property
    def scope(self) -> str | None:
        """The environment to be read, None for whatever the type has by itself."""
        unbound = self.token_type is ApiTokenType.ADMIN and self.environment == EVERYTHING
        return None if unbound else self.environment

    @property
    def seen_projects(self) -> list[str]:
        """The projects to be seen; none means all."""
        named = self.projects or ([self.project] if self.project else [])
        return [] if named == [EVERYTHING] else named


async def list_tokens(request: Request) -> Answer:
    """All tokens, by name. Who may not change anything sees none of them, as in GraphQL."""
    require(request.principal, ApiTokenType.ADMIN)
    tokens = sorted(request.snapshot.tokens.values(), key=lambda it: (it.name, it.id))
    last_used_at = request.store.token_use.last_used_at
    documents = [token_document(it, seen_at=last_used_at(it.id)) for it in tokens]
    return json_answer({"tokens": documents})


async def add_token(request: Request) -> Answer:
    """The new token with its secret."""
    body = await read(request, NewTokenBody)
    async with request.store.write(request.principal.actor) as work:
        token, secret = await create_token(
            work,
            name=body.token_name,
            type=body.token_type,
            environment=body.scope,
            projects=body.seen_projects,
            expires_at=body.expires_at,
        )
    answer = json_answer({"secret": secret, **token_document(token)}, status=201)
    answer.headers.append((b"location", b"api-tokens"))
    return answer


async def remove_token(request: Request) -> Answer:
    """Revoke the token whose ID, or whose secret as in 8.2, the path names.

    Revoking a token that does not exist succeeds, as in 8.2.
    """
    text = request.parameters["token"]
    async with request.store.write(request.principal.actor) as work:
        token = work.snapshot.tokens.get(text) or work.snapshot.token_of(text)
        if token is not None:
            await revoke_token(work, token.id)
    return Answer(200)


ROUTES: Routes = {
    "/api/admin/api-tokens": {
        "GET": Route(list_tokens),
        "POST": Route(add_token, refused(renamed={"name": "tokenName"})),
    },
    "/api/admin/api-tokens/:token": {"DELETE": Route(remove_token, refused())},
}
