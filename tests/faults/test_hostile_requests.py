"""No malformed request breaks the server: a random sample for each endpoint."""

import asyncio
from random import Random

import pytest

from store import Store
from tests.conftest import DATABASES
from tests.faults.hostile.attacks import huge_attacks
from tests.faults.hostile.endpoints import endpoints
from tests.faults.hostile.running import Run, held_by, send_names, send_some_to_each
from tests.faults.hostile.sending import SocketSender
from tests.faults.hostile.site import Site
from tests.faults.hostile.uploads import TRACE_FILE
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, Server

SEED = 20
TO_EACH = 4
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


@pytest.mark.slow
async def test_malformed_requests_break_nothing(site: Site, store: Store, database: str) -> None:
    run = Run(site, held=lambda: held_by(store))

    chance = Random(f"{database} {SEED}")
    await send_some_to_each(run, site, endpoints(), chance, maximum=TO_EACH)
    await store.aggregate_now()
    await run.look()

    assert run.findings.problems == [], str(run.findings)
    assert run.findings.sent == TO_EACH * len(endpoints())
    assert not TRACE_FILE.exists()


@pytest.mark.thorough
@pytest.mark.slow
async def test_odd_names_are_refused_or_leave_everything_working(
    site: Site, store: Store, database: str
) -> None:
    run, chance = Run(site, held=lambda: held_by(store)), Random(f"{database} {SEED}")

    # To save time, a name is sent to half of the endpoints on each kind of database.
    for turn, name in enumerate(NAMES, start=DATABASES.index(database)):
        await send_names(run, site, endpoints()[turn % 2 :: 2], [name], chance)
    await store.aggregate_now()
    await run.look()

    assert run.findings.problems == [], str(run.findings)
    assert min(run.findings.statuses[status] for status in (200, 202, 400)) > len(NAMES)


@pytest.mark.thorough
@pytest.mark.slow
def test_a_server_takes_what_is_no_http_and_bodies_without_end(server: Server) -> None:
    problems = asyncio.run(attack_with_bytes(server))

    assert problems == []
    assert "Traceback" not in server.log
    assert "X-Injected" in server.log
    assert not [line for line in server.log.splitlines() if line.startswith("X-Injected")]


async def attack_with_bytes(server: Server) -> list[str]:
    """Send garbage and bodies that exceed every limit. Return the errors in the answers."""
    sender = SocketSender(server.url)
    site = Site(sender, endpoints(), admin=ADMIN_TOKEN, client=CLIENT_TOKEN)
    await site.prepare()
    run = Run(site)
    before_mb = server.memory_mb()
    for garbage in GARBAGE:
        reply = await sender.exchange(garbage)
        # If data cannot be distinguished from the next request, the server closes the connection.
        if reply is not None and reply.status not in (200, 400, 401, 404):
            run.findings.problems.append(f"{garbage!r} is answered {reply}")
    bodies = [
        item for item in endpoints() if item.takes_files or item.template == "/api/client/metrics"
    ]
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
