"""Evaluated toggles for browsers and phones."""

from typing import Any

import httpx
import msgspec
import pytest

from rest_compat.app import RestConfig, rest_app
from store import Store
from store.evaluation import slicing
from store.model import ApiTokenType
from store.operations.inputs import StrategySpec
from store.paging import Window
from store.usage.applications import ApplicationFilter, list_applications
from store.values import Constraint, Variant, VariantPayload
from tests.rest_compat.conftest import (
    SECRETS,
    MakeClient,
    MakeToken,
    begins_with,
    create,
    elsewhere,
)

FRONTEND = "/api/frontend"
BUCKET = {"start": "2026-01-01T10:00:00Z", "stop": "2026-01-01T10:01:00Z"}
NO_VARIANT = {
    "name": "disabled",
    "enabled": False,
    "feature_enabled": True,
    "featureEnabled": True,
}


@pytest.fixture
def browser(make_client: MakeClient) -> httpx.AsyncClient:
    """A client with a frontend token of the environment default."""
    return make_client(SECRETS[ApiTokenType.FRONTEND, "default"])


def only(field: str, *values: str) -> list[StrategySpec]:
    return [StrategySpec(name="default", constraints=(Constraint(field, "IN", values),))]


async def aimed(store: Store) -> None:
    """Toggles with constraints on the user, a plan, the address, the application and the time."""
    await create(store, "user", enabled=True, strategies=only("userId", "7"))
    await create(store, "plan", enabled=True, strategies=only("plan", "team"))
    await create(store, "address", enabled=True, strategies=only("remoteAddress", "10.0.0.1"))
    await create(store, "app", enabled=True, strategies=only("appName", "shop"))
    later = Constraint("currentTime", "DATE_AFTER", value="2029-06-01T00:00:00Z")
    strategies = [StrategySpec(name="default", constraints=(later,))]
    await create(store, "later", enabled=True, strategies=strategies)


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [toggle["name"] for toggle in answer.json()["toggles"]]


async def test_only_toggles_that_are_on_are_listed_by_name(
    store: Store, browser: httpx.AsyncClient
) -> None:
    await create(store, "b", "a", enabled=True)
    await create(store, "off")

    answer = await browser.get(FRONTEND)

    assert answer.json() == {
        "toggles": [
            {"name": name, "enabled": True, "variant": NO_VARIANT, "impressionData": False}
            for name in ("a", "b")
        ]
    }


async def test_a_variant_comes_with_its_payload(store: Store, browser: httpx.AsyncClient) -> None:
    variant = Variant("red", 1000, payload=VariantPayload("json", "{}"))
    await create(store, "a", enabled=True, variants=[variant])

    (toggle,) = (await browser.get(FRONTEND)).json()["toggles"]

    assert toggle["variant"] == {
        **NO_VARIANT,
        "name": "red",
        "enabled": True,
        "payload": {"type": "json", "value": "{}"},
    }


@pytest.mark.parametrize(
    "query",
    ["userId=7", "properties[plan]=team", "plan=team", "remoteAddress=10.0.0.1", "appName=shop"],
)
@begins_with(aimed)
async def test_the_query_is_the_context(browser: httpx.AsyncClient, query: str) -> None:
    expected = {"userId": "user", "remoteAddress": "address", "appName": "app"}

    answer = await browser.get(f"{FRONTEND}?{query}")

    assert names(answer) == [expected.get(query.partition("=")[0], "plan")]


@pytest.mark.parametrize("toggles", [0, 3])
async def test_the_joined_bytes_of_decisions_are_one_document(
    toggles: int, store: Store, browser: httpx.AsyncClient
) -> None:
    payload = VariantPayload("json", '{"a": "ü\\n"}')
    variants = (Variant("v", 1_000, payload=payload),)
    for number in range(toggles):
        await create(store, f"on-{number}", enabled=True, variants=variants)
        await create(store, f"off-{number}")
        await create(store, f"user-{number}", enabled=True, strategies=only("userId", str(number)))

    for user in ("0", "1", "2", "other"):
        answer = await browser.get(FRONTEND, params={"userId": user})
        assert len(names(answer)) == toggles + (user < str(toggles))
        assert answer.content == msgspec.json.encode(answer.json())


