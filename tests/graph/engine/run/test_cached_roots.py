"""The answer of a root field is cached until the state changes in a part that the field reads."""

from collections import Counter
from typing import Any

import pytest

from graph.engine.run import cached_roots
from graph.engine.run.executor import CompilingExecutor
from store.model import SYSTEM
from store.operations.fields import ToggleFields
from store.operations.toggles import update_toggle
from tests.graph.gateway import Gateway, gateway_over
from tests.graph.installation import Installation

TOGGLES = "{ toggles { totalCount nodes { name description } } }"


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The number of times that each root field was executed."""
    found: Counter[str] = Counter()
    execute_field = CompilingExecutor.execute_field

    def count(self: Any, parent_type: Any, source: Any, details: Any, *rest: Any) -> Any:
        if parent_type.name == "Query":
            found[details[0].node.name.value] += 1
        return execute_field(self, parent_type, source, details, *rest)

    monkeypatch.setattr(CompilingExecutor, "execute_field", count)
    return found


@pytest.fixture(autouse=True)
async def toggles(installation: Installation) -> None:
    await installation.toggles("a", "b")


async def test_an_answer_from_the_state_alone_is_executed_once(
    gateway: Gateway, executed: Counter[str]
) -> None:
    answers = [(await gateway.post(TOGGLES)).content for _ in range(4)]

    assert len(set(answers)) == 1
    assert executed == {"toggles": 2}  # the second request stores the plan


async def test_a_change_of_what_was_read_ends_a_cached_answer(
    gateway: Gateway, executed: Counter[str]
) -> None:
    document = "{ toggles { nodes { name description } } environments { name } }"
    for _ in range(3):
        await gateway.run(document)
    async with gateway.store.write(SYSTEM) as work:
        await update_toggle(work, "a", ToggleFields(description="new"))

    data = await gateway.run(document)

    assert data["toggles"]["nodes"][0]["description"] == "new"
    assert executed == {"toggles": 3, "environments": 2}


async def test_what_reads_the_clock_or_the_viewer_is_executed_each_time(
    gateway: Gateway, executed: Counter[str]
) -> None:
    document = """{
      viewer { canWrite }
      toggles { nodes { potentiallyStale } }
      stale: toggles(filter: { not: { staleness: [STALE] } }) { totalCount }
      toggleTypes { name }
    }"""

    answers = [await gateway.run(document) for _ in range(3)]

    assert list(answers[-1]) == ["viewer", "toggles", "stale", "toggleTypes"]
    assert executed == {"viewer": 3, "toggles": 6, "toggleTypes": 2}


async def test_each_set_of_variables_has_its_own_answer(
    gateway: Gateway, executed: Counter[str]
) -> None:
    document = "query ($name: String!) { toggle(name: $name) { name } }"

    data = [await gateway.run(document, {"name": name}) for name in "ababab"]

    assert [each["toggle"]["name"] for each in data] == list("ababab")
    assert executed == {"toggle": 3}  # one for the first request, and one for each name


async def test_a_viewer_does_not_get_what_an_admin_may_see(gateway: Gateway) -> None:
    name = (await gateway.change("toggleCreate", {"name": "new"}, "toggle { name }"))["toggle"]
    document = """query ($name: String!) { toggle(name: $name) {
      name createdBy { name apiToken { id name hint } }
    } }"""

    seen = [await gateway.run(document, name, token=token) for token in ("admin", "viewer") * 3]

    tokens = [each["toggle"]["createdBy"]["apiToken"] for each in seen]
    assert [token is not None for token in tokens] == [True, False] * 3


async def test_a_field_for_admins_is_refused_to_viewers_after_an_admin_read_it(
    gateway: Gateway,
) -> None:
    document = "{ toggleTypes { name } apiTokens { nodes { name } } }"
    for _ in range(3):
        await gateway.run(document)

    refused = (await gateway.post(document, token="viewer")).json()

    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_answers_with_errors_are_not_cached(gateway: Gateway, executed: Counter[str]) -> None:
    document = "{ toggleTypes { name } toggles(first: -1) { totalCount } }"

    answers = [(await gateway.post(document)).content for _ in range(2)]

    assert answers[0] == answers[1]
    assert executed == {"toggles": 2, "toggleTypes": 2}


async def test_a_large_answer_is_refused_as_before(gateway: Gateway) -> None:
    async with gateway_over(gateway.store, max_answer_bytes=60) as limited:
        answers = [(await limited.post(TOGGLES)).content for _ in range(3)]

    assert len(set(answers)) == 1
    assert b"COST_LIMIT" in answers[0]


@pytest.mark.thorough
async def test_the_cache_has_a_limit_on_its_bytes(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches: list[cached_roots.CachedRoots] = []
    find = cached_roots.CachedRoots.find

    def note(cache: cached_roots.CachedRoots, *arguments: Any) -> Any:
        caches.append(cache)
        return find(cache, *arguments)

    monkeypatch.setattr(cached_roots.CachedRoots, "find", note)
    for _ in range(2):
        await gateway.run(TOGGLES)
    caches[0]._max_bytes = 5_000
    for number in range(100):
        for _ in range(2):
            await gateway.run(f"{{ toggles {{ a{number}: totalCount }} }}")

    assert 0 < caches[0].bytes <= 5_000
    assert len(caches[0]) <= 10
