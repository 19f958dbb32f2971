"""Raw requests to the GraphQL edge, and refusals of raw requests."""

import httpx

from graph.engine.http.negotiation import JSON
from tests.graph.gateway import Gateway

QUERY = "{ viewer { canWrite } }"
BODY = b'{"query": "{ viewer { canWrite } }"}'


async def post_raw(
    gateway: Gateway, content: bytes, *, token: str = "admin", **headers: str
) -> httpx.Response:
    """Return the answer to a body that is sent unchanged."""
    return await gateway.client.post(
        "/graphql",
        content=content,
        headers={"Content-Type": JSON, **gateway.headers(token), **headers},
    )


async def get(
    gateway: Gateway, *, accept: str = JSON, if_none_match: str | None = None, **params: str
) -> httpx.Response:
    """Return the answer to a GET with an admin token."""
    headers = {**gateway.headers("admin"), "Accept": accept}
    if if_none_match is not None:
        headers["If-None-Match"] = if_none_match
    return await gateway.client.get("/graphql", params=params, headers=headers)


def refusal(response: httpx.Response) -> tuple[int, str]:
    """The status and code of an answer with one error and no data."""
    answer = response.json()
    (error,) = answer["errors"]
    assert "data" not in answer
    assert error["message"]
    return response.status_code, error["extensions"]["code"]