async def test_the_body_may_hold_the_context(store: Store, browser: httpx.AsyncClient) -> None:
    await create(store, "user", enabled=True, strategies=only("userId", "7"))
    await create(store, "plan", enabled=True, strategies=only("plan", "team"))
    context = {"userId": 7, "properties": {"plan": "team", "none": None}}

    assert names(await browser.post(FRONTEND, json={"context": context})) == ["plan", "user"]
    assert names(await browser.post(FRONTEND, json={})) == []


async def test_the_environment_is_that_of_the_token(
    store: Store, browser: httpx.AsyncClient, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "here", enabled=True, strategies=only("environment", "default"))
    await create(
        store,
        "there",
        environment="staging",
        enabled=True,
        strategies=only("environment", "staging"),
    )
    staging = make_client(await make_token(ApiTokenType.FRONTEND, environment="staging"))

    assert names(await browser.get(f"{FRONTEND}?environment=staging")) == ["here"]
    assert names(await staging.get(FRONTEND)) == ["there"]


async def test_projects_outside_of_the_token_are_not_shown(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    await create(store, "a", enabled=True)
    await create(store, "b", enabled=True, project="shop")
    token = await make_token(ApiTokenType.FRONTEND, projects=["default"])

    assert names(await make_client(token).get(FRONTEND)) == ["a"]


async def test_an_equal_answer_is_304_and_another_context_is_not(
    store: Store, browser: httpx.AsyncClient
) -> None:
    await create(store, "user", enabled=True, strategies=only("userId", "7"))
    etag = (await browser.get(f"{FRONTEND}?userId=7")).headers["etag"]
    headers = {"if-none-match": etag}

    again = await browser.get(f"{FRONTEND}?userId=7", headers=headers)
    other = await browser.get(f"{FRONTEND}?userId=8", headers=headers)

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"context": "no"}, "/body/context"),
        ({"context": None}, "/body/context"),
        ([], "/body"),
        ({"context": {"properties": "x"}}, "/body/context/properties"),
        ({"context": {"properties": {"a": {}}}}, "/body/context/properties/a"),
        ({"context": {"userId": []}}, "/body/context/userId"),
        (
            {"context": {"properties": dict.fromkeys(map(str, range(1_001)), "")}},
            "/body/context/properties",
        ),
    ],
)
async def test_what_is_no_context_is_refused_with_its_path(
    browser: httpx.AsyncClient, body: Any, path: str
) -> None:
    answer = await browser.post(FRONTEND, json=body)

    assert answer.status_code == 400
    assert [detail["path"] for detail in answer.json()["details"]] == [path]


@pytest.mark.parametrize("field", ["userId", "sessionId", "remoteAddress", "appName"])
@pytest.mark.parametrize("sent_in", ["query", "body"])
async def test_fields_that_are_empty_strings_are_absent(
    store: Store, browser: httpx.AsyncClient, field: str, sent_in: str
) -> None:
    sticky = {"rollout": "100", "stickiness": field, "groupId": "g"}
    drawn = [StrategySpec(name="flexibleRollout", parameters=sticky)]
    await create(store, "drawn", enabled=True, strategies=drawn)
    await create(store, "empty", enabled=True, strategies=only(field, ""))
    made_up = ["drawn"] if field in ("sessionId", "remoteAddress") else []

    if sent_in == "query":
        answer = await browser.get(f"{FRONTEND}?{field}=")
    else:
        answer = await browser.post(FRONTEND, json={"context": {field: ""}})

    assert names(answer) == made_up


async def test_an_environment_and_a_time_that_are_empty_strings_are_absent(
    store: Store, browser: httpx.AsyncClient
) -> None:
    await create(store, "here", enabled=True, strategies=only("environment", "default"))
    past = Constraint("currentTime", "DATE_AFTER", value="2020-01-01T00:00:00Z")
    strategies = [StrategySpec(name="default", constraints=(past,))]
    await create(store, "now", enabled=True, strategies=strategies)
    context = {"environment": "", "currentTime": ""}

    assert names(await browser.get(f"{FRONTEND}?environment=&currentTime=")) == ["here", "now"]
    assert names(await browser.post(FRONTEND, json={"context": context})) == ["here", "now"]


