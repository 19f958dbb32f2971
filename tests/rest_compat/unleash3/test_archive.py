"""Archiving toggles in the 3.x admin API, listing the archive, and reviving."""

import httpx
import pytest

from store import Store
from store.operations.toggle_environments import set_enabled
from store.operations.toggles import archive_toggle
from tests.rest_compat.conftest import begins_with, create, names_at
from tests.rest_compat.unleash3.responses import newest_event
from tests.rest_compat.unleash3.toggles import FEATURES, live_and_archived, make, read
from tests.store.operations.doing import carry_out, log

ARCHIVE = "/api/admin/archive/features"
REVIVE = "/api/admin/archive/revive"


async def test_an_archived_toggle_is_listed_there_alone_and_off(
    store: Store, admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    made = await make(admin, "aa", enabled=True, description="About aa.")

    answer = await admin.delete(f"{FEATURES}/aa")

    assert (answer.status_code, answer.content) == (200, b"")
    assert (await admin.get(FEATURES)).json()["features"] == []
    assert (await admin.get(ARCHIVE)).json() == {"features": [made | {"enabled": False}]}
    assert await names_at(client) == []
    assert await newest_event(store) == ("feature-archived", {"name": "aa"})


async def test_what_an_import_archives_is_listed_as_the_document_has_it(
    admin: httpx.AsyncClient,
) -> None:
    feature = {"name": "aa", "archived": True, "enabled": True, "strategies": [{"name": "default"}]}

    await admin.post("/api/admin/state/import", json={"features": [feature]})

    assert [item["enabled"] for item in (await admin.get(ARCHIVE)).json()["features"]] == [True]
    await admin.post(f"{REVIVE}/aa")
    assert (await read(admin, "aa"))["enabled"] is False


async def test_an_empty_archive(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(ARCHIVE)

    assert answer.status_code == 200
    assert answer.json() == {"features": []}


async def test_the_archive_is_listed_by_name(store: Store, admin: httpx.AsyncClient) -> None:
    for name in ("b", "a", "B"):
        await create(store, name)
        await carry_out(store, archive_toggle, name)

    features = (await admin.get(ARCHIVE)).json()["features"]

    assert [item["name"] for item in features] == ["B", "a", "b"]


@pytest.mark.parametrize("name", ["nope", "archived", "a%20b"])
@begins_with(live_and_archived)
async def test_what_is_not_live_cannot_be_archived(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    before = store.snapshot

    answer = await admin.delete(f"{FEATURES}/{name}")

    assert (answer.status_code, answer.content) == (404, b"")
    assert store.snapshot is before


async def test_a_revived_toggle_is_as_before_but_off_everywhere(
    store: Store, admin: httpx.AsyncClient
) -> None:
    made = await make(admin, "aa", enabled=True, variants=[{"name": "vv", "weight": 1}])
    await carry_out(store, set_enabled, "aa", environment="staging", enabled=True)
    await admin.delete(f"{FEATURES}/aa")

    answer = await admin.post(f"{REVIVE}/aa")

    assert (answer.status_code, answer.content) == (200, b"")
    assert await read(admin, "aa") == made | {"enabled": False}
    assert not store.snapshot.toggles["aa"].environments["staging"].enabled
    assert (await admin.get(ARCHIVE)).json() == {"features": []}
    assert await newest_event(store) == ("feature-revived", {"name": "aa"})


async def test_reviving_a_live_toggle_leaves_it_on(store: Store, admin: httpx.AsyncClient) -> None:
    await make(admin, "aa", enabled=True)
    before, events = store.snapshot, len(await log(store))

    answer = await admin.post(f"{REVIVE}/aa")

    assert (answer.status_code, answer.content) == (200, b"")
    assert store.snapshot is before
    assert len(await log(store)) == events


@pytest.mark.parametrize("name", ["nope", "a%20b", "x" * 5_000])
async def test_an_unknown_toggle_cannot_be_revived(
    store: Store, admin: httpx.AsyncClient, name: str
) -> None:
    before = store.snapshot

    answer = await admin.post(f"{REVIVE}/{name}")

    assert (answer.status_code, answer.content) == (404, b"")
    assert store.snapshot is before


@begins_with(live_and_archived)
async def test_reviving_wants_json_or_nothing(store: Store, admin: httpx.AsyncClient) -> None:
    answer = await admin.post(f"{REVIVE}/archived", content=b"{")

    assert answer.status_code == 400
    assert store.snapshot.toggles["archived"].archived
