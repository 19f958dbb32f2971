"""Flags as values over the OpenFeature Remote Evaluation Protocol."""

from typing import Any

import httpx
import msgspec
import pytest

from store import Store
from store.model import ApiTokenType
from store.operations.inputs import StrategySpec
from store.values import Constraint, Variant, VariantPayload
from tests.patterns import note_compiled, only_in_threads
from tests.rest_compat.conftest import SECRETS, MakeClient, MakeToken, create

FLAGS = "/ofrep/v1/evaluate/flags"
# This user is in the first hundredth of `rollout`.
OF_THE_FEW = "214"


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
    await create(store, "most", enabled=True, strategies=rollout("99"))
    await create(store, "few", enabled=True, strategies=rollout("1"))
    await create(store, "all", enabled=True, strategies=rollout("100"))

    def result_of(document: dict[str, Any]) -> tuple[Any, str]:
        return document["value"], document["reason"]

    assert result_of(await evaluated(provider, "off")) == (False, "DISABLED")
    assert result_of(await evaluated(provider, "everybody")) == (True, "STATIC")
    assert result_of(await evaluated(provider, "aimed", targetingKey="7")) == (
        True,
        "TARGETING_MATCH",
    )
    assert result_of(await evaluated(provider, "aimed", targetingKey="8")) == (False, "DEFAULT")
    assert result_of(await evaluated(provider, "most", targetingKey="7")) == (True, "SPLIT")
    assert result_of(await evaluated(provider, "few", targetingKey=OF_THE_FEW)) == (True, "SPLIT")
    assert result_of(await evaluated(provider, "all", targetingKey="7")) == (True, "STATIC")


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

    assert [flag["key"] for flag in answer.json()["flags"]] == ["a", "b"]
    assert answer.content == msgspec.json.encode(answer.json())
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
            b'{"context": {%s"z": 1}}' % b"".join(b'"k%d": 1,' % number for number in range(1_000)),
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


async def test_the_targeting_key_is_a_field_of_its_own_next_to_the_user(
    store: Store, provider: httpx.AsyncClient
) -> None:
    parameters = {"rollout": "50", "stickiness": "targetingKey", "groupId": "g"}
    half = [StrategySpec(name="flexibleRollout", parameters=parameters)]
    await create(store, "device", enabled=True, strategies=only("targetingKey", "d-1"))
    await create(store, "user", enabled=True, strategies=only("userId", "7"))
    await create(store, "half", enabled=True, strategies=half)

    both = {"targetingKey": "d-1", "userId": "7"}
    drawn = {
        (await evaluated(provider, "half", targetingKey=letter))["value"] for letter in "abcdefgh"
    }

    assert (await evaluated(provider, "device", **both))["value"] is True
    assert (await evaluated(provider, "user", **both))["value"] is True
    assert (await evaluated(provider, "user", targetingKey="7"))["value"] is True
    assert drawn == {True, False}


@pytest.mark.parametrize(
    "time", ["2030-01-01T00:00:00Z", "2030-01-01T01:00:00+01:00", 1893456000000, "1893456000000"]
)
async def test_the_time_in_a_context_is_the_time_that_counts(
    store: Store, provider: httpx.AsyncClient, time: Any
) -> None:
    for name, bound in (("later", "2029-12-31T23:59:59Z"), ("too-late", "2030-01-01T00:00:01Z")):
        after = Constraint("currentTime", "DATE_AFTER", value=bound)
        strategies = [StrategySpec(name="default", constraints=(after,))]
        await create(store, name, enabled=True, strategies=strategies)

    assert (await evaluated(provider, "later", currentTime=time))["value"] is True
    assert (await evaluated(provider, "too-late", currentTime=time))["value"] is False
    assert (await evaluated(provider, "later", currentTime="soon"))["value"] is False
    assert (await evaluated(provider, "later"))["value"] is False


async def test_an_address_that_is_missing_is_not_the_providers(
    store: Store, provider: httpx.AsyncClient
) -> None:
    anywhere = Constraint("remoteAddress", "IN_CIDR", ("0.0.0.0/0", "::/0"))
    strategies = [StrategySpec(name="default", constraints=(anywhere,))]
    await create(store, "addressed", enabled=True, strategies=strategies)

    assert (await evaluated(provider, "addressed"))["value"] is False
    assert (await evaluated(provider, "addressed", remoteAddress="10.0.0.1"))["value"] is True


@pytest.mark.parametrize("field", ["userId", "sessionId", "remoteAddress", "appName"])
async def test_fields_that_are_empty_strings_are_absent(
    store: Store, provider: httpx.AsyncClient, field: str
) -> None:
    given = (Constraint(field, "IN", ("",)),)
    sticky = {"rollout": "100", "stickiness": field, "groupId": "g"}
    strategies = [
        StrategySpec(name="default", constraints=given),
        StrategySpec(name="flexibleRollout", parameters=sticky),
    ]
    await create(store, "empty", enabled=True, strategies=strategies)

    document = await evaluated(provider, "empty", targetingKey="", **{field: ""})

    assert document["value"] is False


