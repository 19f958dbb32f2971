"""API tokens in today's admin API."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from store import Store
from store.model import ApiTokenType
from tests.rest_compat.conftest import (
    ADMIN_NAME,
    MakeClient,
    MakeToken,
    begins_with,
    create,
    names_at,
)
from tests.rest_compat.unleash8.conftest import problems

TOKENS = "/api/admin/api-tokens"
FUTURE = "2999-01-01T00:00:00.000Z"


async def project(store: Store) -> None:
    """A project in addition to the built-in one."""
    await create(store, "shop.search", project="shop")


pytestmark = begins_with(project)


async def create_token(admin: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    """Create a token and return the answer."""
    answer = await admin.post(TOKENS, json={"tokenName": "shop", "type": "client", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_new_token_is_reported_with_its_secret(
    admin: httpx.AsyncClient, make_client: MakeClient, store: Store
) -> None:
    answer = await admin.post(
        TOKENS,
        json={
            "tokenName": "shop",
            "type": "CLIENT",
            "environment": "staging",
            "projects": ["default"],
            "expiresAt": FUTURE,
        },
    )

    assert answer.status_code == 201
    assert answer.headers["location"] == "api-tokens"
    created = answer.json()
    token = store.snapshot.tokens[created["id"]]
    assert created == {
        "id": token.id,
        "secret": created["secret"],
        "tokenName": "shop",
        "username": "shop",
        "type": "client",
        "environment": "staging",
        "project": "default",
        "projects": ["default"],
        "createdAt": token.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "expiresAt": FUTURE,
        "seenAt": None,
        "alias": None,
    }
    assert created["secret"].startswith("default:staging.")
    assert await names_at(make_client(created["secret"])) == []


async def test_an_expiry_of_digits_alone_is_milliseconds(
    admin: httpx.AsyncClient, store: Store
) -> None:
    # Python reads the digits as the compact date 3247-05-14, 10:00.
    for expires_at in (3247051411000, "3247051411000"):
        created = await create_token(admin, expiresAt=expires_at)

        expected = datetime(2072, 11, 22, 14, 43, 31, tzinfo=UTC)
        assert store.snapshot.tokens[created["id"]].expires_at == expected


@pytest.mark.parametrize(
    ("sent", "displayed"),
    [
        ({"type": "frontend"}, {"type": "frontend", "environment": "default"}),
        ({"type": "backend"}, {"type": "client"}),
        ({"type": "admin"}, {"type": "admin", "environment": "*", "project": "*"}),
        ({"type": "admin", "environment": "*", "project": "*"}, {"projects": ["*"]}),
        ({"project": "default"}, {"projects": ["default"]}),
        ({"projects": ["*"]}, {"project": "*", "projects": ["*"]}),
        (
            {"projects": ["default", "shop"]},
            {"project": "default,shop", "projects": ["default", "shop"]},
        ),
        ({"tokenName": "other", "username": "ann"}, {"tokenName": "other", "username": "other"}),
        ({"expiresAt": None}, {"expiresAt": None}),
    ],
)
async def test_the_scope_of_a_token(
    admin: httpx.AsyncClient, sent: dict[str, Any], displayed: dict[str, Any]
) -> None:
    created = await create_token(admin, **sent)

    assert {key: created[key] for key in displayed} == displayed


async def test_older_clients_call_the_name_a_user_name(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(TOKENS, json={"username": "shop", "type": "client"})

    assert answer.json()["tokenName"] == "shop"


async def test_the_list_never_shows_secrets(
    admin: httpx.AsyncClient, make_client: MakeClient
) -> None:
    created = await create_token(admin)
    secret = created.pop("secret")
    await names_at(make_client(secret))

    answer = await admin.get(TOKENS)

    tokens = answer.json()["tokens"]
    assert [token["tokenName"] for token in tokens] == [
        ADMIN_NAME,
        *("client", "client", "frontend", "frontend", "shop", "viewer"),
    ]
    assert tokens[5] == created | {"secret": "", "seenAt": tokens[5]["seenAt"]}
    assert tokens[5]["seenAt"] is not None
    assert secret not in answer.text
    assert secret.rpartition(".")[2] not in answer.text


async def test_a_viewer_does_not_see_tokens(make_client: MakeClient, make_token: MakeToken) -> None:
    answer = await make_client(await make_token(ApiTokenType.VIEWER)).get(TOKENS)

    assert answer.status_code == 403
    assert answer.json().keys() == {"message"}


async def test_tokens_are_found_by_their_name(
    admin: httpx.AsyncClient, make_client: MakeClient, make_token: MakeToken
) -> None:
    created = [await create_token(admin, type=type) for type in ("client", "frontend")]
    viewer = make_client(await make_token(ApiTokenType.VIEWER))

    found, missing = await admin.get(f"{TOKENS}/shop"), await admin.get(f"{TOKENS}/none")

    assert {token["id"] for token in found.json()["tokens"]} == {token["id"] for token in created}
    assert missing.json() == {"tokens": []}
    assert (await viewer.get(f"{TOKENS}/shop")).status_code == 403


@pytest.mark.parametrize("key", ["id", "secret"])
async def test_the_expiry_of_a_token_is_changed(
    admin: httpx.AsyncClient, store: Store, key: str
) -> None:
    created = await create_token(admin)

    answer = await admin.put(f"{TOKENS}/{created[key]}", json={"expiresAt": FUTURE})

    assert (answer.status_code, answer.content) == (200, b"")
    assert store.snapshot.tokens[created["id"]].expires_at == datetime(2999, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/body/expiresAt"),
        ({"expiresAt": None}, "/body/expiresAt"),
        ({"expiresAt": "soon"}, "/body/expiresAt"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "/body/expiresAt"),
    ],
)
async def test_what_is_wrong_with_a_changed_token_is_reported(
    admin: httpx.AsyncClient, store: Store, body: dict[str, Any], path: str
) -> None:
    created = await create_token(admin)
    before = store.snapshot

    answer = await admin.put(f"{TOKENS}/{created['id']}", json=body)

    assert list(problems(answer, 400)) == [path]
    assert store.snapshot is before


async def test_an_unknown_token_cannot_be_changed(admin: httpx.AsyncClient) -> None:
    answer = await admin.put(f"{TOKENS}/nobody", json={"expiresAt": FUTURE})

    assert list(problems(answer, 404, "NotFoundError")) == [""]
    assert "nobody" not in answer.text


@pytest.mark.parametrize("key", ["id", "secret"])
async def test_a_token_is_revoked_by_its_id_or_its_secret(
    admin: httpx.AsyncClient, make_client: MakeClient, key: str
) -> None:
    created = await create_token(admin)

    answer = await admin.delete(f"{TOKENS}/{created[key]}")

    assert (answer.status_code, answer.content) == (200, b"")
    after = await make_client(created["secret"]).get("/api/client/features")
    assert after.status_code == 401
    assert "shop" not in [
        token["tokenName"] for token in (await admin.get(TOKENS)).json()["tokens"]
    ]


@pytest.mark.parametrize("token", ["nobody", "*:default.4f0a", "%2A:default.4f0a"])
async def test_revoking_an_unknown_token_changes_nothing(
    admin: httpx.AsyncClient, store: Store, token: str
) -> None:
    before = store.snapshot

    answer = await admin.delete(f"{TOKENS}/{token}")

    assert (answer.status_code, answer.content) == (200, b"")
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"expiresAt": "soon", "type": "viewer"},
            {
                "/body/tokenName": "The key 'tokenName' is missing.",
                "/body/type": (
                    "The value must be one of client, backend, frontend, admin, "
                    "not the string 'viewer'."
                ),
                "/body/expiresAt": (
                    "The value must be a date and time such as 2030-01-31T12:00:00Z, "
                    "not the string 'soon'."
                ),
            },
        ),
        (
            {"tokenName": "a\n", "type": "client", "environment": "moon", "projects": ["none"]}
            | {"expiresAt": "2020-01-01T00:00:00Z"},
            {
                "/body/tokenName": (
                    "The token name 'a<U+000A>' holds the character U+000A, which is not allowed "
                    "here."
                ),
                "/body/environment": "No environment is named 'moon'.",
                "/body/projects/0": "No project is named 'none'.",
                "/body/expiresAt": "The time 2020-01-01T00:00:00+00:00 is in the past.",
            },
        ),
        (
            {"tokenName": "shop", "type": "client", "expiresAt": True},
            {
                "/body/expiresAt": (
                    "The value must be a date and time such as 2030-01-31T12:00:00Z, not true."
                )
            },
        ),
        (
            {"tokenName": "shop", "type": "client", "expiresAt": 10**17},
            {
                "/body/expiresAt": (
                    "The value must be a date and time such as 2030-01-31T12:00:00Z, "
                    "not the number 100000000000000000."
                )
            },
        ),
        (
            {"tokenName": "shop", "type": "client", "projects": []},
            {"/body/projects": "The value must not be empty."},
        ),
        (
            {"tokenName": "shop", "type": "client", "environment": "*", "project": "*"},
            {"/body/environment": "No environment is named '*'."},
        ),
        (
            {"tokenName": "shop", "type": "client", "projects": ["*", "default"]},
            {"/body/projects/0": "No project is named '*'."},
        ),
        (
            {"tokenName": "shop", "type": "admin", "environment": "staging"},
            {
                "/body/environment": (
                    "A token of type admin is not bound to an environment, so 'staging' cannot be "
                    "given."
                )
            },
        ),
    ],
)
async def test_what_is_wrong_with_a_new_token_is_reported(
    admin: httpx.AsyncClient, store: Store, body: dict[str, Any], expected: dict[str, str]
) -> None:
    before = store.snapshot

    answer = await admin.post(TOKENS, json=body)

    assert problems(answer, 400) == expected
    assert store.snapshot is before
