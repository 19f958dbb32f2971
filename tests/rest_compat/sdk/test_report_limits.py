"""Limits on the reports of a token: the number of new names, and the token's projects."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from rest_compat.app import RestConfig, rest_app
from store import Store
from store.model import ApiTokenType
from store.operations.inputs import StrategySpec
from store.usage import name_limits, scoping
from store.usage.applications import application_by_name
from store.usage.unknown import count_unknown_toggles
from store.values import Variant
from tests.rest_compat.conftest import SECRETS, MakeClient, MakeToken, create, elsewhere
from tests.store.stored import stored_usages
from tests.store.usage.reporting import BUCKET, VARIANT_BUCKET

RED = Variant("red", 1_000)
SPLIT = StrategySpec(name="flexibleRollout", variants=(Variant("blue", 1_000),))
TIMES = {"start": "2026-01-01T00:00:00Z", "stop": "2026-01-01T00:01:00Z"}


def usage(*names: str, app_name: str = "shop", **counts: int) -> dict[str, Any]:
    toggles = {name: counts or {"yes": 1} for name in names}
    return {"appName": app_name, "bucket": {**TIMES, "toggles": toggles}}


def registration(app_name: str) -> dict[str, Any]:
    return {"appName": app_name, "strategies": [], "started": TIMES["start"], "interval": 10}


def bulk(*names: str, app_name: str = "shop") -> dict[str, Any]:
    metrics = [{"appName": app_name, "featureName": name, "yes": 1} for name in names]
    return {"applications": [], "metrics": metrics}


def bulk_registration(app_name: str) -> dict[str, Any]:
    return {"applications": [{"appName": app_name}], "metrics": []}


async def names_in_use(store: Store) -> list[str]:
    await store.aggregate_now()
    return sorted(usage.toggle_name for usage in await stored_usages(store))


@pytest.fixture
def browser(make_client: MakeClient) -> httpx.AsyncClient:
    return make_client(SECRETS[ApiTokenType.FRONTEND, "default"])


@pytest.mark.parametrize(
    ("path", "body_of"),
    [
        ("/api/client/register", registration),
        ("/api/client/metrics", lambda name: usage(app_name=name)),
        ("/api/client/metrics/bulk", bulk_registration),
        ("/api/client/metrics/bulk", lambda name: bulk("known", app_name=name)),
        ("/api/frontend/client/register", registration),
        ("/api/frontend/client/metrics", lambda name: usage(app_name=name)),
    ],
)
async def test_a_token_makes_so_many_applications_known_within_an_hour(
    store: Store,
    client: httpx.AsyncClient,
    browser: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body_of: Any,
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_APPLICATIONS", 2)
    await create(store, "known")
    sender = browser if "frontend" in path else client

    answers = [await sender.post(path, json=body_of(f"app-{number}")) for number in range(3)]
    again = await sender.post(path, json=body_of("app-1"))
    await store.aggregate_now()

    assert [item.is_success for item in [*answers, again]] == [True, True, False, True]
    assert answers[2].status_code == 429
    assert 0 < int(answers[2].headers["retry-after"]) <= 3600
    assert answers[2].json()["name"] == "TooManyRequestsError"
    async with store.read() as session:
        assert await application_by_name(session, "app-1") is not None
        assert await application_by_name(session, "app-2") is None


@pytest.mark.parametrize(
    ("path", "body_of"), [("/api/client/metrics", usage), ("/api/client/metrics/bulk", bulk)]
)
async def test_a_token_reports_so_many_unknown_names_within_an_hour(
    store: Store,
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body_of: Any,
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_UNKNOWN_NAMES", 3)
    await create(store, "known")

    taken = await client.post(path, json=body_of("a", "b", "known"))
    refused = await client.post(path, json=body_of("a", "c", "d"))
    fitting = await client.post(path, json=body_of("a", "c"))

    assert [item.status_code for item in (taken, refused, fitting)] == [202, 429, 202]
    assert "retry-after" in refused.headers
    assert await names_in_use(store) == ["a", "b", "c", "known"]


@pytest.mark.parametrize(
    ("path", "body_of", "is_open"),
    [
        ("/api/client/metrics", usage, True),
        ("/api/client/metrics/bulk", bulk, True),
        ("/api/frontend/client/metrics", usage, False),
    ],
)
async def test_the_public_reports_so_many_new_pairs_of_application_and_toggle_within_an_hour(
    store: Store,
    make_client: MakeClient,
    browser: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body_of: Any,
    is_open: bool,
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_USAGES", 3)
    await create(store, "a", "b", "c")
    anybody = make_client(app=rest_app(store, RestConfig(client_api="open"), elsewhere))
    sender = anybody if is_open else browser
    instance = {"instanceId": "i"} if is_open and body_of is usage else {}

    taken = await sender.post(path, json=body_of("a", "b") | instance)
    refused = await sender.post(path, json=body_of("a", "b", app_name="blog") | instance)
    again = await sender.post(path, json=body_of("a", "b") | instance)
    fitting = await sender.post(path, json=body_of("b", "c") | instance)

    assert [item.is_success for item in (taken, refused, again, fitting)] == [
        True,
        False,
        True,
        True,
    ]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert "pairs of an application and a toggle" in refused.json()["message"]
    assert await names_in_use(store) == ["a", "b", "c"]


@pytest.mark.parametrize("config", [RestConfig(), RestConfig(client_api="open")])
@pytest.mark.parametrize(
    ("path", "body_of"), [("/api/client/metrics", usage), ("/api/client/metrics/bulk", bulk)]
)
async def test_a_client_token_reports_as_many_pairs_of_application_and_toggle_as_there_are(
    store: Store,
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body_of: Any,
    config: RestConfig,
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_USAGES", 1)
    monkeypatch.setattr(name_limits, "MAX_USAGES", 2)
    await create(store, "a", "b", "c")
    token = SECRETS[ApiTokenType.CLIENT, "default"]
    client = make_client(token, app=rest_app(store, config, elsewhere))

    answers = [
        await client.post(path, json=body_of("a", "b", "c", app_name=name)) for name in "xyz"
    ]

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert await names_in_use(store) == [*"aaabbbccc"]


async def test_unknown_names_of_a_frontend_are_a_number(
    store: Store, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_limits, "MAX_NEW_UNKNOWN_NAMES", 3)
    await create(store, "known")
    names = [f"made-up-{number}" for number in range(50)]

    answer = await browser.post(
        "/api/frontend/client/metrics", json=usage("known", *names, yes=2, no=1)
    )

    assert answer.status_code == 200
    assert await names_in_use(store) == ["known"]
    assert store.usage.names() == {"known"}
    async with store.read() as session:
        assert await count_unknown_toggles(session) == 0
        application = await application_by_name(session, "shop")
    assert application is not None
    assert application.metrics_count == 51 * 3


@pytest.mark.parametrize("type", [ApiTokenType.CLIENT, ApiTokenType.FRONTEND])
async def test_usage_of_toggles_of_other_projects_is_not_counted(
    store: Store,
    make_client: MakeClient,
    make_token: MakeToken,
    caplog: pytest.LogCaptureFixture,
    type: ApiTokenType,
) -> None:
    await create(store, "mine")
    await create(store, "other", "another", project="shop")
    sender = make_client(await make_token(type, projects=["default"]))
    paths = ["/api/client/metrics", "/api/client/metrics/bulk"]
    bodies = [usage("mine", "other", "another"), bulk("mine", "other")]
    if type is ApiTokenType.FRONTEND:
        paths, bodies = ["/api/frontend/client/metrics"], [usage("mine", "other", "another")]

    answers = [await sender.post(path, json=item) for path, item in zip(paths, bodies, strict=True)]

    assert all(answer.is_success for answer in answers)
    assert await names_in_use(store) == ["mine"]
    async with store.read() as session:
        application = await application_by_name(session, "shop")
    assert application is not None
    assert application.metrics_count == len(answers)
    assert caplog.text.count("which is not in any of its projects") == 1


async def test_a_client_of_some_projects_reports_names_that_no_toggle_has(
    store: Store, make_client: MakeClient, make_token: MakeToken
) -> None:
    sender = make_client(await make_token(projects=["default"]))

    await sender.post("/api/client/metrics", json=usage("typo"))

    assert await names_in_use(store) == ["typo"]


async def variants_counted(store: Store) -> dict[str, int]:
    """Return the sums of a day's counts by variant. `total` maps to the counts of the
    application.
    """
    await store.aggregate_now()
    async with store.read() as session:
        column = VARIANT_BUCKET.c
        selected = sa.select(column.variant, column.count).where(column.width == "day")
        counts = {row[0]: row[1] for row in await session.execute(selected)}
        application = await application_by_name(session, "shop")
    assert application is not None
    return {**counts, "total": application.metrics_count}


def just_now(**variants: int) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    toggles = {"known": {"yes": 1, "variants": variants}}
    return {"appName": "shop", "bucket": {"start": now, "stop": now, "toggles": toggles}}


async def test_variants_that_a_toggle_does_not_have_are_a_number_for_a_frontend(
    store: Store, browser: httpx.AsyncClient
) -> None:
    await create(store, "known", strategies=[SPLIT], variants=[RED])
    made_up = {f"made-up-{number}": 2 for number in range(50)}

    answer = await browser.post(
        "/api/frontend/client/metrics",
        json=just_now(red=3, blue=4, disabled=5, **made_up),
    )

    assert answer.status_code == 200
    total = 1 + 3 + 4 + 5 + 100
    assert await variants_counted(store) == {"red": 3, "blue": 4, "disabled": 5, "total": total}


@pytest.mark.parametrize("path", ["/api/client/metrics", "/api/client/metrics/bulk"])
async def test_a_client_reports_so_many_variants_that_a_toggle_does_not_have(
    store: Store, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(scoping, "MAX_UNDEFINED_VARIANTS", 2)
    await create(store, "known", strategies=[SPLIT], variants=[RED])
    variants = {"red": 3, "a": 1, "b": 1, "c": 1, "blue": 1, "d": 1}
    body = just_now(**variants)
    if path.endswith("bulk"):
        metric = {"appName": "shop", "featureName": "known", "yes": 1, "variants": variants}
        body = {"applications": [], "metrics": [metric]}

    answer = await client.post(path, json=body)

    assert answer.status_code == 202
    counted = await variants_counted(store)
    assert counted == {"red": 3, "a": 1, "b": 1, "blue": 1, "total": 9}


async def test_what_a_frontend_reports_late_counts_as_of_five_minutes_ago(
    store: Store, browser: httpx.AsyncClient
) -> None:
    await create(store, "known")
    for day in range(1, 20):
        body = usage("known")
        body["bucket"]["stop"] = f"2026-01-{day:02}T00:00:00Z"
        await browser.post("/api/frontend/client/metrics", json=body)

    await store.aggregate_now()

    async with store.read() as session:
        starts = sa.select(BUCKET.c.start, BUCKET.c.yes).where(BUCKET.c.width == "minute")
        rows = (await session.execute(starts)).all()
    assert sum(row.yes for row in rows) == 19
    assert all(store.clock() - row.start < timedelta(minutes=7) for row in rows)
