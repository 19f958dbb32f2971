"""The official engine evaluates imported batch exports as it did before the import."""

import json
from pathlib import Path
from typing import Any

import pytest
from yggdrasil_engine.engine import UnleashEngine

from rest_compat.sdk.payload import PayloadCache
from rest_compat.sdk.scopes import PayloadScope
from store import Store
from store.model import SYSTEM
from store.transfer.recognizing import document_of
from store.transfer.unleash.batch import BatchTarget, served_content_of
from store.transfer.unleash.document import UnleashDocument
from store.transfer.unleash.importing import import_unleash

DATA = Path(__file__).parents[2] / "data"

pytestmark = pytest.mark.thorough


def recorded(name: str, environment: str) -> Any:
    return json.loads((DATA / f"unleash-8.2-{name}-{environment}.json").read_text("utf-8"))


async def test_each_environment_evaluates_as_recorded(store: Store) -> None:
    # Both exports go into one installation, as when a team moves in.
    environments = ("development", "production")
    for environment in environments:
        served = served_content_of(recorded("client-features", environment), path=())
        value = recorded("batch-export", environment)
        document = document_of(value, target=BatchTarget(served=served))
        assert isinstance(document, UnleashDocument)
        async with store.write(SYSTEM) as work:
            await import_unleash(work, document)

    differing: list[str] = []
    cases = 0
    for environment in environments:
        cache, scope = PayloadCache(), PayloadScope(environment, inline=False)
        await cache.prepare(store.snapshot, scope)
        engine: Any = UnleashEngine()
        engine.take_state(b"".join(cache.payload(store.snapshot, scope).pieces).decode())
        for entry in recorded("evaluations", environment):
            for name, expected in entry["results"].items():
                cases += 1
                variant = engine.get_variant(name, entry["context"]).variant
                found = (
                    variant.name
                    if variant.enabled
                    else bool(engine.is_enabled(name, entry["context"]).is_enabled)
                )
                if found != expected:
                    differing.append(f"{environment}: {name} for {entry['context']}: {found}")

    assert differing == []
    assert cases > 5_000
