"""The installation, the caller, and the usage of single toggles."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from store import Store
from store.model import ApiTokenType
from store.usage.reports import ToggleCounts
from tests.rest_compat.conftest import (
    ADMIN_NAME,
    MakeClient,
    MakeToken,
    admin_of,
    begins_with,
)
from tests.rest_compat.unleash8.conftest import add_strategy, create_feature, problems
from tests.store.usage.reporting import usage_report

ADMIN = "/api/admin"
USAGE = f"{ADMIN}/client-metrics/features/x"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
FUTURE = "2999-01-01T00:00:00.000Z"


async def used_toggle(store: Store) -> None:
    """The toggle `x`, which two applications reported."""
    admin = admin_of(store)
    await create_feature(admin, "x")
    constraint = {"contextName": "userId", "operator": "IN", "values": ["1", "2"]}
    await add_strategy(admin, "x", name="default", constraints=[constraint])
    for app_name, minutes, counts in (
        ("shop", 5, ToggleCounts(3, 2, {"blue": 2})),
        ("blog", 5, ToggleCounts(1, 0)),
        ("shop", 125, ToggleCounts(10, 0)),
    ):
        await store.journal.add(
            usage_report(
                {"x": counts},
                app_name=app_name,
                received_at=NOW,
                stop=NOW - timedelta(minutes=minutes),
            )
        )
    await store.aggregate_now()


pytestmark = begins_with(used_toggle, clock=lambda: NOW)


async def test_the_statistics_count_the_objects(admin: httpx.AsyncClient, store: Store) -> None:
    answer = (await admin.get(f"{ADMIN}/instance-admin/statistics")).json()

    assert answer["instanceId"] == store.installation_id
    assert answer["versionOSS"] == "8.2.0"
    counts = ("featureToggles", "projects", "environments", "maxConstraintValues", "users")
    assert [answer[key] for key in counts] == [1, 1, 2, 2, 0]
    assert answer["apiTokens"] == {"admin": 1, "client": 2, "backend": 2, "frontend": 2}


async def test_frontends_read_the_version_and_the_limits(admin: httpx.AsyncClient) -> None:
    answer = (await admin.get(f"{ADMIN}/ui-config")).json()

    assert answer["version"] == answer["versionInfo"]["current"]["oss"] == "8.2.0"
    assert answer["resourceLimits"]["featureEnvironmentStrategies"] == 500


async def test_the_caller_sees_who_it_is(
    admin: httpx.AsyncClient, make_client: MakeClient, make_token: MakeToken
) -> None:
    viewer = make_client(await make_token(ApiTokenType.VIEWER))

    me = (await admin.get(f"{ADMIN}/user")).json()
    other = (await viewer.get(f"{ADMIN}/user")).json()

    assert (me["user"]["username"], me["permissions"]) == (ADMIN_NAME, [{"permission": "ADMIN"}])
    assert (other["user"]["type"], other["permissions"]) == ("viewer", [])
    assert "secret" not in me["user"]


async def test_there_are_no_users(admin: httpx.AsyncClient) -> None:
    users = await admin.get(f"{ADMIN}/user-admin")
    found = await admin.get(f"{ADMIN}/user-admin/search", params={"q": "a"})

    assert users.json() == {"users": [], "rootRoles": []}
    assert found.json() == []


async def test_a_personal_token_is_an_admin_token_named_after_the_caller(
    admin: httpx.AsyncClient, make_client: MakeClient, store: Store
) -> None:
    body = {"description": "script", "expiresAt": FUTURE}

    answer = await admin.post(f"{ADMIN}/user/tokens", json=body)

    assert answer.status_code == 201
    created = answer.json()
    assert {key: created[key] for key in body} == body
    assert isinstance(created["id"], int)
    (token,) = (t for t in store.snapshot.tokens.values() if t.name == f"{ADMIN_NAME}: script")
    assert token.type is ApiTokenType.ADMIN
    assert (await make_client(created["secret"]).get(f"{ADMIN}/user")).status_code == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"expiresAt": FUTURE}, "/body/description"),
        ({"description": "x"}, "/body/expiresAt"),
        ({"description": "x", "expiresAt": "soon"}, "/body/expiresAt"),
        ({"description": "x", "expiresAt": "2001-01-01T00:00:00Z"}, "/body/expiresAt"),
        ({"description": "x" * 100, "expiresAt": FUTURE}, "/body/description"),
    ],
)
async def test_what_is_wrong_with_a_personal_token_is_reported(
    admin: httpx.AsyncClient, store: Store, body: Any, path: str
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{ADMIN}/user/tokens", json=body)

    assert list(problems(answer, 400)) == [path]
    assert store.snapshot is before


async def test_the_usage_of_the_last_hour_is_summed_up(admin: httpx.AsyncClient) -> None:
    answer = (await admin.get(USAGE)).json()

    (used,) = answer.pop("lastHourUsage")
    assert {key: used[key] for key in ("environment", "yes", "no")} == {
        "environment": "default",
        "yes": 4,
        "no": 2,
    }
    assert answer == {
        "version": 1,
        "maturity": "stable",
        "featureName": "x",
        "seenApplications": ["blog", "shop"],
    }


async def test_counts_are_listed_by_hour_and_application(admin: httpx.AsyncClient) -> None:
    rows = (await admin.get(f"{USAGE}/raw")).json()["data"]
    recent = (await admin.get(f"{USAGE}/raw", params={"hoursBack": 1})).json()["data"]

    assert [(row["timestamp"][11:16], row["appName"], row["yes"], row["no"]) for row in rows] == [
        ("06:00", "shop", 10, 0),
        ("08:00", "blog", 1, 0),
        ("08:00", "shop", 3, 2),
    ]
    assert rows[2]["variants"] == {"blue": 2}
    assert recent == rows[1:]


async def test_an_unknown_toggle_has_no_usage(admin: httpx.AsyncClient) -> None:
    path = f"{ADMIN}/client-metrics/features/none"

    assert (await admin.get(path)).json()["lastHourUsage"] == []
    assert (await admin.get(f"{path}/raw")).json()["data"] == []


@pytest.mark.parametrize("hours", ["", "0", "-1", "many", "1.5", "9" * 5000, "100000"])
async def test_the_number_of_hours_must_be_in_range(admin: httpx.AsyncClient, hours: str) -> None:
    answer = await admin.get(f"{USAGE}/raw", params={"hoursBack": hours})

    assert list(problems(answer, 400)) == ["/query/hoursBack"]
