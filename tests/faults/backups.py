"""Back up a busy server, restore the file into both databases, and compare them.

    python -m tests.faults.backups [--toggles 2000] [--database sqlite|postgresql|all]

`--database` chooses the database of the busy server. Clients create toggles and report usage
before, during and after `flagstaff backup`, and then the server is killed. The program restores the
file into an empty SQLite file and an empty PostgreSQL database, and starts a server on each. It
exits with 1 if a write is missing that was acknowledged before the backup began, if the exports or
the audit logs of both databases differ, if tokens or webhooks do not work, or if a damaged file is
restored.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL, CompletedProcess, run
from typing import Any

import httpx
from msgspec import Struct

from tests.faults.kills import DATABASES, empty_databases
from tests.faults.load import Load, lost_usages, stored_toggles
from tests.filling import Size, fill
from tests.receiver import Receiver
from tests.server import ADMIN_TOKEN, CLIENT_TOKEN, ROOT, TOKENS, ForkedServer, without_settings
from tests.waiting import wait_until

BACKUP = "backup.gz"
DAMAGED = "damaged.gz"
COMMAND_S = 300
# The server continues to get writes for this time after a backup.
AFTERWARDS_S = 0.5
EVENTS = """
query Events($after: String) {
  events(first: 500, after: $after) {
    nodes { number revision type createdAt summary actor { name } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
WEBHOOK = "TOGGLE_UPDATED"


class RestoredServer(ForkedServer):
    """A server that gets no tokens from its settings; its database has them."""

    @property
    def admin_token(self) -> str:
        """The admin token of the server that was backed up."""
        return ADMIN_TOKEN

    @property
    def client_token(self) -> str:
        """The client token of the server that was backed up."""
        return CLIENT_TOKEN


class Restored(Struct, frozen=True):
    """The content of a restored database, and what is missing in it."""

    export: dict[str, Any]
    events: list[Any]
    problems: list[str]


class Outcome(Struct, frozen=True):
    """A backup with the figures of its run, and what is wrong with it."""

    printed: str
    seconds: float
    bytes: int
    created_before: int
    created_during: int
    events: int
    problems: list[str]


def back_up_under_load(folder: Path, url: str, targets: Mapping[str, str], toggles: int) -> Outcome:
    """Back up a busy server with the database at `url`, and restore it into other databases.

    The keys of `targets` name the databases, the values are their URLs.
    """
    # The clients report usage.
    asyncio.run(fill(url, Size(toggles, 0, 10)))
    with Receiver() as receiver:
        with ForkedServer(folder, **_variables(url), **TOKENS) as server:
            secret = _create_webhook(server, receiver.url)
            load, saved, seconds, during = asyncio.run(_load_and_back_up(server, folder, url))
        problems = [] if saved.returncode == 0 else [f"the backup failed: {saved.stderr}"]
        if not during:
            problems.append("nothing was written during the backup")
        content = (folder / BACKUP).read_bytes()
        middle = len(content) // 2
        changed = bytes([content[middle] ^ 255])
        (folder / DAMAGED).write_bytes(content[:middle] + changed + content[middle + 1 :])
        restored: list[Restored] = []
        for name, target in targets.items():
            own = folder / name
            own.mkdir()
            restored.append(_restore(own, target, load, receiver, secret))
            problems += [f"{name}: {problem}" for problem in restored[-1].problems]
    problems += _differences(restored)
    return Outcome(
        printed=saved.stdout.strip(),
        seconds=seconds,
        bytes=len(content),
        created_before=len(load.created),
        created_during=during,
        events=len(restored[0].events),
        problems=problems,
    )


async def _load_and_back_up(
    server: ForkedServer, folder: Path, url: str
) -> tuple[Load, CompletedProcess[str], float, int]:
    """Write to a server, back it up meanwhile, and kill it.

    Return the writes that were acknowledged before the backup began, the backup, its duration, and
    the number of toggles that were created in this time.
    """
    async with httpx.AsyncClient(base_url=server.url, timeout=60, verify=False) as client:
        load = Load(client)
        await load.well_begun()
        created = set(load.created)
        reported = {name: set(names) for name, names in load.reported.items()}
        registered = set(load.registered)
        began_at = time.monotonic()
        saved = await asyncio.to_thread(_flagstaff, folder, url, "backup", BACKUP)
        seconds, during = time.monotonic() - began_at, len(load.created - created)
        await asyncio.sleep(AFTERWARDS_S)
        await asyncio.to_thread(server.kill)
        await load.ended()
    load.created, load.registered = created, registered
    load.reported.clear()
    load.reported.update(reported)
    return load, saved, seconds, during


def _restore(folder: Path, url: str, load: Load, receiver: Receiver, secret: str) -> Restored:
    """Restore the backup into an empty database, start a server on it, and look for losses."""
    problems: list[str] = []
    refused = _flagstaff(folder, url, "restore", f"../{DAMAGED}")
    if refused.returncode != 1 or "is damaged" not in refused.stderr:
        problems.append(f"a damaged file: {refused.returncode} {refused.stdout}{refused.stderr}")
    # This also shows that the damaged file has left the database empty.
    restored = _flagstaff(folder, url, "restore", f"../{BACKUP}", "--verify")
    if restored.returncode != 0:
        return Restored({}, [], [*problems, f"the restoration failed: {restored.stderr}"])
    export = json.loads(_flagstaff(folder, url, "export").stdout)
    del export["exportedAt"]
    with RestoredServer(folder, **_variables(url)) as server:
        events = [*_events(server)]
        problems += _losses(server, load)
        problems += _undelivered(server, receiver, secret)
    return Restored(export, events, problems)


def _losses(server: ForkedServer, load: Load) -> Iterator[str]:
    stored = stored_toggles(server)
    for name in sorted(load.created):
        if stored.get(name) != ["TOGGLE_CREATED"]:
            yield f"{name} has the events {stored.get(name)}"
    if lost := lost_usages(server, load):
        yield f"reported and lost: {sorted(lost)}"
    polled = httpx.get(f"{server.url}/api/client/features", headers={"Authorization": CLIENT_TOKEN})
    served = {feature["name"] for feature in polled.json().get("features", ())}
    if polled.status_code != 200 or not served >= load.created:
        yield f"a poll with the client token: {polled.status_code}, {len(served)} toggles"


def _undelivered(server: ForkedServer, receiver: Receiver, secret: str) -> Iterator[str]:
    """Change a toggle, and wait for the event that the restored webhook sends."""
    found = server.graphql("{ webhooks { name receiverUrl eventTypes enabled } }")["webhooks"]
    expected = {"name": "receiver", "receiverUrl": receiver.url, "eventTypes": [WEBHOOK]}
    if found != [{**expected, "enabled": True}]:
        yield f"webhooks: {found}"
        return
    count = len(receiver.messages)
    server.graphql(
        "mutation ($input: ToggleUpdateInput!) "
        "{ toggleUpdate(input: $input) { errors { message } } }",
        input={"name": "t-0-0", "description": "restored"},
    )
    wait_until(lambda: len(receiver.messages) > count)
    message = receiver.messages[count]
    if not message.is_signed_with(secret) or message.json["toggle"] != "t-0-0":
        yield f"the webhook sent {message}"


def _differences(restored: list[Restored]) -> Iterator[str]:
    first, *others = restored
    for other in others:
        for key in first.export.keys() | other.export.keys():
            if first.export.get(key) != other.export.get(key):
                yield f"the exports have different {key}"
        if other.events != first.events:
            yield "the audit logs differ"


def _events(server: ForkedServer) -> Iterator[Any]:
    after: str | None = None
    while True:
        page = server.graphql(EVENTS, after=after)["events"]
        yield from page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return


def _create_webhook(server: ForkedServer, url: str) -> str:
    made = server.graphql(
        "mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) { secret } }",
        input={"name": "receiver", "receiverUrl": url, "eventTypes": [WEBHOOK]},
    )
    return made["webhookCreate"]["secret"]


def _variables(url: str) -> dict[str, str]:
    return {"FLAGSTAFF_DATABASE_URL": url, "FLAGSTAFF_WEBHOOK_NETWORKS": "127.0.0.0/8"}


def _flagstaff(folder: Path, url: str, *arguments: str) -> CompletedProcess[str]:
    environment = {**without_settings(os.environ), "PYTHONPATH": str(ROOT), **_variables(url)}
    return run(
        [sys.executable, "-m", "flagstaff", *arguments],
        cwd=folder,
        env=environment,
        stdin=DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
    )


def main() -> int:
    """Back up servers, report the results and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.faults.backups", description=__doc__)
    parser.add_argument("--toggles", type=int, default=2_000, help="how many toggles exist before")
    parser.add_argument("--database", choices=(*DATABASES, "all"), default="all")
    options = parser.parse_args()
    databases = DATABASES if options.database == "all" else (options.database,)
    problems = 0
    with ExitStack() as stack:
        url_in = {name: stack.enter_context(empty_databases(name)) for name in DATABASES}
        for database in databases:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flagstaff-")))
            targets = {name: url_in[name](folder / name) for name in DATABASES}
            outcome = back_up_under_load(
                folder, url_in[database](folder), targets, toggles=options.toggles
            )
            problems += len(outcome.problems)
            print(
                f"{database}: {outcome.printed} {outcome.bytes:,} bytes in "
                f"{outcome.seconds:.1f} s; {outcome.created_before} toggles were created before, "
                f"{outcome.created_during} during the backup; {outcome.events} events; "
                f"{outcome.problems or 'both restored databases are equal and complete'}",
                flush=True,
            )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
