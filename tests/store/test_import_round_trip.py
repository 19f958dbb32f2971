"""An import is stored completely or not at all, on every kind of database."""

import json
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from store import Store
from store.errors import Refusal
from store.model import SYSTEM, ApiTokenType
from store.operations.tags import change_tags
from store.operations.toggles import create_toggle
from store.operations.tokens import create_token
from store.transfer.context import ImportMode
from store.transfer.exporting import export_document
from store.transfer.importing import import_state
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.values import Tag
from tests.store.stored import assert_same_configuration, read_again
from tests.store.transfer.documents import document_of

REAL_EXPORT = Path(__file__).parents[1] / "data" / "unleash-3.17.6-export.json"
STRATEGY = {
    "name": "flexibleRollout",
    "title": "Größe 😀",
    "disabled": True,
    "parameters": {"rollout": "33", "n": [1, 1.5, None, {"no": True}]},
    "constraints": [
        {"contextName": "age", "operator": "NUM_GTE", "values": [], "value": "18"},
        {"contextName": "city", "operator": "ODD", "inverted": False},
    ],
    "segments": ["two words", "another"],
    "variants": [],
}
DOCUMENT: dict[str, Any] = {
    "format": "flagstaff",
    "version": 1,
    "environments": [
        {"name": "default", "type": "production", "enabled": True, "sortOrder": 0},
        {"name": "lab", "type": "test", "enabled": False, "sortOrder": 3},
    ],
    "projects": [{"name": "shop", "title": "Shop", "description": "Größe"}],
    "toggleTypes": [{"name": "own type", "lifetimeDays": 3}],
    "contextFields": [
        {
            "name": "plan",
            "description": "",
            "legalValues": [{"value": "free", "description": "F"}],
            "stickiness": True,
            "sortOrder": 4,
        }
    ],
    "tagTypes": [{"name": "team", "description": None, "icon": "T", "color": "#00ff7f"}],
    "tags": [{"type": "team", "value": "free"}, {"type": "team", "value": "größe"}],
    "segments": [
        {"name": "two words", "description": None, "constraints": STRATEGY["constraints"]},
        {"name": "another", "description": "x", "constraints": []},
    ],
    "strategies": [
        {
            "name": "mine",
            "title": "Mine",
            "description": "x",
            "parameters": [{"name": "n", "type": "odd", "description": "", "required": True}],
            "deprecated": True,
        }
    ],
    "toggles": [
        {
            "name": "A",
            "description": "Größe\n😀",
            "type": "own type",
            "project": "shop",
            "impressionData": True,
            "createdAt": "0001-01-01T00:00:00Z",
            "staleAt": "2020-02-29T12:00:00.123456Z",
            "archivedAt": None,
            "tags": [{"type": "team", "value": "größe"}],
            "dependencies": [{"toggle": "z", "enabled": False, "variants": []}],
            "environments": [
                {
                    "environment": "default",
                    "enabled": True,
                    "strategies": [STRATEGY, {"name": "odd", "constraints": None}],
                    "variants": [{"name": "v", "weight": 0.5}],
                },
                {"environment": "lab", "enabled": False, "strategies": [], "variants": []},
            ],
        },
        {"name": "z", "archivedAt": "9999-12-31T23:59:59.999999Z"},
    ],
}


@pytest_asyncio.fixture(loop_scope="module")
async def furnished(store: Store) -> Store:
    async with store.write(SYSTEM) as work:
        await create_toggle(work, name="old", tags=[])
        await create_token(work, name="ops", type=ApiTokenType.ADMIN)
    return store


@pytest.mark.parametrize("mode", [ImportMode.MERGE, ImportMode.REPLACE_ALL])
async def test_an_import_is_read_again_as_it_was(furnished: Store, mode: ImportMode):
    tokens = furnished.snapshot.tokens

    async with furnished.write(SYSTEM) as work:
        await import_state(work, document_of(DOCUMENT), mode=mode)

    assert_same_configuration(await read_again(furnished), furnished.snapshot)
    assert ("old" in furnished.snapshot.toggles) is (mode is ImportMode.MERGE)
    assert furnished.snapshot.tokens == tokens
    document = document_of(DOCUMENT)
    exported = export_document(furnished.snapshot, archived=True)
    assert exported.toggles[0] == document.toggles[0]
    assert (exported.segments, exported.strategies) == (document.segments, document.strategies)
    assert (exported.environments, exported.tags) == (document.environments, document.tags)


@pytest.mark.parametrize("drop", [True, False])
async def test_a_3x_document_is_read_again_as_it_was(furnished: Store, drop: bool):
    document = unleash_document_of(json.loads(REAL_EXPORT.read_text("utf-8")))
    async with furnished.write(SYSTEM) as work:
        await import_unleash(work, document)
        await change_tags(work, "old", add=[Tag("team", "core"), Tag("simple", "x")])
    tokens = furnished.snapshot.tokens

    async with furnished.write(SYSTEM) as work:
        made = await import_unleash(work, document, drop=drop)

    assert bool(made.made.changes) is drop
    assert ("old" in furnished.snapshot.toggles) is not drop
    assert furnished.snapshot.tokens == tokens
    assert_same_configuration(await read_again(furnished), furnished.snapshot)


async def test_a_refused_import_leaves_nothing_behind(furnished: Store):
    before = furnished.snapshot
    bad = {**DOCUMENT, "toggles": [*DOCUMENT["toggles"], {"name": "a b"}]}

    with pytest.raises(Refusal):
        async with furnished.write(SYSTEM) as work:
            await import_state(work, document_of(bad), mode=ImportMode.REPLACE_ALL)

    assert furnished.snapshot is before
    assert_same_configuration(await read_again(furnished), furnished.snapshot)