async def test_an_empty_user_leaves_the_targeting_key_to_be_the_user(
    store: Store, provider: httpx.AsyncClient
) -> None:
    await create(store, "user", enabled=True, strategies=only("userId", "7"))
    await create(store, "keyed", enabled=True, strategies=only("targetingKey", ""))

    user = await evaluated(provider, "user", userId="", targetingKey="7")

    assert user["value"] is True
    assert (await evaluated(provider, "keyed", targetingKey=""))["value"] is False


@pytest.mark.parametrize("path", [FLAGS, f"{FLAGS}/a", "/ofrep/v1/nowhere"])
@pytest.mark.parametrize(
    ("method", "headers", "size", "status", "code"),
    [
        ("POST", {"content-type": "text/plain"}, 2, 415, "PARSE_ERROR"),
        ("POST", {"content-encoding": "br"}, 2, 415, "PARSE_ERROR"),
        ("POST", {"content-encoding": "gzip"}, 2, 400, "PARSE_ERROR"),
        ("POST", {}, 1_000_001, 413, "GENERAL"),
        ("PUT", {}, 2, 405, "GENERAL"),
        ("GET", {}, 0, 405, "GENERAL"),
        ("POST", {"authorization": "nobody"}, 2, 401, "GENERAL"),
        ("POST", {"authorization": SECRETS[ApiTokenType.ADMIN, None]}, 2, 403, "GENERAL"),
    ],
)
async def test_every_failure_has_the_body_that_providers_read(
    provider: httpx.AsyncClient,
    path: str,
    method: str,
    headers: dict[str, str],
    size: int,
    status: int,
    code: str,
) -> None:
    if path.endswith("nowhere") and status not in (401, 403):
        status, code = 404, "GENERAL"

    answer = await provider.request(method, path, content=b"{" * size, headers=headers)

    document = answer.json()
    assert (answer.status_code, document.pop("errorCode")) == (status, code)
    assert document.pop("errorDetails")
    assert document == ({"key": "a"} if path.endswith("/a") else {})
    assert ("allow" in answer.headers) is (status == 405)


@pytest.mark.parametrize("path", [f"{FLAGS}/a/b", "/ofrep", "/ofrep/", "/ofrep/v2"])
async def test_a_path_that_holds_no_single_key_yields_none(
    provider: httpx.AsyncClient, path: str
) -> None:
    answer = await provider.post(path, json={})
    without_token = await provider.post(path, headers={"authorization": ""})

    assert answer.status_code == 404
    assert answer.json() == {
        "errorCode": "GENERAL",
        "errorDetails": f"Nothing exists at {path.removesuffix('/')}.",
    }
    assert without_token.status_code == 401
    assert without_token.json()["errorCode"] == "GENERAL"


async def test_all_names_and_values_together_have_at_most_100_000_characters(
    store: Store, provider: httpx.AsyncClient
) -> None:
    await create(store, "a", enabled=True)
    fields = {f"a-field-{at:02}": "x" * 9_990 for at in range(10)}

    for path in (FLAGS, f"{FLAGS}/a"):
        fitting = await provider.post(path, json={"context": fields})
        longer = await provider.post(path, json={"context": {**fields, "n": 1}})

        assert (fitting.status_code, longer.status_code) == (200, 400)
        assert longer.json()["errorCode"] == "INVALID_CONTEXT"
        assert longer.json()["errorDetails"] == (
            "The names and values of the context's fields have 100,002 "
            "characters in total; at most 100,000 are allowed."
        )


async def test_what_takes_long_is_decided_in_a_thread(
    store: Store, provider: httpx.AsyncClient
) -> None:
    patterns = [f"^(a?b?){{{number}}}$" for number in range(20, 70)]
    for at, pattern in enumerate(patterns):
        constraint = Constraint("field", "REGEX", value=pattern)
        strategies = [StrategySpec(name="default", constraints=(constraint,))]
        await create(store, f"t{at}", enabled=True, strategies=strategies)

    with note_compiled() as compiled:
        answer = await provider.post(FLAGS, json={"context": {"field": "ab" * 21}})
        one = await evaluated(provider, "t0", field="ab" * 5_000)

    values = {flag["key"]: flag["value"] for flag in answer.json()["flags"]}
    assert [key for key, value in values.items() if not value] == ["t0"]
    assert one["value"] is False
    assert sorted(only_in_threads(compiled)) == sorted(patterns)
