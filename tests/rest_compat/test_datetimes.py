"""Datetimes in REST responses have exactly three decimals of a second."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from store import Store
from store.http_times import format_time
from store.model import SYSTEM, ApiTokenType
from store.operations.segments import create_segment
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token
from store.usage.reports import ToggleCounts
from tests.rest_compat.conftest import begins_with
from tests.store.usage.reporting import registration_report, usage_report

ON_THE_SECOND = datetime(2026, 1, 1, 0, 0, 7, tzinfo=UTC)
BETWEEN = ON_THE_SECOND.replace(microsecond=123_999)

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_IN_JSON = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# Bodies with datetimes, and the keys of the datetimes.
ANSWERS = {
    "/api/client/features/live": {"createdAt", "lastSeenAt"},
    "/api/admin/features": {"createdAt", "lastSeenAt"},
    "/api/admin/features/live": {"createdAt", "lastSeenAt"},
    "/api/admin/archive/features": {"createdAt"},
    "/api/admin/events": {"createdAt"},
    "/api/admin/events/live": {"createdAt", "lastSeenAt"},
    "/api/admin/state/export": {"createdAt", "lastSeenAt"},
    "/api/admin/metrics/applications": {"createdAt", "updatedAt"},
    "/api/admin/metrics/applications/shop": {"createdAt", "lastSeen", "lastSeenAt"},
    "/api/admin/metrics/seen-apps": {"createdAt", "updatedAt"},
    "/api/admin/context": {"createdAt"},
    "/api/admin/context/userId": {"createdAt"},
    "/api/admin/projects": {"createdAt"},
    "/api/admin/projects/default/features": {"createdAt", "lastSeenAt"},
    "/api/admin/projects/default/features/live": {"createdAt", "lastSeenAt"},
    "/api/admin/segments": {"createdAt"},
    "/api/admin/segments/1": {"createdAt"},
    "/api/admin/api-tokens": {"createdAt", "expiresAt", "seenAt"},
}


async def furnish(store: Store) -> None:
    now = store.clock()
    async with store.write(SYSTEM) as work:
        for name in ("live", "gone"):
            await create_toggle(work, name=name, enabled=True)
        await archive_toggle(work, "gone")
        await create_segment(work, name="beta")
        expires_at = now + timedelta(days=365_000)
        await create_token(work, name="sdk", type=ApiTokenType.ADMIN, expires_at=expires_at)
    await store.journal.add(
        registration_report(instance_id="i-1", received_at=now),
        usage_report({"live": ToggleCounts(1)}, received_at=now, stop=now),
    )
    await store.aggregate_now()


def times_in(value: Any, key: str = "") -> set[tuple[str, str]]:
    """The keys and the strings of all datetimes."""
    if isinstance(value, dict):
        return {entry for key, item in value.items() for entry in times_in(item, key)}
    if isinstance(value, list):
        return {entry for item in value for entry in times_in(item, key)}
    return {(key, value)} if isinstance(value, str) and _TIME.fullmatch(value) else set()


async def check_answers(admin: httpx.AsyncClient, client: httpx.AsyncClient) -> set[str]:
    """Check the form of the datetimes in all answers, and return them."""
    for path in ("stale/on", "toggle/off"):
        assert (await admin.post(f"/api/admin/features/live/{path}")).status_code == 200
    strings: set[str] = set()
    for path, keys in ANSWERS.items():
        answer = await (client if path.startswith("/api/client") else admin).get(path)
        assert answer.status_code == 200, (path, answer.text)
        datetimes = times_in(answer.json())
        assert {key for key, _ in datetimes} >= keys, path
        assert [item for item in datetimes if not _IN_JSON.fullmatch(item[1])] == [], path
        strings |= {text for _, text in datetimes}
    return strings


@begins_with(furnish, clock=lambda: ON_THE_SECOND)
async def test_a_time_on_the_second_has_three_decimals(
    admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    assert "2026-01-01T00:00:07.000Z" in await check_answers(admin, client)


@begins_with(furnish, clock=lambda: BETWEEN)
async def test_a_time_between_has_three_decimals(
    admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    assert "2026-01-01T00:00:07.123Z" in await check_answers(admin, client)


@begins_with(furnish, clock=lambda: ON_THE_SECOND)
async def test_the_yaml_export_has_three_decimals(admin: httpx.AsyncClient) -> None:
    answer = await admin.get("/api/admin/state/export", params={"format": "yaml"})

    assert "2026-01-01T00:00:07.000Z" in answer.text


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
        (
            datetime(2026, 1, 1, 2, 0, 7, 999_999, timezone(timedelta(hours=2))),
            "2026-01-01T00:00:07.999Z",
        ),
        (datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC), "9999-12-31T23:59:59.999Z"),
        (None, None),
    ],
)
def test_what_is_beyond_a_millisecond_is_cut_off(time: datetime | None, text: str | None) -> None:
    assert format_time(time) == text
