"""No request, however malformed, breaks anything: a sample, made from a seed, for each endpoint."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from flagstaff.app import compose
from flagstaff.bootstrap import provide_tokens
from flagstaff.settings import Settings
from store import Store
from store.model import SYSTEM
from store.operations.toggles import archive_toggle
from store.operations.tokens import revoke_token
from store.snapshot import Configuration
from tests.faults.hostile.attacks import huge_attacks
from tests.faults.hostile.endpoints import endpoints
from tests.faults.hostile.running import Run, send_names, send_some_to_each
from tests.faults.hostile.sending import AsgiSender, Attack, Reply, SocketSender
from tests.faults.hostile.site import Site, problem_of
from tests.faults.hostile.uploads import TRACE_FILE
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, TOKENS, Server

SEED = 20
TO_EACH = 8
NAMES = (
    "__proto__",
    "constructor",
    "<script>alert(1)</script>",
    "\u202eesrever",
    "🚀",
    "x" * 101,
    "..",
    "a/b",
    "a\x00b",
    "a\r\nX-Injected: yes",
    "\ud800",
    "",
)
_POST = b"POST /api/client/metrics HTTP/1.1\r\nhost: a\r\n"
GARBAGE = (
    b"\x00" * 100 + b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500 + b"\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /api/admin/features\xff HTTP/1.1\r\nhost: a\r\n\r\n",
    b"GET http://localhost/../../etc/passwd HTTP/1.1\r\nhost: a\r\n\r\n",
    _POST + b"content-length: -1\r\n\r\n{}",
    _POST + b"content-length: 9x\r\n\r\n{}",
    _POST + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}x",
    _POST + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    _POST + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}",
    b"GET /api/admin/%0d%0aX-Injected:%20yes HTTP/1.1\r\nhost: a\r\n\r\n",
    b"GET /health HTTP/1.1\r\nhost: a\r\n folded: b\r\n\r\n",
    b"GET /health HTTP/1.1\r\nhost: a\r\nna me: b\r\n\r\n",
)


@pytest.fixture
async def site(store: Store, no_settings: None) -> Site:
    """The whole application, with what must not be harmed."""
    settings = Settings(init_admin_tokens=(ADMIN_TOKEN,), init_client_tokens=(CLIENT_TOKEN,))
    await provide_tokens(store, settings)
    sender = AsgiSender(compose(store, settings))
    site = Site(sender, endpoints(), admin=ADMIN_TOKEN, client=CLIENT_TOKEN)
    await site.prepare()
    return site


def held_by(store: Store) -> list[object]:
    """The whole configuration; unlike revisions, it does not change when usage is folded."""
    return [getattr(store.snapshot, kind) for kind in Configuration.__struct_fields__]


@pytest.mark.slow
async def test_malformed_requests_break_nothing(site: Site, store: Store) -> None:
    run = Run(site, held=lambda: held_by(store))

    await send_some_to_each(run, site, endpoints(), Random(SEED), most=TO_EACH)
    await store.fold_now()
    await run.look()

    assert run.findings.problems == [], str(run.findings)
    assert run.findings.sent == TO_EACH * len(endpoints())
    assert not TRACE_FILE.exists()


@pytest.mark.slow
async def test_odd_names_are_refused_or_leave_everything_working(site: Site, store: Store) -> None:
    run = Run(site, held=lambda: held_by(store))

    await send_names(run, site, endpoints(), NAMES, Random(SEED))
    await store.fold_now()
    await run.look()

    assert run.findings.problems == [], str(run.findings)
    assert min(run.findings.statuses[status] for status in (200, 202, 400)) > len(NAMES)


@pytest.mark.slow
def test_a_server_takes_what_is_no_http_and_bodies_without_end(tmp_path: Path) -> None:
    with Server(tmp_path, FLAGSTAFF_ACCESS_LOG="true", **TOKENS) as server:
        problems = asyncio.run(attack_with_bytes(server))
        status = server.stop()

    assert problems == []
    assert status == 0
    assert "Traceback" not in server.log
    assert "X-Injected" in server.log
    assert not [line for line in server.log.splitlines() if line.startswith("X-Injected")]


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


async def attack_with_bytes(server: Server) -> list[str]:
    """Send garbage, and bodies over every limit; what was wrong with the answers."""
    sender = SocketSender(server.url)
    site = Site(sender, endpoints(), admin=ADMIN_TOKEN, client=CLIENT_TOKEN)
    await site.prepare()
    run = Run(site)
    before_mb = server.memory_mb()
    for garbage in GARBAGE:
        reply = await sender.exchange(garbage)
        # What cannot be told from the next request is answered by hanging up.
        if reply is not None and reply.status not in (200, 400, 401, 404):
            run.findings.problems.append(f"{garbage!r} is answered {reply}")
    bodies = [it for it in endpoints() if it.takes_files or it.template == "/api/client/metrics"]
    for endpoint in bodies:
        for attack in huge_attacks(endpoint, site.credentials(endpoint)):
            await run.attack(attack)
            run.findings.problems += filter(None, [await site.healthy()])
    await run.look()
    if set(run.findings.statuses) != {413}:
        run.findings.problems.append(f"the statuses are {run.findings.statuses}")
    if server.memory_mb() > before_mb + 60:
        run.findings.problems.append(f"{before_mb} MB have become {server.memory_mb()}")
    return run.findings.problems
