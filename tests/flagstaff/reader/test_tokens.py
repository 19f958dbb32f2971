"""Tokens of the primary are served while the primary confirms them, and 55 seconds longer."""

import httpx
import pytest

from flagstaff.reader import tokens as module
from tests.flagstaff.reader.conftest import Reader
from tests.flagstaff.reader.fake import feature, hydration

OTHER = "*:default.frontend-token-of-somebody"
FEATURES = "/api/frontend"

pytestmark = pytest.mark.thorough


class Clock:
    """The monotonic clock of the checks."""

    now = 1_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test sets."""
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


async def begin(reader: Reader) -> None:
    """Load a toggle, and let the primary accept the token."""
    reader.primary.first = [hydration(feature("checkout"))]
    reader.primary.tokens[OTHER] = "default"
    await reader.until(lambda: reader.state.ready)


async def status(reader: Reader, token: str = OTHER) -> int:
    """Return the status of a request with a token."""
    return (await reader.get(FEATURES, token)).status_code


async def test_a_token_is_asked_about_once_and_its_secret_is_not_stored(
    following: Reader, clock: Clock
):
    await begin(following)
    before = following.primary.requests.count("/edge/validate")

    statuses = [await status(following), await status(following)]

    assert statuses == [200, 200]
    assert following.primary.requests.count("/edge/validate") == before + 1
    with open(following.store.journal._database.url.database or "", "rb") as file:  # noqa: PTH123
        assert OTHER.encode() not in file.read()


async def test_a_revoked_token_is_refused_at_the_next_check(following: Reader, clock: Clock):
    await begin(following)
    await status(following)

    del following.primary.tokens[OTHER]
    clock.now += module.CHECK_INTERVAL_S
    await following.tokens.check()

    assert await status(following) == 401


async def test_while_the_primary_is_away_a_token_is_served_for_less_than_a_minute(
    following: Reader, clock: Clock
):
    await begin(following)
    await status(following)
    following.primary.answers["*"] = httpx.ConnectError("refused")

    statuses: list[int] = []
    for _ in range(3):
        clock.now += 27
        await following.tokens.check()
        statuses.append(await status(following))
    own = await following.get("/api/client/features")

    assert statuses == [200, 200, 503]
    assert own.status_code == 200

    following.primary.answers.clear()
    assert await status(following) == 200


async def test_unknown_tokens_are_refused_and_not_asked_about_again(
    following: Reader, clock: Clock
):
    await begin(following)
    before = following.primary.requests.count("/edge/validate")

    statuses = [await status(following, "*:default.frontend-unknown") for _ in range(3)]

    assert statuses == [401, 401, 401]
    assert following.primary.requests.count("/edge/validate") == before + 1


async def test_an_address_with_many_unknown_tokens_does_not_reach_the_primary(
    following: Reader, clock: Clock
):
    await begin(following)

    statuses = [await status(following, f"*:default.unknown-{number}") for number in range(21)]
    asked = len(following.primary.requests)
    last = await status(following, "*:default.unknown-again")

    assert statuses[:20] == [401] * 20
    assert last == 429
    assert len(following.primary.requests) == asked


async def test_a_token_of_an_environment_that_is_not_followed_is_refused(
    following: Reader, clock: Clock
):
    await begin(following)
    following.primary.tokens["*:production.frontend-token"] = "production"

    answer = await following.get(FEATURES, "*:production.frontend-token")

    assert answer.status_code == 403
    assert "'production'" in answer.text


async def test_a_token_of_a_type_that_the_reader_does_not_know_is_refused(
    following: Reader, clock: Clock
):
    await begin(following)
    token = {"token": OTHER, "type": "gateway", "environment": "default", "projects": ["*"]}
    following.primary.answers["/edge/validate"] = httpx.Response(200, json={"tokens": [token]})

    assert await status(following) == 401


async def test_a_limited_number_of_unknown_tokens_waits_for_the_primary(
    following: Reader, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    await begin(following)
    monkeypatch.setattr(module, "MAX_WAITING", 0)

    answer = await following.get(FEATURES, OTHER)

    assert answer.status_code == 503
    assert "too many other tokens" in answer.text
