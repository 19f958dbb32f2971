"""Actors: the parties that make changes."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Context
from graph.engine.run.fields import contextual, plain
from graph.engine.run.reads import VIEWER
from graph.enums import ActorKind
from graph.node import shows
from graph.paging import CountedConnectionOf, EdgeOf
from store import model

if TYPE_CHECKING:
    from graph.tokens.type import ApiToken


def _api_token(root: model.Actor, context: Context) -> model.ApiToken | None:
    if root.token_id is None or not context.sees_secrets:
        return None
    return context.snapshot.tokens.get(root.token_id)


@strawberry.type(description="The party that made a change.")
@shows(model.Actor)
class Actor:
    name: str = plain(
        "The display name of the party, such as a token's name or the user name sent with the "
        "token."
    )
    kind: ActorKind = plain("The kind of party.")
    api_token: Annotated["ApiToken", strawberry.lazy("graph.tokens.type")] | None = contextual(
        _api_token,
        "The token that the party used. Null if the party used no token, if the token was "
        "deleted, or if the caller may not see tokens.",
        reads=("tokens", VIEWER),
    )


@strawberry.type(description="An edge with one actor and its cursor.")
class ActorEdge(EdgeOf):
    node: Actor = plain("The actor at the end of the edge.")


@strawberry.type(description="A page of the list of actors.")
class ActorConnection(CountedConnectionOf[ActorEdge, Actor]):
    pass