async def test_properties_that_are_empty_strings_are_values(
    store: Store, browser: httpx.AsyncClient
) -> None:
    await create(store, "plan", enabled=True, strategies=only("plan", ""))

    for query in ("plan=", "properties[plan]="):
        assert names(await browser.get(f"{FRONTEND}?{query}")) == ["plan"]
    for context in ({"plan": ""}, {"properties": {"plan": ""}}):
        assert names(await browser.post(FRONTEND, json={"context": context})) == ["plan"]


@pytest.mark.parametrize("time", [1893456000000, "1893456000000", 1893456000, " 1893456000000 "])
@begins_with(aimed)
async def test_digits_alone_are_a_number_and_no_compact_date(
    browser: httpx.AsyncClient, time: Any
) -> None:
    in_query = await browser.get(FRONTEND, params={"currentTime": time})
    in_body = await browser.post(FRONTEND, json={"context": {"currentTime": time}})

    assert names(in_query) == names(in_body) == ["later"]


@pytest.mark.parametrize(
    ("time", "is_later"),
    [
        ("2029-06-01T00:00:01", True),
        ("2029-06-01 00:00:00", False),
        ("2029-06-02", True),
        ("2029-06-01T01:00:00+02:00", False),
        ("Fri Jun 01 2029 00:00:01 GMT+0000", False),
    ],
)
@begins_with(aimed)
async def test_a_time_without_an_offset_is_in_utc_and_what_is_no_time_is_now(
    browser: httpx.AsyncClient, time: str, is_later: bool
) -> None:
    expected = ["later"] if is_later else []

    assert names(await browser.get(FRONTEND, params={"currentTime": time})) == expected
    answer = await browser.post(FRONTEND, json={"context": {"currentTime": time}})
    assert names(answer) == expected


@pytest.mark.parametrize("context", [{"userId": "x" * 10_001}, {"properties": {"a": "x" * 10_001}}])
async def test_a_value_too_long_to_be_read_by_every_toggle_is_refused(
    browser: httpx.AsyncClient, context: Any
) -> None:
    answer = await browser.post(FRONTEND, json={"context": context})

    assert answer.status_code == 400
    assert "has 10,001 characters; at most 10,000 are allowed." in answer.json()["message"]


def long_fields(characters: int) -> dict[str, str]:
    """Return fields with this many characters in total, ten of them in each name."""
    whole, rest = divmod(characters, 10_000)
    fields = {f"a-field-{at:02}": "x" * 9_990 for at in range(whole)}
    return {**fields, "the-rest-0": "x" * (rest - 10)} if rest else fields


async def test_all_names_and_values_together_have_at_most_100_000_characters(
    browser: httpx.AsyncClient,
) -> None:
    for characters, status in ((100_000, 200), (100_011, 400)):
        fields = long_fields(characters)
        answers = [
            await browser.post(FRONTEND, json={"context": fields}),
            await browser.post(FRONTEND, json={"context": {"properties": fields}}),
        ]

        assert [answer.status_code for answer in answers] == [status] * 2

    message = (
        "The names and values of the context's fields have 100,011 "
        "characters in total; at most 100,000 are allowed."
    )
    assert [answer.json()["message"] for answer in answers] == [message] * 2


