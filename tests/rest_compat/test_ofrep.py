"""Flags as values over the OpenFeature Remote Evaluation Protocol."""

from typing import Any

import httpx
import pytest

from store import Store
from store.model import ApiTokenType
from store.operations.inputs import StrategySpec
from store.values import Constraint, Variant, VariantPayload
from tests.rest_compat.conftest import MakeClient, MakeToken, create

FLAGS = "/ofrep/v1/evaluate/flags"


@pytest.fixture
def provider(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client with a client token of the environment default."""
    return client


def rollout(percentage: str) -> list[StrategySpec]:
    parameters = {"rollout": percentage, "stickiness": "userId", "groupId": "g"}
    return [StrategySpec(name="flexibleRollout", parameters=parameters)]


def only(field: str, *values: str) -> list[StrategySpec]:
    return [StrategySpec(name="default", constraints=(Constraint(field, "IN", values),))]


async def evaluated(provider: httpx.AsyncClient, key: str, **context: Any) -> dict[str, Any]:
    answer = await provider.post(f"{FLAGS}/{key}", json={"context": context})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


async def test_a_flag_without_variants_is_a_boolean_with_its_reason(
    store: Store, provider: httpx.AsyncClient
) -> None:
    await create(store, "off")
    await create(store, "everybody", enabled=True)
    await create(store, "aimed", enabled=True, strategies=only("userId", "7"))
    await create(store, "half", enabled=True, strategies=rollout("99"))

    def told(document: dict[str, Any]) -> tuple[Any, str]:
        return document["value"], document["reason"]

    assert told(await evaluated(provider, "off")) == (False, "DISABLED")
    assert told(await evaluated(provider, "everybody")) == (True, "STATIC")
    assert told(await evaluated(provider, "aimed", targetingKey="7")) == (True, "TARGETING_MATCH")
    assert told(await evaluated(provider, "aimed", targetingKey="8")) == (False, "DEFAULT")
    assert told(await evaluated(provider, "half", targetingKey="7")) == (True, "SPLIT")


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (VariantPayload("json", '{"a": [1]}'), {"a": [1]}),
        (VariantPayload("number", "4.5"), 4.5),
        (VariantPayload("number", "many"), "many"),
        (VariantPayload("number", "+.5"), 0.5),
        (VariantPayload("number", "true"), "true"),
        (VariantPayload("json", "{"), "{"),
        (VariantPayload("string", "text"), "text"),
        (VariantPayload("csv", "a,b"), "a,b"),
        (None, "red"),
    ],
)
async def test_a_variant_is_a_value_of_the_type_of_its_payload(
    store: Store, provider: httpx.AsyncClient, payload: VariantPayload | None, value: Any
) -> None:
    variant = Variant("red", 1000, payload=payload) if payload else Variant("red", 1000)
    await create(store, "a", enabled=True, variants=[variant])

    document = await evaluated(provider, "a", targetingKey="7")

    assert (document["key"], document["variant"], document["value"]) == ("a", "red", value)


async def test_the_key_may_be_encoded(store: Store, provider: httpx.AsyncClient) -> None:
    await create(store, "a.(b)!", enabled=True)

    assert (await evaluated(provider, "a.%28b%29%21"))["value"] is True


async def test_values_of_other_kinds_are_read_as_text_and_structures_left_out(
    store: Store, provider: httpx.AsyncClient
) -> None:
    await create(store, "age", enabled=True, strategies=only("age", "7"))
    await create(store, "beta", enabled=True, strategies=only("beta", "true"))

    context = {"age": 7, "beta": True, "list": [1], "object": {"a": 1}, "none": None}

    assert (await evaluated(provider, "age", **context))["value"] is True
    assert (await evaluated(provider, "beta", **context))["value"] is True


async def test_all_flags_come_with_a_tag_of_flags_and_context(
    store: Store, provider: httpx.AsyncClient
) -> None:
    await create(store, "b", "a", enabled=True, strategies=only("userId", "7"))

    answer = await provider.post(FLAGS, json={"context": {"targetingKey": "7"}})
    headers = {"if-none-match": answer.headers["etag"]}
    again = await provider.post(FLAGS, json={"context": {"targetingKey": "7"}}, headers=headers)
    other = await provider.post(FLAGS, json={"context": {"targetingKey": "8"}}, headers=headers)

    assert [it["key"] for it in answer.json()["flags"]] == ["a", "b"]
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


async def test_an_unknown_flag_is_named_in_the_failure(
    store: Store, provider: httpx.AsyncClient
) -> None:
    answer = await provider.post(f"{FLAGS}/nothing", json={"context": {}})

    assert answer.status_code == 404
    assert answer.json() == {
        "key": "nothing",
        "errorCode": "FLAG_NOT_FOUND",
        "errorDetails": "No flag has the key 'nothing'.",
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "PARSE_ERROR"),
        (b"[" * 100_000, "PARSE_ERROR"),
        (b"[]", "INVALID_CONTEXT"),
        (b'{"context": 5}', "INVALID_CONTEXT"),
        (
            b'{"context": {%s"z": 1}}' % b"".join(b'"k%d": 1,' % it for it in range(1_000)),
            "INVALID_CONTEXT",
        ),
        (b'{"context": {"targetingKey": "%s"}}' % (b"x" * 10_001), "INVALID_CONTEXT"),
    ],
)
@pytest.mark.parametrize("path", [FLAGS, f"{FLAGS}/a"])
async def test_what_is_no_context_is_refused(
    provider: httpx.AsyncClient, path: str, content: bytes, code: str
) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}

    answer = await provider.post(path, content=content, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["errorCode"] == code
    assert ("key" in answer.json()) is (path != FLAGS)


@pytest.mark.parametrize("type", [ApiTokenType.CLIENT, ApiTokenType.FRONTEND])
async def test_tokens_come_as_bearer_bare_or_in_a_header_of_their_own(
    make_client: MakeClient, make_token: MakeToken, type: ApiTokenType
) -> None:
    token = await make_token(type)
    client = make_client()

    for headers in (
        {"authorization": f"Bearer {token}"},
        {"authorization": token},
        {"x-api-key": token},
    ):
        assert (await client.post(FLAGS, json={}, headers=headers)).status_code == 200
    assert (await client.post(FLAGS, json={})).status_code == 401
    assert (await client.post(FLAGS, json={}, headers={"x-api-key": "x"})).status_code == 401


async def test_admin_tokens_do_not_evaluate(make_client: MakeClient, make_token: MakeToken) -> None:
    client = make_client(await make_token(ApiTokenType.ADMIN))

    assert (await client.post(FLAGS, json={})).status_code == 403


async def test_projects_outside_of_the_token_are_unknown(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "b", enabled=True, project="shop")
    client = make_client(await make_token(projects=["default"]))

    assert (await client.post(f"{FLAGS}/b", json={})).status_code == 404
    assert (await client.post(FLAGS, json={})).json()["flags"] == []
