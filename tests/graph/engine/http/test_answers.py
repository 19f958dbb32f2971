"""GraphQL over HTTP: the status of an answer, and its content on errors."""

from typing import Any

import pytest

from graph.engine.http.answers import method_not_allowed
from graph.engine.http.negotiation import GRAPHQL_JSON, JSON
from store import Store
from store.model import SYSTEM
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.raw_requests import QUERY, get, refusal

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("request_body", "status", "code"),
    [
        ({"query": "{ viewer"}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": '{ toggle(name: "\\u0000") { id } }'}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": '{ toggle(name: "\\uD800") { id } }'}, 400, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, 422, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ toggle(name: 5) { id } }"}, 422, "GRAPHQL_VALIDATION_FAILED"),
        (
            {"query": 'mutation { toggleCreate(input: { name: ["a"] }) { errors { code } } }'},
            422,
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ({"query": QUERY, "operationName": "Nobody"}, 400, "BAD_USER_INPUT"),
        (
            {"query": "query A { viewer { canWrite } } query B { viewer { canWrite } }"},
            400,
            "BAD_USER_INPUT",
        ),
        (
            {
                "query": "query($n: String!) { toggle(name: $n) { id } }",
                "variables": {"n": {"a": 1}},
            },
            400,
            "BAD_USER_INPUT",
        ),
        ({"query": "query($n: String!) { toggle(name: $n) { id } }"}, 400, "BAD_USER_INPUT"),
        (
            {
                "query": "mutation($i: ToggleCreateInput!) { toggleCreate(input: $i) "
                "{ errors { code } } }",
                "variables": {"i": {"name": {"first": "a"}}},
            },
            400,
            "BAD_USER_INPUT",
        ),
    ],
)
async def test_a_request_that_cannot_run_has_no_data(
    shared_gateway: Gateway, request_body: dict[str, Any], status: int, code: str
) -> None:
    answers = {
        accept: await shared_gateway.client.post(
            "/graphql",
            json=request_body,
            headers={**shared_gateway.headers("admin"), "Accept": accept},
        )
        for accept in ("*/*", GRAPHQL_JSON, JSON)
    }

    # Clients that name only application/json treat other statuses as transport errors.
    assert {accept: refusal(answer) for accept, answer in answers.items()} == {
        "*/*": (status, code),
        GRAPHQL_JSON: (status, code),
        JSON: (200, code),
    }


async def test_a_field_error_is_200_with_the_rest_of_the_data(shared_gateway: Gateway) -> None:
    response = await shared_gateway.post('{ viewer { canWrite } node(id: "nonsense") { id } }')

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": {"canWrite": True}, "node": None}
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["path"] == ["node"]


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL_JSON, 294), (JSON, 200)])
async def test_data_with_errors_can_have_the_status_of_the_draft(
    shared_store: Store, accept: str, status: int
) -> None:
    async with gateway_over(shared_store, partial_status=294) as gateway:
        partial = await get(gateway, accept=accept, query='{ node(id: "nonsense") { id } }')
        whole = await get(gateway, accept=accept, query=QUERY)

    assert (partial.status_code, whole.status_code) == (status, 200)
    assert partial.json()["data"] == {"node": None}


async def test_an_answer_has_20_errors_at_most(shared_gateway: Gateway) -> None:
    response = await shared_gateway.post(
        "{ viewer { " + " ".join(f"u{n}" for n in range(500)) + " } }"
    )

    assert response.status_code == 422
    assert len(response.json()["errors"]) == 20
    assert len(response.content) < 128_000


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        (None, 401, "UNAUTHENTICATED"),
        ("*:*.nobody-knows-this-one", 401, "UNAUTHENTICATED"),
        ("client", 403, "FORBIDDEN"),
        ("frontend", 403, "FORBIDDEN"),
    ],
)
async def test_forbidden_callers_are_refused_before_anything_else(
    shared_gateway: Gateway, token: str | None, status: int, code: str
) -> None:
    response = await shared_gateway.client.post(
        "/graphql", content=b"nonsense", headers=shared_gateway.headers(token)
    )

    assert refusal(response) == (status, code)
    assert ("www-authenticate" in response.headers) is (status == 401)


async def test_an_operation_that_takes_too_long_is_given_up(shared_store: Store) -> None:
    mutation = 'mutation { toggleCreate(input: { name: "t" }) { toggle { name } } }'

    async with (
        gateway_over(shared_store, operation_timeout_s=0.1) as gateway,
        shared_store.write(SYSTEM),  # no other writer gets the lock
    ):
        response = await gateway.post(mutation)
    async with gateway_over(shared_store) as gateway:
        data = await gateway.run(mutation)

    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert error["extensions"]["code"] == "TIMEOUT"
    assert data["toggleCreate"]["toggle"] == {"name": "t"}


async def test_a_refusal_has_its_message_as_its_text() -> None:
    assert str(method_not_allowed("GET, POST")) == "The methods allowed here are GET, POST."
