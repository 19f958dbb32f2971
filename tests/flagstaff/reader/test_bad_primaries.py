"""A reader keeps serving its last toggles, whatever its primary sends or its disk refuses."""

from pathlib import Path

import httpx
import pytest

from flagstaff.reader import following as module
from flagstaff.reader import upstream
from flagstaff.reader.documents import read_message
from flagstaff.reader.running import check_settings, lock_file
from flagstaff.reader.upstream import UpstreamError
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError
from tests.flagstaff.reader.conftest import Reader
from tests.flagstaff.reader.fake import TOKEN, feature, hydration
from tests.flagstaff.reader.test_reader import REPORT

HTML = httpx.Response(200, html="<title>Sign in</title>")

pytestmark = pytest.mark.thorough


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect at once."""
    for name in ("FIRST_RETRY_S", "MAX_RETRY_S", "REFUSED_RETRY_S", "POLL_INTERVAL_S"):
        monkeypatch.setattr(module, name, 0.01)


async def begin(reader: Reader) -> None:
    """Load one toggle, and then lose the stream."""
    reader.primary.first = [hydration(feature("checkout"))]
    await reader.until(lambda: reader.state.ready)


async def served(reader: Reader) -> list[str]:
    """Return the names of the toggles that the reader serves."""
    answer = await reader.get("/api/client/features")
    assert answer.status_code == 200
    return [each["name"] for each in answer.json()["features"]]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (HTML, "answers with text/html"),
        (httpx.Response(500), "answered 500"),
        (httpx.Response(429, headers={"retry-after": "0"}), "answered 429"),
        (httpx.Response(302, headers={"location": "/login"}), "answered 302"),
        (httpx.Response(200, json={"tokens": 3}), "cannot be read"),
        (httpx.ConnectError("refused"), "cannot be reached (refused)"),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value),
)
async def test_an_unusable_answer_is_reported_and_the_last_toggles_are_served(
    following: Reader, answer: httpx.Response | Exception, problem: str
):
    await begin(following)

    following.primary.answers["*"] = answer
    following.primary.end_stream()
    await following.until(lambda: following.state.problem)
    ready = await following.client.get("/ready")

    assert problem in ready.json()["problem"]
    assert ready.json()["primary"] == "unavailable"
    assert ready.status_code == 200
    assert await served(following) == ["checkout"]

    following.primary.answers.clear()
    await following.until(lambda: following.state.is_available)


async def test_an_answer_that_is_too_large_is_refused(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(upstream, "MAX_BYTES", 10)

    with pytest.raises(UpstreamError, match="too large"):
        await reader.upstream.validate(TOKEN)


async def test_a_primary_of_another_installation_is_not_followed(following: Reader):
    await begin(following)

    following.primary.installation = "another"
    following.primary.first = [hydration(feature("foreign"))]
    following.primary.end_stream()
    await following.until(lambda: following.state.problem)
    reports = [following.primary.reports, following.state.is_available]

    assert "FLAGSTAFF_READER_FILE" in (following.state.problem or "")
    assert reports == [[], False]
    assert await served(following) == ["checkout"]


async def test_a_primary_without_streams_is_polled(following: Reader):
    following.primary.answers["/api/client/streaming"] = httpx.Response(404)
    await begin(following)
    assert await served(following) == ["checkout"]

    following.primary.first = [hydration(feature("checkout"), feature("search"))]
    await following.until(lambda: "search" in following.store.snapshot.toggles)


async def test_a_restored_primary_takes_the_reader_back_to_the_earlier_state(following: Reader):
    following.primary.first = [hydration(feature("checkout"), feature("newer"), revision=90)]
    await following.until(lambda: following.state.ready)

    following.primary.first = [hydration(feature("checkout", enabled=False), revision=12)]
    following.primary.end_stream()
    await following.until(lambda: "newer" not in following.store.snapshot.toggles)

    answer = await following.get("/api/client/features")
    assert answer.json()["features"] == [feature("checkout", enabled=False)]


async def test_unknown_fields_and_events_of_a_newer_primary_are_ignored(following: Reader):
    following.primary.first = [hydration(feature("checkout", colour="blue"))]
    await following.until(lambda: following.state.ready)

    following.primary.push({"type": "project-renamed", "eventId": 2, "project": "x"})
    following.primary.push(
        {"type": "feature-updated", "eventId": 3, "feature": feature("later", owner={"id": 1})}
    )
    await following.until(lambda: "later" in following.store.snapshot.toggles)

    assert await served(following) == ["checkout", "later"]


async def test_an_own_token_that_the_primary_refuses_is_no_longer_served(following: Reader):
    await begin(following)

    following.state.fail("an earlier problem")
    following.primary.tokens.clear()
    following.primary.end_stream()
    await following.until(lambda: not following.store.snapshot.tokens)
    answer = await following.get("/api/client/features")

    assert answer.status_code == 401
    ready = await following.client.get("/ready")
    assert ready.status_code == 503
    assert ready.json()["primary"] == "available"
    assert "is not a client token of the primary" in ready.json()["problem"]

    following.primary.tokens[TOKEN] = "default"
    await following.until(lambda: following.state.ready)
    assert await served(following) == ["checkout"]


async def test_a_stream_that_is_malformed_in_the_middle_is_opened_again(following: Reader):
    await begin(following)

    following.primary.first = [hydration(feature("checkout"), feature("search"))]
    following.primary.push({"type": "feature-updated", "eventId": 2, "feature": {"name": 7}})
    await following.until(lambda: "search" in following.store.snapshot.toggles)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"[]",
        b'{"events": [{"type": "hydration", "features": [{}]}]}',
        (
            b'{"events": [{"type": "hydration", "features": [{"name": "a", "enabled": true,'
            b' "strategies": [{"name": "s", "segments": [3]}]}], "segments": []}]}'
        ),
    ],
)
def test_a_malformed_message_is_refused(message: bytes):
    with pytest.raises(UpstreamError):
        read_message(message)


async def test_a_full_disk_refuses_reports_while_toggles_are_served(following: Reader):
    await begin(following)
    database = following.store._database
    (pages,) = await database.run_pragma("page_count")
    await database.run_pragma(f"max_page_count={pages}")
    headers = {"authorization": TOKEN}
    large = {**REPORT, "appName": "a" * 250}

    statuses: list[int] = []
    for number in range(2_000):
        body = {**large, "connectionId": str(number)}
        answer = await following.client.post("/api/client/metrics", json=body, headers=headers)
        statuses.append(answer.status_code)
        if answer.status_code != 202:
            break
    await following.store.outgoing.count()

    assert statuses[-1] == 503
    assert following.store.outgoing.rows == len(statuses) - 1
    assert await served(following) == ["checkout"]

    await database.run_pragma("max_page_count=1000000")
    answer = await following.client.post("/api/client/metrics", json=REPORT, headers=headers)
    assert answer.status_code == 202


def test_a_second_reader_of_a_file_is_refused(tmp_path: Path):
    file = str(tmp_path / "reader.db")

    with (
        lock_file(file),
        pytest.raises(SettingsError, match="another reader uses"),
        lock_file(file),
    ):
        pass

    with lock_file(file):
        pass


def test_settings_that_do_not_fit_a_reader_are_reported_together(no_settings: None):
    settings = Settings(database_url="sqlite:///flagstaff.db", client_api="open")

    with pytest.raises(SettingsError) as refused:
        check_settings(settings)

    assert [problem.split()[-1] for problem in refused.value.problems] == [
        "primary.",
        "primary.",
        "PostgreSQL.",
        "'token'.",
    ]
