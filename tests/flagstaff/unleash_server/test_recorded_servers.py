"""Recorded servers evaluate as before after an import from export files or over the admin API."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from flagstaff.commands.url_import import TOKEN_VARIABLE
from flagstaff.unleash_server import client
from store import Store
from store.operations.tokens import hash_secret
from tests.flagstaff.outcome import Outcome
from tests.flagstaff.unleash_server.answering import RecordedServer
from tests.unleash_servers.comparing import Comparison, compare, expect
from tests.unleash_servers.servers import ADMIN, VERSIONS
from tests.unleash_servers.ways import (
    Way,
    file_imports,
    imported_payloads,
    recorded,
    recorded_payloads,
    recorded_ways,
)

Flagstaff: TypeAlias = Callable[..., Outcome]

# These toggles are not archived.
LIVE = 54
ARCHIVED = 6
EVALUATIONS = 2_000
_ALL = [
    (version, way)
    for version in VERSIONS
    for way in recorded_ways(version)
    # Another test imports the databases.
    if way is not Way.DATABASE
]

pytestmark = pytest.mark.usefixtures("database_file")


async def _compared(database_file: Path, version: str, way: Way) -> tuple[Comparison, Store]:
    """Return a comparison, and the closed store, whose snapshot remains."""
    store = await Store.open(f"sqlite:///{database_file}", background=False)
    try:
        expected = expect(imported_payloads(version, way), EVALUATIONS)
        compared = await compare(store, expected, with_dependencies=way.has_dependencies)
        return compared, store
    finally:
        await store.close()


@pytest.mark.thorough
@pytest.mark.parametrize(("version", "way"), _ALL)
def test_an_imported_server_evaluates_as_before(
    flagstaff: Flagstaff,
    database_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    way: Way,
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, ADMIN)
    monkeypatch.setattr(client, "REQUESTS_PER_SECOND", 10_000)
    if way is Way.SERVER:
        with RecordedServer(recorded(version, "answers")) as server:
            outcomes = [flagstaff("import", "--from-unleash", server.url)]
    else:
        outcomes = [
            flagstaff("import", *arguments) for arguments in file_imports(version, way, tmp_path)
        ]

    assert [outcome.status for outcome in outcomes] == [0] * len(outcomes), outcomes
    compared, store = asyncio.run(_compared(database_file, version, way))
    assert compared.evaluations >= EVALUATIONS
    assert (compared.official, compared.own, compared.toggles) == (0, 0, frozenset())
    toggles = store.snapshot.toggles.values()
    assert sum(not toggle.archived for toggle in toggles) == LIVE
    if way is Way.SERVER:
        assert sum(toggle.archived for toggle in toggles) == ARCHIVED
        tokens = recorded(version, "answers").get("/api/admin/api-tokens", {"tokens": ()})
        hashes = {hash_secret(token["secret"]) for token in tokens["tokens"]}
        assert set(store.snapshot.tokens_by_hash) == hashes


@pytest.mark.thorough
def test_a_difference_is_counted(flagstaff: Flagstaff, database_file: Path) -> None:
    (arguments,) = file_imports("3.17.6", Way.STATE, database_file.parent)
    flagstaff("import", *arguments)

    async def count() -> Comparison:
        store = await Store.open(f"sqlite:///{database_file}", background=False)
        payloads = recorded_payloads("3.17.6")
        features = payloads["default"]["features"]
        features[0]["enabled"] = not features[0]["enabled"]
        varied = next(feature for feature in features[1:] if feature["variants"])
        varied["variants"][0]["weight"] -= 1
        try:
            expected = expect(payloads, EVALUATIONS)
            compared = await compare(store, expected, with_dependencies=True)
            assert compared.toggles == {features[0]["name"], varied["name"]}
            return compared
        finally:
            await store.close()

    compared = asyncio.run(count())

    assert compared.official > 0
    assert compared.own > 0