@begins_with(aimed)
async def test_others_have_their_turn_while_toggles_are_decided(
    store: Store, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await create(store, *(f"t{number:03}" for number in range(100)), enabled=True)
    turns: list[None] = []
    take = store.turns.take

    async def counted() -> None:
        turns.append(None)
        await take()

    monkeypatch.setattr(store.turns, "take", counted)
    monkeypatch.setattr(slicing, "SLICE_S", -1)
    listed = names(await browser.get(FRONTEND, params={"userId": "7"}))

    assert listed == [*(f"t{number:03}" for number in range(100)), "user"]
    assert len(turns) == 10


async def test_deciding_that_takes_too_long_is_given_up(
    store: Store, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = Constraint("plan", "REGEX", value="^(b?c?){99}$")
    strategies = [StrategySpec(name="default", constraints=(pattern,))]
    await create(store, "plan", enabled=True, strategies=strategies)
    assert names(await browser.get(FRONTEND, params={"plan": "bcbc"})) == ["plan"]
    monkeypatch.setattr(slicing, "DEADLINE_S", 0)
    answer = await browser.get(FRONTEND, params={"plan": "b" * 10_000})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["message"] == ("Evaluating for this context took longer than 0 seconds.")


@pytest.mark.parametrize(
    "time", ["2030-01-01T00:00:00Z", "Mon Jan 01 2029", "", "0001-01-01T00:00:00+23:59"]
)
@begins_with(aimed)
async def test_a_time_is_taken_where_it_can_be_read(browser: httpx.AsyncClient, time: str) -> None:
    answer = await browser.get(FRONTEND, params={"currentTime": time})

    assert names(answer) == (["later"] if time.startswith("2030") else [])


async def test_usage_and_registrations_are_answered_with_ok(
    store: Store, browser: httpx.AsyncClient
) -> None:
    await create(store, "a")
    bucket = {
        "start": "2026-01-01T10:00:00Z",
        "stop": "2026-01-01T10:01:00Z",
        "toggles": {"a": {"yes": 2, "no": 1}},
    }
    usage = {"appName": "web", "instanceId": "browser", "bucket": bucket}
    started = {"appName": "web", "strategies": [], "started": "2026-01-01T10:00:00Z", "interval": 5}

    reported = await browser.post(f"{FRONTEND}/client/metrics", json=usage)
    registered = await browser.post(f"{FRONTEND}/client/register", json=started)
    await store.aggregate_now()

    assert (reported.status_code, reported.text) == (200, "OK")
    assert (registered.status_code, registered.text) == (200, "OK")
    seen = store.usage.of("a", "default")
    assert seen is not None
    assert seen.applications == {"web"}


@pytest.mark.parametrize("path", ["client/features", "health"])
async def test_what_is_named_only_is_not_offered(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(f"{FRONTEND}/{path}")

    assert answer.status_code == 405
    assert answer.json()["name"] == "NotImplementedError"


@pytest.mark.parametrize("type", [ApiTokenType.CLIENT, ApiTokenType.ADMIN])
async def test_only_frontend_tokens_are_let_in(
    make_client: MakeClient, make_token: MakeToken, type: ApiTokenType
) -> None:
    assert (await make_client(await make_token(type)).get(FRONTEND)).status_code == 403
    assert (await make_client().get(FRONTEND)).status_code == 401


async def test_without_authentication_frontends_read_the_default_environment(
    store: Store, make_client: MakeClient
) -> None:
    await create(store, "a", enabled=True)
    app = rest_app(store, RestConfig(auth="none"), elsewhere)

    assert names(await make_client(app=app).get(FRONTEND)) == ["a"]


async def registered(store: Store) -> list[str]:
    await store.aggregate_now()
    async with store.read() as session:
        found = await list_applications(
            session, ApplicationFilter(registered=True), "name", False, Window(10)
        )
    return [item.name for item in found.items]


async def test_usage_of_a_toggle_that_exists_makes_a_frontend_known(
    store: Store, browser: httpx.AsyncClient, make_client: MakeClient
) -> None:
    admin = make_client(SECRETS[ApiTokenType.ADMIN, None])
    await create(store, "a")

    for name, toggles in (
        ("strange", {"no-such-toggle": {"yes": 1}}),
        ("empty", {}),
        ("web", {"no-such-toggle": {"yes": 1}, "a": {"yes": 2, "no": 1}}),
    ):
        bucket = {**BUCKET, "toggles": toggles}
        usage = {"appName": name, "bucket": bucket}
        assert (await browser.post(f"{FRONTEND}/client/metrics", json=usage)).text == "OK"

    assert await registered(store) == ["web"]
    details = await admin.get("/api/admin/metrics/applications/web")
    assert details.status_code == 200
    assert [toggle["name"] for toggle in details.json()["seenToggles"]] == ["a"]
    assert (await admin.get("/api/admin/metrics/applications/strange")).status_code == 404


async def test_a_toggle_that_comes_to_exist_makes_its_frontend_known_with_the_next_report(
    store: Store, browser: httpx.AsyncClient
) -> None:
    usage = {"appName": "web", "bucket": {**BUCKET, "toggles": {"late": {"yes": 1}}}}

    await browser.post(f"{FRONTEND}/client/metrics", json=usage)
    before = await registered(store)
    await create(store, "late")
    await browser.post(f"{FRONTEND}/client/metrics", json=usage)

    assert (before, await registered(store)) == ([], ["web"])
