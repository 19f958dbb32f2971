"""Switching toggles in the 3.x admin API: on, off, toggled, stale and not stale."""

import asyncio
from typing import Any

import httpx
import pytest

from store import Store
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import create_toggle
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash3.responses import newest_event
from tests.rest_compat.unleash3.toggles import FEATURES, live_and_archived, make, read, stored
from tests.store.operations.doing import carry_out, last_event, log

SWITCHES = ["toggle", "toggle/on", "toggle/off", "stale/on", "stale/off"]


async def toggles(store: Store) -> None:
    """The toggle `aa` (off, not stale), the toggle `on` (on, stale), and an archived toggle."""
    await live_and_archived(store)
    await make(admin_of(store), "on", enabled=True, stale=True)


pytestmark = begins_with(toggles)


@pytest.mark.parametrize(
    ("switch", "key", "was", "becomes", "type"),
    [
        ("toggle/on", "enabled", False, True, "feature-updated"),
        ("toggle/on", "enabled", True, True, "feature-updated"),
        ("toggle/off", "enabled", True, False, "feature-updated"),
        ("toggle/off", "enabled", False, False, "feature-updated"),
        ("toggle", "enabled", False, True, "feature-updated"),
        ("toggle", "enabled", True, False, "feature-updated"),
        ("stale/on", "stale", False, True, "feature-stale-on"),
        ("stale/on", "stale", True, True, "feature-stale-on"),
        ("stale/off", "stale", True, False, "feature-stale-off"),
        ("stale/off", "stale", False, False, "feature-stale-off"),
    ],
)
async def test_a_switch_answers_and_shows_the_whole_toggle_even_if_nothing_changes(
    store: Store,
    admin: httpx.AsyncClient,
    switch: str,
    key: str,
    was: bool,
    becomes: bool,
    type: str,
) -> None:
    name = "on" if was else "aa"
    before, events = stored(store, name), len(await log(store))

    answer = await admin.post(f"{FEATURES}/{name}/{switch}")

    assert answer.status_code == 200
    assert answer.json() == before | {key: becomes}
    assert await read(admin, name) == answer.json()
    assert await newest_event(store) == (type, answer.json())
    assert len(await log(store)) == events + 1
    assert (await last_event(store)).actor.name == "ada"


async def test_a_switch_is_for_default_only(store: Store, admin: httpx.AsyncClient) -> None:
    await carry_out(store, set_enabled, "aa", environment="staging", enabled=True)

    await admin.post(f"{FEATURES}/aa/toggle")
    await admin.post(f"{FEATURES}/aa/toggle/off")

    toggle = store.snapshot.toggles["aa"]
    assert toggle.environments["staging"].enabled
    assert not toggle.environments["default"].enabled


async def test_a_toggle_that_default_knows_nothing_of_can_be_switched(
    store: Store, admin: httpx.AsyncClient
) -> None:
    await carry_out(store, create_toggle, name="x", environment="staging")

    assert (await admin.post(f"{FEATURES}/x/toggle/off")).json()["enabled"] is False
    assert (await admin.post(f"{FEATURES}/x/toggle")).json()["enabled"] is True


@pytest.mark.parametrize("body", [{"enabled": False}, [], 42, None])
async def test_a_body_is_ignored(admin: httpx.AsyncClient, body: Any) -> None:
    answer = await admin.post(f"{FEATURES}/aa/toggle/on", json=body)

    assert answer.json()["enabled"] is True


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize(
    ("content", "type", "status"),
    [(b"{", "application/json", 400), (b"{}", "text/plain", 415)],
)
async def test_a_body_that_is_no_json_is_refused_nevertheless(
    store: Store, admin: httpx.AsyncClient, switch: str, content: bytes, type: str, status: int
) -> None:
    before = store.snapshot

    answer = await admin.post(
        f"{FEATURES}/aa/{switch}", content=content, headers={"content-type": type}
    )

    assert answer.status_code == status
    assert store.snapshot is before


@pytest.mark.parametrize(
    ("name", "switch"),
    [
        *(("archived", switch) for switch in SWITCHES),
        *((name, "toggle") for name in ("nope", "%2e%2e%2fa", "å")),
    ],
)
async def test_an_unknown_or_archived_toggle_is_404(
    store: Store, admin: httpx.AsyncClient, name: str, switch: str
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{FEATURES}/{name}/{switch}")

    assert (answer.status_code, answer.content) == (404, b"")
    assert store.snapshot is before


async def test_flips_at_once_lose_none(store: Store, admin: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(admin.post(f"{FEATURES}/aa/toggle") for _ in range(11)))

    assert sum(answer.json()["enabled"] for answer in answers) == 6
    assert (await read(admin, "aa"))["enabled"] is True
    answered_states = [
        item.wire_data["enabled"]
        for item in await log(store)
        if item.wire_type == "feature-updated"
    ]
    assert answered_states == [True, False] * 5 + [True]
