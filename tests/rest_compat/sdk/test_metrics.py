"""`POST /api/client/metrics`: which reports are accepted, refused and counted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from rest_compat.http.errors import BadDataError, ValidationError
from rest_compat.http.request import decode_json
from rest_compat.sdk.bodies import Origin, usage_of
from rest_compat.sdk.conversions import to_time
from store import Store
from store.aggregates import table_of
from store.rows import VariantBucketRow
from store.usage.reports import (
    MAX_COUNT,
    ToggleCounts,
    decode_reports,
    encode_report,
    join_reports,
)
from store.usage.toggle_usages import ToggleUsage
from tests.rest_compat.conftest import MakeClient, MakeToken
from tests.store.stored import stored_instances, stored_usages

ORIGIN = Origin(environment="default", received_at=datetime(2026, 1, 1, 10, 1, tzinfo=UTC))
PATH = "/api/client/metrics"
VARIANT_BUCKET = table_of(VariantBucketRow)


def body_of(toggles: object, **keys: Any) -> dict[str, Any]:
    """A report of the last minute."""
    now = datetime.now(UTC)
    bucket = {
        "start": (now - timedelta(minutes=1)).isoformat(),
        "stop": now.isoformat(),
        "toggles": toggles,
    }
    return {"appName": "shop", "instanceId": "i-1", "bucket": bucket, **keys}


def bucket_of(**keys: Any) -> dict[str, Any]:
    """A report whose bucket has other keys."""
    body = body_of({"t": {"yes": 3, "no": 1}})
    body["bucket"] |= keys
    return body


def without(key: str) -> dict[str, Any]:
    body = bucket_of()
    del body["bucket"][key]
    return body


async def usages(store: Store) -> list[ToggleUsage]:
    await store.aggregate_now()
    return await stored_usages(store)


async def counts(store: Store) -> dict[str, tuple[int, int]]:
    """The yes and no counts by name."""
    return {usage.toggle_name: (usage.yes, usage.no) for usage in await usages(store)}


async def variants(store: Store) -> dict[str, int]:
    await store.aggregate_now()
    table = VARIANT_BUCKET.c
    async with store.read() as session:
        rows = await session.execute(
            sa.select(table.variant, table.count).where(table.width == "day")
        )
        return dict(rows.all())


async def test_counts_are_kept_in_the_environment_of_the_token(
    make_client: MakeClient, make_token: MakeToken, store: Store
) -> None:
    client = make_client(await make_token(environment="staging"))
    toggles = {"t": {"yes": 3, "no": 1, "variants": {"red": 2, "disabled": 1}}}

    answer = await client.post(PATH, json=body_of(toggles, environment="default"))

    (usage,) = await usages(store)
    assert (answer.status_code, answer.content) == (202, b"")
    assert (usage.toggle_name, usage.app_name, usage.environment) == ("t", "shop", "staging")
    assert (usage.yes, usage.no) == (3, 1)
    assert await variants(store) == {"red": 2, "disabled": 1}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({}, (0, 0)),
        ({"yes": 3}, (3, 0)),
        ({"yes": None, "no": None, "variants": None}, (0, 0)),
        ({"yes": "3", "no": ""}, (3, 0)),
        ({"yes": 2.9, "no": "1e2"}, (2, 100)),
        ({"yes": 1, "no": 1, "maybe": 9}, (1, 1)),
        ({"yes": 2**62, "no": str(2**63)}, (MAX_COUNT, MAX_COUNT)),
    ],
)
def test_counts_are_taken_loosely(sent: dict[str, Any], stored: tuple[int, int]) -> None:
    report = usage_of(body_of({"t": sent}), ORIGIN, receipt="")

    assert report.toggles == {"t": ToggleCounts(*stored)}


async def test_names_of_any_kind_are_counted_and_impossible_ones_dropped(
    client: httpx.AsyncClient, store: Store
) -> None:
    names = ["two words", "__proto__", "constructor", "😀" * 60, "a/b~c", "<script>"]
    dropped = ["", "x" * 256, "😀" * 70]

    answer = await client.post(PATH, json=body_of({name: {"yes": 1} for name in names + dropped}))

    assert answer.status_code == 202
    assert set(await counts(store)) == set(names)


async def test_a_retry_is_counted_once(client: httpx.AsyncClient, store: Store) -> None:
    body = body_of({"t": {"yes": 3, "no": 1}})

    answers = [(await client.post(PATH, json=body)).status_code for _ in range(3)]

    assert answers == [202] * 3
    assert await counts(store) == {"t": (3, 1)}


async def test_equal_reports_that_are_no_retries_are_all_counted(
    make_client: MakeClient, make_token: MakeToken, store: Store
) -> None:
    body = body_of({"t": {"yes": 1}})
    nameless = {**body, "instanceId": None}
    one, other = make_client(await make_token(name="one")), make_client(await make_token(name="b"))

    await one.post(PATH, json=body)
    await one.post(PATH, json=body, headers={"unleash-connection-id": "other"})
    await one.post(PATH, json={**body, "instanceId": "i-2"})
    await one.post(PATH, json=nameless)
    await one.post(PATH, json=nameless)
    await other.post(PATH, json=body)

    assert await counts(store) == {"t": (6, 0)}


@pytest.mark.parametrize(
    "body",
    [
        {"appName": "shop", "instanceId": "i-1", "bucket": None},
        {"appName": "shop", "instanceId": "i-1", "impactMetrics": [{"name": "m"}]},
        body_of({}),
    ],
)
async def test_a_report_without_counts_shows_that_the_instance_lives(
    client: httpx.AsyncClient, store: Store, body: dict[str, Any]
) -> None:
    answer = await client.post(PATH, json=body)

    assert answer.status_code == 202
    assert await usages(store) == []
    assert [instance.app_name for instance in await stored_instances(store)] == ["shop"]


@pytest.mark.parametrize(
    "stop",
    [
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999-14:00",
        "2026-01-01T23:59:60Z",
        "2026-01-01t10:00:00z",
        "2026-01-01",
        "2026-01-01T10:00:00.123456789Z",
        0,
        -1,
        1767261600,
        1767261600000,
        "1767261600000",
        1767261600000.5,
        2**63,
        -(2**63),
    ],
)
def test_a_time_that_parses_is_never_refused(stop: object) -> None:
    report = usage_of(bucket_of(start=stop, stop=stop), ORIGIN, receipt="")

    assert report.stop.tzinfo is UTC
    assert decode_reports(join_reports([encode_report(report)])) == [report]


async def test_an_instance_whose_clock_is_wrong_is_seen_by_ours(
    client: httpx.AsyncClient, store: Store
) -> None:
    for stop in ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 1767261600):
        await client.post(PATH, json=bucket_of(stop=stop))

    (usage,) = await usages(store)
    assert (usage.yes, usage.no) == (9, 3)
    assert abs(usage.last_seen_at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-01T11:00:00+01:00", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("2026-01-01T10:00:00", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        (1767261600000, datetime(2026, 1, 1, 10, tzinfo=UTC)),
        (1767261600, datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("1767261600", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("1795010112345", datetime(2026, 11, 18, 13, 55, 12, 345_000, tzinfo=UTC)),
        (" 1795010112345 ", datetime(2026, 11, 18, 13, 55, 12, 345_000, tzinfo=UTC)),
        ("1795010112345.0", datetime(2026, 11, 18, 13, 55, 12, 345_000, tzinfo=UTC)),
        ("20260101", datetime(1970, 8, 23, 11, 48, 21, tzinfo=UTC)),
        ("-20260101", datetime(1969, 5, 11, 12, 11, 39, tzinfo=UTC)),
        ("-1795010112345", datetime(1913, 2, 13, 10, 4, 47, 655_000, tzinfo=UTC)),
        ("20260101T100000Z", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("2026-06-30T23:59:60Z", datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC)),
        ("0000-01-01T00:00:00Z", datetime.min.replace(tzinfo=UTC)),
        (2**63, datetime.max.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59-14:00", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_times_are_read_as_they_are_meant(value: object, expected: datetime) -> None:
    assert to_time(value, "/body") == expected


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], "/body"),
        ({}, "/body/appName"),
        ({"instanceId": "i-1"}, "/body/appName"),
        (body_of({}, appName=""), "/body/appName"),
        ({"appName": "shop"}, "/body/bucket"),
        (body_of({}, bucket=[]), "/body/bucket"),
        *((without(key), f"/body/bucket/{key}") for key in ("start", "stop", "toggles")),
        (bucket_of(start="yesterday"), "/body/bucket/start"),
        (bucket_of(stop=None), "/body/bucket/stop"),
        (bucket_of(stop=""), "/body/bucket/stop"),
        (bucket_of(stop=2**70), "/body/bucket/stop"),
        (bucket_of(stop="2026-13-01T00:00:00Z"), "/body/bucket/stop"),
        (bucket_of(stop="0000-garbage"), "/body/bucket/stop"),
        (body_of([1]), "/body/bucket/toggles"),
        (body_of(None), "/body/bucket/toggles"),
        (body_of({"t": None}), "/body/bucket/toggles/t"),
        (body_of({"t": 5}), "/body/bucket/toggles/t"),
        (body_of({"t": {"yes": -1}}), "/body/bucket/toggles/t/yes"),
        (body_of({"t": {"yes": "-1"}}), "/body/bucket/toggles/t/yes"),
        (body_of({"t": {"no": "many"}}), "/body/bucket/toggles/t/no"),
        (body_of({"t": {"no": True}}), "/body/bucket/toggles/t/no"),
        (body_of({"t": {"no": 2**70}}), "/body/bucket/toggles/t/no"),
        (body_of({"a/b~": {"no": [1]}}), "/body/bucket/toggles/a~1b~0/no"),
        (body_of({"t": {"variants": []}}), "/body/bucket/toggles/t/variants"),
        (body_of({"t": {"variants": 0}}), "/body/bucket/toggles/t/variants"),
        (body_of({"t": {"variants": {"a": "x"}}}), "/body/bucket/toggles/t/variants/a"),
        (body_of({"t": {"variants": {"a": -1}}}), "/body/bucket/toggles/t/variants/a"),
    ],
)
def test_a_bad_report_is_refused_at_its_first_error(body: object, path: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        usage_of(body, ORIGIN, receipt="")

    assert [detail.path for detail in refusal.value.details] == [path]


async def test_a_refused_report_leaves_nothing(client: httpx.AsyncClient, store: Store) -> None:
    answer = await client.post(PATH, json=body_of({"good": {"yes": 1}, "bad": {"yes": -1}}))

    assert answer.status_code == 400
    assert answer.json()["name"] == "ValidationError"
    assert answer.json()["details"] == [
        {"message": "The count must not be negative.", "path": "/body/bucket/toggles/bad/yes"}
    ]
    assert await usages(store) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"appName": ',
        b'{"appName": "a\\u0000b", "bucket": null}',
        b'{"appName": "a", "\\u0000": 1, "bucket": null}',
        b'{"appName": "\\ud800", "bucket": null}',
        b'{"appName": "\xff", "bucket": null}',
        b'\xef\xbb\xbf{"appName": "a", "bucket": null}',
        b'{"appName": "a", "bucket": null, "x": NaN}',
        b'{"appName": "a", "bucket": null, "x": 1e400}',
        b'{"appName": "a", "bucket": null, "x": ' + b"9" * 5000 + b"}",
        b'{"appName": "a", "bucket": null, "x": ' + b"[" * 100 + b"]" * 100 + b"}",
        b"[" * 100_000,
    ],
)
def test_hostile_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadDataError):
        decode_json(body)


async def test_the_last_of_two_equal_keys_counts(client: httpx.AsyncClient, store: Store) -> None:
    body = json.dumps(body_of({"t": {"yes": 1}})).replace('"yes": 1', '"yes": -1, "yes": 2')

    answer = await client.post(PATH, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 202
    assert await counts(store) == {"t": (2, 0)}


async def test_without_a_database_a_report_is_not_acknowledged(
    client: httpx.AsyncClient, store: Store
) -> None:
    async with store._database.begin_write() as connection:
        await connection.execute(sa.text("ALTER TABLE metrics_journal RENAME TO away"))

    answer = await client.post(PATH, json=body_of({"t": {"yes": 1}}))

    async with store._database.begin_write() as connection:
        await connection.execute(sa.text("ALTER TABLE away RENAME TO metrics_journal"))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert await usages(store) == []
