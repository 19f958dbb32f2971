"""Importing a running Unleash server over its admin API."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from yggdrasil_engine.engine import UnleashEngine

from flagstaff.commands.url_import import TOKEN_VARIABLE
from flagstaff.commands.verify import TOKENS_VARIABLE
from flagstaff.unleash_server import client
from flagstaff.unleash_server.contexts import generate_contexts
from flagstaff.unleash_server.spool import MAX_AGE, Spool
from rest_compat.sdk.payload import PayloadCache
from rest_compat.sdk.scopes import PayloadScope
from store import Store
from store.operations.tokens import hash_secret
from tests.flagstaff.outcome import Outcome
from tests.flagstaff.unleash_server.answering import RecordedServer, Reply

Flagstaff: TypeAlias = Callable[..., Outcome]

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HTML = Reply(200, b"<html>Log in</html>", {"Content-Type": "text/html; charset=utf-8"})
_VERSION = "/api/admin/ui-config"

pytestmark = pytest.mark.usefixtures("database_file")


@pytest.fixture(autouse=True)
def admin(monkeypatch: pytest.MonkeyPatch) -> None:
    """An admin token, and no delays between attempts."""
    monkeypatch.setenv(TOKEN_VARIABLE, "*:*.admin")
    monkeypatch.setattr(client, "FIRST_DELAY_S", 0.0)
    monkeypatch.setattr(client, "REQUESTS_PER_SECOND", 10_000)


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    return json.loads((DATA / "unleash-8.2.0-answers.json").read_text("utf-8"))


async def served(store: Store, environment: str) -> Any:
    """The body that SDKs get from the imported installation."""
    cache, scope = PayloadCache(), PayloadScope(environment, inline=False)
    await cache.prepare(store.snapshot, scope)
    return json.loads(b"".join(cache.payload(store.snapshot, scope).pieces))


def decisions(body: Any, contexts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of the official engine."""
    engine = UnleashEngine()
    engine.take_state(json.dumps(body))
    return [
        {
            name: (
                bool(engine.is_enabled(name, context).is_enabled),
                engine.get_variant(name, context).variant.name,
            )
            for name in sorted(feature["name"] for feature in body["features"])
        }
        for context in contexts
    ]


def test_a_server_is_imported_and_the_official_engine_evaluates_as_before(
    flagstaff: Flagstaff, database_file: Path, answers: dict[str, Any]
) -> None:
    with RecordedServer(answers) as server:
        outcome = flagstaff("import", "--from-unleash", server.url)

    assert outcome.status == 0, outcome.err
    assert "from Unleash 8.2.0" in outcome.out
    asyncio.run(check_import(database_file, answers))


async def check_import(database_file: Path, answers: dict[str, Any]) -> None:
    """Check the evaluations, the archived toggles and the tokens."""
    store = await Store.open(f"sqlite:///{database_file}", background=False)
    try:
        for path, there in answers.items():
            if not path.startswith("/api/client"):
                continue
            # Without these fields, the engine decides by chance.
            contexts = [
                {"userId": "u", "sessionId": "s", **context}
                for context in generate_contexts([there], 60, now=NOW)
            ]
            here = await served(store, path.partition("#")[2])
            assert decisions(here, contexts) == decisions(there, contexts)
        archived = [toggle for toggle in store.snapshot.toggles.values() if toggle.archived]
        assert len(archived) == 3
        assert any(
            configured.strategies
            for toggle in archived
            for configured in toggle.environments.values()
        )
        secrets = answers["/api/admin/api-tokens"]["tokens"]
        hashes = {hash_secret(each["secret"]) for each in secrets}
        assert set(store.snapshot.tokens_by_hash) == hashes
    finally:
        await store.close()


@pytest.mark.thorough
def test_a_dry_run_shows_the_difference_and_the_import_reads_nothing_again(
    flagstaff: Flagstaff, answers: dict[str, Any], tmp_path: Path
) -> None:
    with RecordedServer(answers) as server:
        tried = flagstaff("import", "--from-unleash", server.url, "--dry-run")
        before = len(server.requests)
        outcome = flagstaff("import", "--from-unleash", f"{server.url}/api/")
        after = [path for path, _ in server.requests[before:]]

    assert "+ toggle 'archived-0'" in tried.out
    assert "The server shows 4 API tokens." in tried.out
    assert "Imported 4 API tokens, with the same secrets as before." in outcome.out
    assert after == ["/api/admin/api-tokens"]
    assert [token for _, token in server.requests] == ["*:*.admin"] * len(server.requests)
    assert list(tmp_path.glob("*.jsonl")) == []


def test_an_interrupted_import_goes_on_where_it_stopped(
    flagstaff: Flagstaff, answers: dict[str, Any]
) -> None:
    with RecordedServer(answers) as server:
        server.script = lambda number, _: Reply(503) if number > 20 else None
        failed = flagstaff("import", "--from-unleash", server.url)
        before = {path for path, _ in server.requests[:20]}
        asked = len(server.requests)
        server.script = lambda _number, _path: None
        outcome = flagstaff("import", "--from-unleash", server.url)

    assert failed.status == 1
    assert "answers 503. The answers so far are in unleash-127.0.0.1-" in failed.err
    assert outcome.status == 0
    assert "Going on with 20 answers" in outcome.err
    assert not before & {path for path, _ in server.requests[asked:]}


