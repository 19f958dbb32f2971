"""Toggles that tests of the 3.x admin API send, and the answers about them."""

from typing import Any

import httpx

from rest_compat.unleash3.models import toggle_document
from store import Store
from store.operations.toggles import archive_toggle
from tests.rest_compat.conftest import admin_of, create
from tests.store.operations.doing import carry_out

FEATURES = "/api/admin/features"
DEFAULT = [{"name": "default", "parameters": {}}]


async def make(admin: httpx.AsyncClient, name: str, **fields: Any) -> dict[str, Any]:
    """Create a toggle and return the answer."""
    answer = await admin.post(FEATURES, json={"name": name, "strategies": DEFAULT, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def live_and_archived(store: Store) -> None:
    """The live toggle `aa` and the archived toggle `archived`."""
    await make(admin_of(store), "aa")
    await create(store, "archived")
    await carry_out(store, archive_toggle, "archived")


async def read(admin: httpx.AsyncClient, name: str) -> dict[str, Any]:
    """Read a toggle and return the answer."""
    answer = await admin.get(f"{FEATURES}/{name}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def stored(store: Store, name: str) -> dict[str, Any]:
    """The document of a toggle that no application requested."""
    return toggle_document(store.snapshot.toggles[name], last_seen_at=None)
