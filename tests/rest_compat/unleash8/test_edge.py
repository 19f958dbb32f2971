"""Unleash Edge asks which tokens are valid."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from rest_compat.unleash8.edge import MAX_BODY_BYTES, MAX_TOKENS
from store import Store
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import create_token, revoke_token
from store.unknown_tokens import MAX_ATTEMPTS
from tests.rest_compat.conftest import SECRETS, MakeClient, begins_with, create
from tests.rest_compat.unleash8.conftest import problems

VALIDATE = "/edge/validate"
CLIENT = SECRETS[ApiTokenType.CLIENT, "default"]
FRONTEND = SECRETS[ApiTokenType.FRONTEND, "staging"]
ADMIN = SECRETS[ApiTokenType.ADMIN, None]
VIEWER = SECRETS[ApiTokenType.VIEWER, None]


async def project(store: Store) -> None:
    """A project in addition to the built-in one."""
    await create(store, "shop.search", project="shop")


pytestmark = begins_with(project)


async def test_the_answer_holds_the_valid_tokens_with_their_scope(
    make_client: MakeClient, store: Store
) -> None:
    async with store.write(SYSTEM) as work:
        _, shop = await create_token(
            work, name="shop", type=ApiTokenType.CLIENT, projects=["shop", "default"]
        )
    sent = [CLIENT, "nonsense", shop, "*:default.unknown", FRONTEND, ADMIN, VIEWER, CLIENT]

    answer = await make_client().post(VALIDATE, json={"tokens": sent})

    assert answer.status_code == 200
    assert answer.json() == {
        "tokens": [
            {"token": CLIENT, "type": "client", "environment": "default", "projects": ["*"]},
            {"token": shop, "type": "client", "environment": "default"}
            | {"projects": ["shop", "default"]},
            {"token": FRONTEND, "type": "frontend", "environment": "staging", "projects": ["*"]},
            {"token": ADMIN, "type": "admin", "environment": "*", "projects": ["*"]},
        ]
    }


async def test_revoked_and_expired_tokens_are_not_valid(
    make_client: MakeClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.write(SYSTEM) as work:
        revoked, first = await create_token(work, name="a", type=ApiTokenType.CLIENT)
        expires_at = work.now + timedelta(minutes=1)
        _, second = await create_token(
            work, name="b", type=ApiTokenType.CLIENT, expires_at=expires_at
        )
    async with store.write(SYSTEM) as work:
        await revoke_token(work, revoked.id)
    monkeypatch.setattr(store, "clock", lambda: expires_at)

    answer = await make_client().post(VALIDATE, json={"tokens": [first, second]})

    assert answer.json() == {"tokens": []}


async def test_an_address_that_asks_for_many_unknown_tokens_must_wait(
    make_client: MakeClient,
) -> None:
    client = make_client()
    for _ in range(MAX_ATTEMPTS):
        await client.post(VALIDATE, json={"tokens": ["*:default.guess"]})

    answer = await client.post(VALIDATE, json={"tokens": ["*:default.guess"]})

    assert answer.status_code == 429
    assert (await client.post(VALIDATE, json={"tokens": [CLIENT]})).status_code == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/body/tokens": "The key 'tokens' is missing."}),
        (
            {"tokens": "x"},
            {"/body/tokens": "The value must be a list, not the string 'x'."},
        ),
        (
            {"tokens": [CLIENT, None]},
            {"/body/tokens/1": "The value must be a string, not null."},
        ),
        (
            {"tokens": ["x"] * (MAX_TOKENS + 1)},
            {"/body/tokens": "The value must have at most 1,000 entries, not 1,001."},
        ),
    ],
)
async def test_what_is_wrong_with_a_list_of_tokens_is_reported(
    make_client: MakeClient, body: dict[str, Any], expected: dict[str, str]
) -> None:
    answer = await make_client().post(VALIDATE, json=body)

    assert problems(answer, 400).keys() == expected.keys()
    assert problems(answer, 400) == expected


async def test_a_body_without_a_token_is_limited_more_than_others(make_client: MakeClient) -> None:
    answer = await make_client().post(VALIDATE, json={"tokens": ["x" * MAX_BODY_BYTES]})

    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/edge", "/edge/issue-token", "/edge/validate/more"])
async def test_other_paths_below_edge_are_left_to_the_rest_of_the_server(
    make_client: MakeClient, path: str
) -> None:
    assert (await make_client().get(path)).text == "elsewhere"


async def test_the_valid_tokens_cannot_be_read(make_client: MakeClient) -> None:
    answer: httpx.Response = await make_client().get(VALIDATE)

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