def test_a_server_that_asks_to_wait_is_waited_for(
    flagstaff: Flagstaff, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(client, "sleep", waits.append)
    busy = Reply(429, b"", {"Retry-After": "7"})
    with RecordedServer(answers) as server:
        server.script = lambda number, _: busy if number == 3 else None
        outcome = flagstaff("import", "--from-unleash", server.url)

    assert outcome.status == 0
    assert [wait for wait in waits if wait >= 1] == [7.0]
    assert "answers 429. Trying again in 7 s." in outcome.err


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (
            Reply(401, b'{"message":"You must log in"}'),
            "(401). It must be an admin token. The server says: You",
        ),
        (
            Reply(403, b'{"details":[{"message":"You need permission=ADMIN"}]}'),
            "(403). It must be an admin token. The server says: You need permission=ADMIN",
        ),
        (HTML, "answers 200 with text/html instead of JSON"),
        (Reply(302, b"", {"Location": "/login"}), "redirects to /login"),
        (Reply(404, b"{}"), "does not exist"),
        (Reply(400, b'{"message":"No"}'), "answers 400. The server says: No"),
        (Reply(429, b"", {"Retry-After": "4000"}), "It asks to wait 4,000 seconds"),
        (Reply(200, b"{}"), "does not say its version"),
        (Reply(200, b'{"version":"9.0.0"}'), "runs Unleash 9.0.0"),
        (Reply(200, b'{"version":"4.18.0"}'), "Import its state export"),
    ],
)
def test_what_is_wrong_with_a_server_is_said_in_one_line(
    flagstaff: Flagstaff, tmp_path: Path, reply: Reply, said: str
) -> None:
    with RecordedServer({}, lambda _number, _path: reply) as server:
        outcome = flagstaff("import", "--from-unleash", server.url)

    assert outcome.status == 1
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert "*:*.admin" not in outcome.err


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/admin/segments", {"segments": 1}),
        ("/api/admin/environments", {"environments": [{}]}),
        ("/api/admin/context", {"a": 1}),
    ],
)
def test_answers_in_another_form_are_refused_and_nothing_is_imported(
    flagstaff: Flagstaff, answers: dict[str, Any], path: str, body: Any
) -> None:
    with RecordedServer({**answers, path: body}) as server:
        outcome = flagstaff("import", "--from-unleash", server.url)

    assert outcome.status == 1
    assert json.loads(flagstaff("export").out).get("toggles", []) == []


@pytest.mark.thorough
def test_tokens_that_the_token_may_not_read_are_left_out(
    flagstaff: Flagstaff, answers: dict[str, Any]
) -> None:
    forbidden = Reply(403, b"{}")
    with RecordedServer(
        answers, lambda _, path: forbidden if path.endswith("api-tokens") else None
    ) as server:
        outcome = flagstaff("import", "--from-unleash", server.url)

    assert outcome.status == 0
    assert "may not read API tokens, so none are imported" in outcome.out


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("ftp://a", "t", "is not the URL"),
        ("http://127.0.0.1:1", "", "needs an admin token"),
        ("http://127.0.0.1:1", "two words", "must be printable ASCII"),
        ("http://127.0.0.1:1", "t", "does not answer"),
    ],
)
def test_a_url_or_token_that_cannot_be_used_is_refused(
    flagstaff: Flagstaff, monkeypatch: pytest.MonkeyPatch, url: str, token: str, said: str
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, token)

    outcome = flagstaff("import", "--from-unleash", url)

    assert outcome.status == 1
    assert said in outcome.err


def test_old_answers_and_those_of_other_servers_are_read_again(tmp_path: Path) -> None:
    file = tmp_path / "spool"
    with Spool(file, "http://a", NOW) as spool:
        spool.add("/x", {"a": 1})
    with file.open("ab") as output:
        output.write(b'["/y", {"cut')

    def resumed(url: str, now: datetime) -> int:
        content = file.read_bytes()
        with Spool(file, url, now) as spool:
            found = spool.resumed
        file.write_bytes(content)
        return found

    assert file.stat().st_mode & 0o077 == 0
    assert resumed("http://a", NOW + MAX_AGE) == 1
    assert resumed("http://a", NOW + MAX_AGE + timedelta(seconds=1)) == 0
    assert resumed("http://b", NOW) == 0


@pytest.mark.thorough
def test_a_comparison_says_equal_or_each_difference(
    flagstaff: Flagstaff, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flagstaff.commands.verify.CONTEXTS", 50)
    monkeypatch.setenv(TOKENS_VARIABLE, "*:production.secret")
    there = json.loads(json.dumps(answers["/api/client/features#production"]))
    with RecordedServer({**answers, "/api/client/features": there}) as server:
        equal = flagstaff("import", "--from-unleash", server.url, "--verify", server.url)
        changed = there["features"][0]
        changed["enabled"] = not changed["enabled"]
        changed["strategies"] = []
        there["features"].append({"name": "new", "enabled": True})
        server.answers["/api/client/features"] = there
        different = flagstaff("import", "--verify", server.url)
        reported = flagstaff("import", "--verify", server.url, "--json")
        monkeypatch.setenv(TOKENS_VARIABLE, "*:nowhere.secret")
        unknown = flagstaff("import", "--verify", server.url)
        server.answers["/api/client/features"] = {"features": [{}]}
        monkeypatch.setenv(TOKENS_VARIABLE, "production=secret")
        broken = flagstaff("import", "--verify", server.url)

    assert equal.status == 0
    assert "Environment 'production': equal." in equal.out
    assert different.status == 1
    assert f"  '{changed['name']}' is " in different.out
    assert "Only the Unleash server has the toggles 'new'." in different.out
    (verdict,) = json.loads(reported.out)
    assert verdict["only_there"] == ["new"]
    assert {each["toggle"] for each in verdict["differences"]} >= {changed["name"]}
    assert (unknown.status, broken.status) == (2, 2)
    assert "no environment 'nowhere'" in unknown.err
    assert "answers in another form" in broken.err
