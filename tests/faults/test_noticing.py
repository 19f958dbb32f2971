"""`tests.faults.hostile` notices each kind of error in an answer and in stored data."""

import pytest

from store import Store
from store.model import SYSTEM
from store.operations.toggles import archive_toggle
from store.operations.tokens import revoke_token
from tests.faults.hostile.running import Run, held_by
from tests.faults.hostile.sending import Attack, Reply
from tests.faults.hostile.site import Site, problem_of


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.mark.parametrize(
    ("status", "headers", "body", "problem"),
    [
        (200, {}, b"anything", None),
        (404, {}, b"", None),
        (400, {"content-type": "application/json"}, b'{"name": "x"}', None),
        (500, {"content-type": "application/json"}, b"{}", "status 500"),
        (503, {}, b"", "status 503"),
        (400, {"content-type": "text/html"}, b"<h1>no</h1>", "no JSON"),
        (400, {"content-type": "application/json"}, b"[]", "no object"),
        (400, {"content-type": "application/json"}, b'{"a": "sqlite3.Error"}', "tells"),
        (200, {"x-injected": "yes"}, b"", "injected"),
    ],
)
def test_a_bad_answer_is_noticed(
    status: int, headers: dict[str, str], body: bytes, problem: str | None
) -> None:
    found = problem_of(Reply(status, {"x-request-id": "1", **headers}, body, 0.0))

    assert (found is None) if problem is None else problem in str(found)


def test_no_answer_and_an_answer_without_an_id_are_noticed() -> None:
    assert problem_of(None) == "no answer"
    assert problem_of(Reply(200, {}, b"", 0.0)) == "no X-Request-Id"


async def test_a_refusal_that_stores_something_is_noticed(site: Site) -> None:
    looks = iter(range(2))
    run = Run(site, held=lambda: next(looks))

    await run.attack(Attack("nowhere", "GET", b"/nowhere"))

    assert "something was stored" in str(run.findings)


async def test_damage_is_noticed(site: Site, store: Store) -> None:
    assert await site.damage() == []
    before = held_by(store)

    async with store.write(SYSTEM) as work:
        await archive_toggle(work, "canary.on")
        for token in list(work.snapshot.tokens.values()):
            if token.name == "canary":
                await revoke_token(work, token.id)

    damage = "; ".join(await site.damage())
    assert held_by(store) != before
    assert "toggle is" in damage
    assert "served is []" in damage
    assert "this token is not what it was" in damage
