"""API tokens without their secrets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from graph.context import Context
from graph.engine.run.fields import REVISION, contextual, plain
from graph.enums import ApiTokenType
from graph.environments.type import Environment
from graph.node import Node, id_field, shows
from graph.paging import ConnectionOf, EdgeOf
from graph.projects.type import Project
from graph.tokens.actor import Actor
from store import model


def _environment(root: model.ApiToken, context: Context) -> model.Environment | None:
    return context.snapshot.environments.get(root.environment or "")


def _projects(root: model.ApiToken, context: Context) -> Sequence[model.Project]:
    projects = context.snapshot.projects
    return [projects[name] for name in root.projects if name in projects]


def _created_by_token(root: model.ApiToken, context: Context) -> model.ApiToken | None:
    token_id = root.created_by.token_id if root.created_by is not None else None
    return context.snapshot.tokens.get(token_id) if token_id is not None else None


def _last_used_at(root: model.ApiToken, context: Context) -> datetime | None:
    return context.store.token_use.last_used_at(root.id)


@strawberry.type(
    description=(
        "A key to this server. The server returns its secret only once, when the token is created."
    )
)
@shows(model.ApiToken)
class ApiToken(Node):
    id: strawberry.ID = id_field("ApiToken", "id", "The globally unique ID of this token.")
    name: str = plain("The display name.")
    type: ApiTokenType = plain("The type, which determines what the holder of the token may do.")
    environment: Environment | None = contextual(
        _environment,
        "The environment that the token can read, null if the token is not bound to an "
        "environment.",
        reads=("environments",),
    )
    projects: list[Project] = contextual(
        _projects, "The projects that the token may see; empty means all.", reads=("projects",)
    )
    hint: str = plain("The last four characters of the secret.")
    created_at: datetime = plain("When the token was created.")
    created_by: Actor | None = plain("Who created the token, null if unknown.")
    created_by_token: Annotated["ApiToken", strawberry.lazy("graph.tokens.type")] | None = (
        contextual(
            _created_by_token,
            "The token that was used to create this token. Null if no token was used, or if the "
            "token that was used has been revoked.",
            reads=("tokens",),
        )
    )
    expires_at: datetime | None = plain("When the token expires, null if never.")
    last_used_at: datetime | None = contextual(
        _last_used_at, "When the token was last used, null if never."
    )
    revision: int = plain(REVISION)


@strawberry.type(description="An edge with one API token and its cursor.")
class ApiTokenEdge(EdgeOf):
    node: ApiToken = plain("The API token at the end of the edge.")


@strawberry.type(description="A page of the list of API tokens.")
class ApiTokenConnection(ConnectionOf[ApiTokenEdge, ApiToken]):
    pass
