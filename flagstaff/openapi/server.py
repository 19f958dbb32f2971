"""The endpoints that belong to neither SDKs nor admin scripts."""

from flagstaff.openapi.refusals import READING
from flagstaff.openapi.writing import OBJECT, TEXT, Paths, answer, listing, obj, operation, ref

_INDEX = {200: answer("Where things are.", obj("links", links=OBJECT))}

SERVER: Paths = {
    "/graphql": {
        "post": operation(
            "graphql",
            "GraphQL over HTTP; /schema.graphql has the schema.",
            {
                200: answer("What was asked for.", obj(data=OBJECT, errors=listing(OBJECT))),
                **READING,
            },
            body=obj("query", query=TEXT, operationName=TEXT, variables=OBJECT, extensions=OBJECT),
        )
    },
    "/health": {
        "get": operation(
            "server",
            "Whether the process runs.",
            {200: answer("It does.", obj("health", health={"const": "GOOD"}))},
            security=[],
        )
    },
    "/ready": {
        "get": operation(
            "server",
            "Whether the server has toggles to serve.",
            {
                200: answer("It has.", ref("Readiness")),
                503: answer("Not yet, or no more; see Retry-After.", ref("Readiness")),
            },
            security=[],
        )
    },
    "/api": {"get": operation("server", "What the API consists of.", _INDEX, security=[])},
    "/api/admin": {"get": operation("server", "What the admin API consists of.", _INDEX)},
    "/api/client": {"get": operation("server", "What the client API consists of.", _INDEX)},
}
