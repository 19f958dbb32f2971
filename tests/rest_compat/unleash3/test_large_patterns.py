"""The 3.x admin API refuses some regular expressions, but stores regular expressions that it cannot
parse.
"""

import httpx

from store import Store
from tests.patterns import LARGE, note_compiled, only_in_threads
from tests.rest_compat.conftest import admin_of, begins_with
from tests.rest_compat.unleash3.responses import violations_in
from tests.rest_compat.unleash3.toggles import FEATURES, make, read

IMPORT = "/api/admin/state/import"
LONG = "a" * 1_001


async def one(store: Store) -> None:
    """The toggle `aa`."""
    await make(admin_of(store), "aa")


def feature(name: str, pattern: str) -> dict[str, object]:
    constraint = {"contextName": "userId", "operator": "REGEX", "values": [pattern]}
    strategies = [{"name": "default", "parameters": {}, "constraints": [constraint]}]
    return {"name": name, "strategies": strategies}


@begins_with(one)
async def test_patterns_that_are_too_large_are_refused(
    store: Store, admin: httpx.AsyncClient
) -> None:
    before = store.snapshot

    for pattern, count, rule in ((LARGE, 1, "constraint-regex-size"), (LONG, 0, "string.max")):
        with note_compiled() as compiled:
            created = await admin.post(FEATURES, json=feature("bb", pattern))
            changed = await admin.put(f"{FEATURES}/aa", json=feature("aa", pattern))
            imported = await admin.post(
                IMPORT, json={"version": 1, "features": [feature("bb", pattern)]}
            )

        assert [item.status_code for item in (created, changed, imported)] == [400] * 3
        assert {
            item for answer in (created, changed, imported) for _, item in violations_in(answer)
        } == {rule}
        assert only_in_threads(compiled).count(pattern) == count
    assert store.snapshot is before


@begins_with(one)
async def test_other_patterns_are_stored_and_compiled_in_a_thread(
    admin: httpx.AsyncClient,
) -> None:
    with note_compiled() as compiled:
        await admin.put(f"{FEATURES}/aa", json=feature("aa", "^a"))
        await make(admin, "bb", strategies=feature("bb", "(")["strategies"])
        answer = await admin.post(IMPORT, json={"version": 1, "features": [feature("cc", "^c")]})

    assert answer.status_code == 202
    assert only_in_threads(compiled) == ["^a", "(", "^c"]
    assert len((await read(admin, "bb"))["strategies"]) == 1
